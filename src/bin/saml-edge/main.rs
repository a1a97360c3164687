//! The command line, for operators and for tests. It runs the Worker's own code.
//!
//! Exit codes: 0 for yes, 1 for a refusal with its code or for findings, 2 for usage and unreadable
//! input.

mod check_config;
mod input;
mod keygen;
mod kv_bulk;
mod metadata;
mod secrets_file;
mod self_signed;
mod verify;
mod wrangler;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::input::{Answer, complain};

/// SAML single sign-on at the edge: verify responses, read metadata, make secrets, check a
/// deployment and its accounts.
#[derive(Parser)]
#[command(name = "saml-edge", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(verify::Arguments),
    Metadata(metadata::Arguments),
    Keygen(keygen::Arguments),
    KvBulk(kv_bulk::Arguments),
    CheckConfig(check_config::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Metadata(arguments) => metadata::run(&arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::KvBulk(arguments) => kv_bulk::run(&arguments),
        Command::CheckConfig(arguments) => check_config::run(&arguments),
    };
    outcome.and_then(Answer::print).unwrap_or_else(|unreadable| {
        complain(&format!("saml-edge: {unreadable}"));
        ExitCode::from(2)
    })
}
