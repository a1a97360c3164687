mod account_erasure;
mod accounts;
mod api;
mod audit_events;
mod erasure;
pub(crate) mod metadata;
mod metadata_refresh;
mod sessions;
mod users;
