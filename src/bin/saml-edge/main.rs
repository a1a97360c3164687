//! The command line: the Worker's own code, for operators and for tests.
//!
//! Exit codes: 0 for yes, 1 for a refusal with its code, 2 for usage and unreadable input.

mod input;
mod keygen;
mod metadata;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// SAML single sign-on at the edge: verify responses, read metadata, make secrets.
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
    /// Make fresh secrets, ready for .dev.vars or `wrangler secret bulk`
    Keygen,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Metadata(arguments) => metadata::run(&arguments),
        Command::Keygen => keygen::run(),
    };
    outcome.unwrap_or_else(|unreadable| {
        eprintln!("saml-edge: {unreadable}");
        ExitCode::from(2)
    })
}
