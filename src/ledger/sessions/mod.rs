//! The sessions of an account.

pub(crate) mod end;
pub(crate) mod idp_session;
pub(crate) mod list;
pub(crate) mod session;
