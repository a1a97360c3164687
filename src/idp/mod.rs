//! Messages to and from an IdP, the claims in them, and the proof of a sign-in.

pub(crate) mod claims;
pub(crate) mod outbound;
pub(crate) mod principal;
pub(crate) mod refusal_events;
pub(crate) mod sp_metadata;
pub(crate) mod verify;
