//! The audit log: what was done to an account, by whom, when, and from what to what (row G6).

pub(crate) mod action;
pub(crate) mod actor;
pub(crate) mod cause;
pub(crate) mod entry;
pub(crate) mod journal;
pub(crate) mod log;
pub(crate) mod record;
pub(crate) mod retention;
