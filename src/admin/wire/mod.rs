//! The JSON of the admin API, in both directions, and the HTTP rules that all its resources share.

pub(crate) mod account;
pub(crate) mod body;
pub(crate) mod call;
pub(crate) mod conditions;
pub(crate) mod lists;
pub(crate) mod metadata;
pub(crate) mod paging;
pub(crate) mod problem;
pub(crate) mod setup_link;
