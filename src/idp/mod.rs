//! What is said to an IdP, and what is heard from it.

pub(crate) mod claims;
pub(crate) mod outbound;
pub(crate) mod principal;
pub(crate) mod refusal_events;
pub(crate) mod sp_metadata;
pub(crate) mod verify;
