//! From the IdP’s POST to a session (Profiles §4.1.4.3 to §4.1.4.5).

pub(crate) mod flow;
pub(crate) mod message;
pub(crate) mod posted;
pub(crate) mod posted_again;
