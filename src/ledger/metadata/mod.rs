//! Metadata over time: what is published at its URL, and when its certificates expire.

pub(crate) mod expiries;
pub(crate) mod refresh_state;
