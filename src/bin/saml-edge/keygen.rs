//! `saml-edge keygen`

use std::process::ExitCode;

use clap::Args;
use saml_edge::service::dotenv;

use crate::input::{Unreadable, draw, now};
use crate::self_signed::key_and_certificate;

/// Make fresh secrets, ready for .dev.vars or `wrangler secret bulk`
#[derive(Args)]
pub(crate) struct Arguments {
    /// Make `SP_KEYS` instead of `SESSION_KEYS` and `TOKEN_KEYS`: an RSA key, and a certificate that
    /// names this host and ends after ten years
    #[arg(long, value_name = "HOST", value_parser = parse_host)]
    sp: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Unreadable> {
    let lines = match &arguments.sp {
        Some(host) => format!("SP_KEYS='{}'\n", key_and_certificate(host, now())?),
        None => session_and_token_keys()?,
    };
    print!("{lines}");
    Ok(ExitCode::SUCCESS)
}

fn session_and_token_keys() -> Result<String, Unreadable> {
    loop {
        if let Some(lines) = dotenv(&draw()?, &draw()?) {
            return Ok(lines);
        }
    }
}

fn parse_host(text: &str) -> Result<String, String> {
    let allowed = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-');
    let is_host = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
    is_host
        .then(|| text.to_owned())
        .ok_or_else(|| String::from("not a host such as app.example.com"))
}
