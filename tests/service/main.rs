//! The service over fakes: whole requests in, whole answers out.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]

mod account;
mod acs;
mod admin;
#[path = "../common/mod.rs"]
mod common;
mod config;
mod crypto;
mod gate;
mod http;
mod idp;
mod jobs;
mod ledger;
mod logout;
mod rate;
mod report;
mod session;
mod settings;
mod signin;
#[path = "../sqlite/mod.rs"]
mod sqlite;
mod support;
mod worker;

use support::{fakes, ledgers};
