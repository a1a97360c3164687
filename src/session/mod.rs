//! Who is signed in, and where.

pub(crate) mod confirm;
pub(crate) mod current;
pub(crate) mod device;
pub(crate) mod devices;
pub(crate) mod issue;
pub(crate) mod last_account;
pub(crate) mod pages;
