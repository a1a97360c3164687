#[path = "../../../src/ledger/schema/steps.rs"]
mod schema;

mod audit_retention;
#[expect(clippy::indexing_slicing, reason = "JSON, by its names")]
mod changes;
mod gradual_deployment;
mod migrations;
mod users;
