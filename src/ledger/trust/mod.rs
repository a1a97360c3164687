//! What an account trusts, as its ledger has seen it, and what ends when that narrows.

pub(crate) mod narrowing;
pub(crate) mod sightings;
