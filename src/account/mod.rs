//! What is done to an account: loading and changing it, its place at its IdP, its journal.

pub(crate) mod addresses;
pub(crate) mod change;
pub(crate) mod change_limit;
pub(crate) mod directory;
pub(crate) mod entity_id_claim;
pub(crate) mod erasure;
pub(crate) mod journal;
pub(crate) mod load;
pub(crate) mod refresh;
