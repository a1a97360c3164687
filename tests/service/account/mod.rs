pub(crate) mod entity_id_claim;
mod entity_id_owner;
mod metadata_address;
mod metadata_fetch;
pub(crate) mod refresh;
