#[path = "../../../src/ledger/schema.rs"]
mod schema;

#[expect(clippy::indexing_slicing, reason = "JSON, by its names")]
mod changes;
mod gradual_deployment;
mod migrations;
mod retention;
mod users;
