//! Signing out, here and at the IdP (Profiles §4.4).

pub(crate) mod page;
pub(crate) mod sign_out;
pub(crate) mod slo;
