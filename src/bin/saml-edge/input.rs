//! What every command takes in, and how it answers.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fmt, fs};

use clap::ValueEnum;
use saml_edge::error::Refusal;
use saml_edge::saml::IdpMetadata;
use saml_edge::service::RsaKeys;
use saml_edge::time::UnixTime;
use serde_json::{Value, json};

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    /// What was asked for, or text for people and JSON for programs.
    pub(crate) fn or_default(format: Option<Self>) -> Self {
        let default = if io::stdout().is_terminal() { Self::Text } else { Self::Json };
        format.unwrap_or(default)
    }
}

/// Input that cannot be read, in words; exit code 2.
#[derive(Debug)]
pub(crate) struct Unreadable(pub(crate) String);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The octets of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let mut octets = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut octets).map(|_| octets)
    } else {
        fs::read(path)
    };
    outcome.map_err(|error| Unreadable(format!("{}: {error}", path.display())))
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<Result<String, Refusal>, Unreadable> {
    Ok(String::from_utf8(read(path)?).map_err(|_| Refusal::NotUtf8))
}

/// The metadata of the IdP with this entity id, or of the only one.
pub(crate) fn parse_metadata(xml: &str, idp: Option<&str>) -> Result<IdpMetadata, Refusal> {
    idp.map_or_else(|| IdpMetadata::parse(xml), |idp| IdpMetadata::parse_entity(xml, idp))
}

/// The private keys in PEM files.
pub(crate) fn read_keys(paths: &[PathBuf]) -> Result<RsaKeys, Unreadable> {
    let mut pems = Vec::new();
    for path in paths {
        let pem = String::from_utf8(read(path)?);
        pems.push(pem.map_err(|_| Unreadable(format!("{}: not a PEM file", path.display())))?);
    }
    RsaKeys::from_pems(pems.iter().map(String::as_str)).ok_or_else(|| {
        Unreadable(String::from(
            "--sp-key: not an RSA key of 2048 bits or more in PKCS#8 or PKCS#1",
        ))
    })
}

/// Random octets.
pub(crate) fn draw() -> Result<[u8; 32], Unreadable> {
    let mut octets = [0; 32];
    match getrandom::fill(&mut octets) {
        Ok(()) => Ok(octets),
        Err(error) => Err(Unreadable(format!("no entropy: {error}"))),
    }
}

/// Prints a refusal; exit code 1.
pub(crate) fn refuse(refusal: Refusal, format: Format) -> ExitCode {
    let (code, detail) = (refusal.code(), refusal.to_string());
    match format {
        Format::Text => println!("refused: {code}\n{detail}"),
        Format::Json => print_json(&json!({"outcome": "refused", "code": code, "detail": detail})),
    }
    ExitCode::from(1)
}

/// Prints one line of JSON.
pub(crate) fn print_json(value: &Value) {
    println!("{value}");
}

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "a command is where the clock is read")]
pub(crate) fn now() -> UnixTime {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_seconds(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
}
