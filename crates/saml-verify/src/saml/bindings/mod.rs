//! The HTTP Redirect and HTTP POST bindings (Bindings §3.4, §3.5), in both directions.

pub(crate) mod incoming;
pub(crate) mod outgoing;
pub(crate) mod post;
pub(crate) mod redirect;
pub(crate) mod signed_query;
