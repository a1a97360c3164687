mod accounts;
mod api;
mod erasure;
pub(crate) mod metadata;
mod metadata_refresh;
