//! `saml-edge keygen`

use std::path::{Path, PathBuf};

use clap::Args;
use saml_edge::{FreshKeys, Rotated, Secret, complete, rotate};
use url::Url;

use crate::input::{Answer, Unreadable, draw, now, read};
use crate::secrets_file::{overwrite, replace};
use crate::self_signed::key_and_certificate;
use crate::wrangler::Wrangler;

/// Make fresh secrets, ready for .dev.vars or `wrangler secret bulk`: `SESSION_KEYS`, `TOKEN_KEYS`,
/// and `SP_KEYS`, an RSA key with a certificate that ends after ten years
#[derive(Args)]
pub(crate) struct Arguments {
    /// Rotate `SESSION_KEYS` and `TOKEN_KEYS` in this file of secrets by one key, and keep a copy
    /// of the file beside it, with .old at the end of its name
    #[arg(long, value_name = "FILE", conflicts_with_all = ["add_to", "admin_token", "sp"])]
    rotate: Option<PathBuf>,
    /// Add to this file the secrets that it lacks, instead of printing all. Those it has stay
    #[arg(long, value_name = "FILE")]
    add_to: Option<PathBuf>,
    /// Make `ADMIN_TOKEN` as well
    #[arg(long)]
    admin_token: bool,
    /// The host that the certificate names, instead of that of `BASE_URL`
    #[arg(long, value_name = "HOST", value_parser = parse_host)]
    sp: Option<String>,
    /// The environment whose `BASE_URL` it is
    #[arg(long, value_name = "NAME", default_value = "production")]
    env: String,
    /// wrangler's configuration
    #[arg(long, value_name = "FILE", default_value = "wrangler.toml")]
    config: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Answer, Unreadable> {
    let lines = match (&arguments.rotate, &arguments.add_to) {
        (Some(path), _) => rotate_file(path)?,
        (None, Some(path)) => vec![add_to_file(path, &make(arguments)?)?],
        (None, None) => {
            let secrets = make(arguments)?;
            secrets.iter().map(|it| it.to_string().trim_end().to_owned()).collect()
        }
    };
    Ok(Answer::yes(lines))
}

fn make(arguments: &Arguments) -> Result<Vec<Secret>, Unreadable> {
    let host = match &arguments.sp {
        Some(host) => host.clone(),
        None => base_host(arguments).map_err(|Unreadable(reason)| {
            Unreadable(format!("{reason}; --sp HOST names the certificate's host instead"))
        })?,
    };
    let mut secrets = Vec::from(Secret::lists(fresh()?, fresh()?));
    secrets.push(Secret::sp_keys(key_and_certificate(&host, now())?));
    if arguments.admin_token {
        secrets.push(Secret::admin_token(draw()?));
    }
    Ok(secrets)
}

/// The host of the environment's `BASE_URL`.
fn base_host(arguments: &Arguments) -> Result<String, Unreadable> {
    let wrangler = Wrangler::read(&arguments.config)?;
    let environment = wrangler.environment(&arguments.env)?;
    let base = environment.vars().find(|(name, _)| *name == "BASE_URL");
    let base = base.and_then(|(_, value)| Url::parse(value.as_str()?).ok());
    let host = base.and_then(|base| parse_host(base.host_str()?).ok());
    host.ok_or_else(|| {
        let env = &arguments.env;
        Unreadable(format!("[env.{env}.vars] has no BASE_URL with a host"))
    })
}

/// Adds the secrets that the file lacks. Returns a line about it without any secret.
fn add_to_file(path: &Path, secrets: &[Secret]) -> Result<String, Unreadable> {
    let mut text = read_secrets(path)?;
    let added = complete(&mut text, secrets);
    if added.is_empty() {
        return Ok(format!("{}: has all of them", path.display()));
    }
    overwrite(path, &text)?;
    Ok(format!("{}: added {}", path.display(), added.join(", ")))
}

/// Rotates the keys in the file. Returns lines about it without any secret.
fn rotate_file(path: &Path) -> Result<Vec<String>, Unreadable> {
    let text = read_secrets(path)?;
    let rotated = rotate(&text, fresh()?);
    let Rotated { dotenv, not_yet } =
        rotated.map_err(|reason| unusable(path, &reason.to_string()))?;
    let old = replace(path, &text, &dotenv)?;
    let done = match not_yet.as_slice() {
        [] => String::from("rotated"),
        lists => format!(
            "{} had no next key and has one now; the current one stays until the next rotation",
            lists.join(", ")
        ),
    };
    let (path, old) = (path.display(), old.display());
    Ok(vec![
        format!("{path}: {done}"),
        format!("{old}: as it was; remove it when {path} is uploaded"),
    ])
}

fn read_secrets(path: &Path) -> Result<String, Unreadable> {
    String::from_utf8(read(path)?).map_err(|_| unusable(path, "not UTF-8"))
}

fn unusable(path: &Path, reason: &str) -> Unreadable {
    Unreadable(format!("{}: {reason}", path.display()))
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
