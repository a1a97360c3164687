//! From the IdP’s POST to a session (Profiles §4.1.4.3 to §4.1.4.5).

mod complete;
mod flow;
mod message;
pub(crate) mod posted;
mod posted_again;
pub(crate) mod reply;
