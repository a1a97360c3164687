//! Up to the IdP: the login page, the pending request, the AuthnRequest.

pub(crate) mod discovery;
pub(crate) mod login_page;
pub(crate) mod page;
pub(crate) mod pending;
pub(crate) mod start;
