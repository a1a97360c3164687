pub(crate) mod entity_id_claim;
mod metadata_fetch;
pub(crate) mod refresh;
