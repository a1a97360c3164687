//! `saml-edge keygen`

use std::path::{Path, PathBuf};

use clap::Args;
use saml_edge::service::{FreshKeys, Rotated, dotenv, rotate};

use crate::input::{Answer, Unreadable, draw, now, read};
use crate::secrets_file::replace;
use crate::self_signed::key_and_certificate;

/// Make fresh secrets, ready for .dev.vars or `wrangler secret bulk`
#[derive(Args)]
pub(crate) struct Arguments {
    /// Move `SESSION_KEYS` and `TOKEN_KEYS` in this file of secrets on by one key, and keep the file
    /// as it was beside it, with .old at its name's end
    #[arg(long, value_name = "FILE", conflicts_with = "sp")]
    rotate: Option<PathBuf>,
    /// Make `SP_KEYS` instead of `SESSION_KEYS` and `TOKEN_KEYS`: an RSA key, and a certificate that
    /// names this host and ends after ten years
    #[arg(long, value_name = "HOST", value_parser = parse_host)]
    sp: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let lines = match (&arguments.rotate, &arguments.sp) {
        (Some(path), _) => rotate_file(path)?,
        (None, Some(host)) => format!("SP_KEYS='{}'\n", key_and_certificate(host, now())?),
        (None, None) => dotenv(fresh()?, fresh()?),
    };
    Ok(Answer::yes(lines.lines().map(str::to_owned).collect()))
}

/// What has been done, in words that hold no secret.
fn rotate_file(path: &Path) -> Result<String, Unreadable> {
    let unusable = |reason: &str| Unreadable(format!("{}: {reason}", path.display()));
    let text = String::from_utf8(read(path)?).map_err(|_| unusable("not UTF-8"))?;
    let rotated = rotate(&text, fresh()?).map_err(|reason| unusable(&reason.to_string()))?;
    let Rotated { dotenv, not_yet } = rotated;
    let old = replace(path, &text, &dotenv)?;
    let done = match not_yet.as_slice() {
        [] => String::from("rotated"),
        lists => format!(
            "{} had no next key and has one now; the current one stays until the next rotation",
            lists.join(", ")
        ),
    };
    let (path, old) = (path.display(), old.display());
    Ok(format!("{path}: {done}\n{old}: as it was; remove it when {path} is uploaded\n"))
}

fn fresh() -> Result<FreshKeys, Unreadable> {
    loop {
        if let Some(keys) = FreshKeys::new(draw()?, draw()?) {
            return Ok(keys);
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
