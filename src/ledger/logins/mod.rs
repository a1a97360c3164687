//! What a login leaves: used assertions and requests, users, signing keys, refusals.

pub(crate) mod claim;
pub(crate) mod past_refusals;
pub(crate) mod signers;
pub(crate) mod users;
