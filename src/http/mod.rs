//! Requests, routes and answers. No feature is known here.

pub(crate) mod answer;
pub(crate) mod cookie;
pub(crate) mod elapsed;
pub(crate) mod entropy;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod links;
pub(crate) mod method;
pub(crate) mod page;
pub(crate) mod place;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod routes;
