//! Changes of what is stored for an account, one at a time, and its earlier versions.

pub(crate) mod exclusive;
pub(crate) mod put;
pub(crate) mod store;
pub(crate) mod turns;
pub(crate) mod versions;
