//! The service over fakes: whole requests in, whole answers out.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]

#[path = "../common/mod.rs"]
mod common;
mod fakes;
mod ledgers;
#[path = "../sqlite/mod.rs"]
mod sqlite;
mod world;

mod accounts_api;
mod admin;
mod answers;
mod branding;
mod cacheable;
mod claims;
mod config;
mod confirm;
mod devices;
mod discovery;
mod erasure;
mod events;
mod gate;
mod idp_initiated;
mod ledger_calls;
#[expect(clippy::indexing_slicing, reason = "JSON, by its names")]
mod ledger_changes;
mod login;
mod logout;
mod metadata_api;
mod metadata_fetch;
mod metadata_file;
mod nameless;
mod opened;
mod orders;
mod outbox;
mod pairs;
mod posted_again;
mod presence;
mod private_keys;
mod refresh;
mod refresh_api;
mod refusals;
mod report;
mod requests;
mod rotation;
mod routes;
mod session;
#[expect(clippy::indexing_slicing, reason = "a model of few states, by their places")]
mod session_ends;
mod settings;
mod settings_address;
mod settings_changes;
mod setup_links;
mod shared;
mod slo;
mod sp_metadata;
mod start;
mod upkeep;
mod users;
