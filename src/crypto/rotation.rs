//! Fresh secrets, and those that take the place of others.

use std::fmt;

use thiserror::Error;

use crate::crypto::keys::{Keys, SecretKey};
use crate::crypto::token::TokenKeys;
use crate::encoding::base64url_encode;

const SESSION_KEYS: &str = "SESSION_KEYS";
const TOKEN_KEYS: &str = "TOKEN_KEYS";

/// A fresh key for each of `SESSION_KEYS` and `TOKEN_KEYS`.
pub struct FreshKeys {
    session: SecretKey,
    token: SecretKey,
}

impl FreshKeys {
    /// From random octets. `None` where `token` is no P-256 scalar, once in four thousand million
    /// times: draw again.
    pub fn new(session: [u8; 32], token: [u8; 32]) -> Option<Self> {
        let token = SecretKey::new(token);
        p256::ecdsa::SigningKey::from_slice(token.octets()).ok()?;
        Some(Self { session: SecretKey::new(session), token })
    }
}

/// A secret by its name. Its text is a line of a dotenv file.
pub struct Secret {
    name: &'static str,
    value: String,
}

impl Secret {
    /// `SESSION_KEYS` and `TOKEN_KEYS`.
    pub fn lists(current: FreshKeys, next: FreshKeys) -> [Self; 2] {
        let session = Keys::new(current.session, next.session);
        let token = Keys::new(current.token, next.token);
        [Self::list(SESSION_KEYS, &session), Self::list(TOKEN_KEYS, &token)]
    }

    /// `SP_KEYS`: a key with its certificate, in PEM.
    pub const fn sp_keys(pem: String) -> Self {
        Self { name: "SP_KEYS", value: pem }
    }

    /// `ADMIN_TOKEN`, from random octets.
    pub fn admin_token(octets: [u8; 32]) -> Self {
        Self { name: "ADMIN_TOKEN", value: base64url_encode(&octets) }
    }

    fn list(name: &'static str, keys: &Keys) -> Self {
        Self { name, value: keys.text() }
    }

    /// Whether a dotenv file has a value for it, however it is written.
    fn is_in(&self, dotenv: &str) -> bool {
        dotenv.lines().any(|line| {
            let line = line.trim_start();
            let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
            line.strip_prefix(self.name).is_some_and(|it| it.trim_start().starts_with('='))
        })
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value } = self;
        writeln!(formatter, "{name}='{value}'")
    }
}

/// Adds to a dotenv file those of `secrets` that it has not, and says which. What is there stays.
pub fn complete(dotenv: &mut String, secrets: &[Secret]) -> Vec<&'static str> {
    let missing: Vec<_> = secrets.iter().filter(|secret| !secret.is_in(dotenv)).collect();
    if !missing.is_empty() && !dotenv.is_empty() && !dotenv.ends_with('\n') {
        dotenv.push('\n');
    }
    for secret in &missing {
        dotenv.push_str(&secret.to_string());
    }
    missing.into_iter().map(|secret| secret.name).collect()
}

/// A dotenv file whose lists have moved on.
pub struct Rotated {
    /// The file. Its other lines are what they were.
    pub dotenv: String,
    /// The lists that had no next key: they have one now, and the same current key.
    pub not_yet: Vec<&'static str>,
}

/// Moves both lists of a dotenv file on by one key.
pub fn rotate(dotenv: &str, fresh: FreshKeys) -> Result<Rotated, NotRotated> {
    let mut lines: Vec<_> = dotenv.split_inclusive('\n').map(str::to_owned).collect();
    let mut not_yet = Vec::new();
    for (name, fresh) in [(SESSION_KEYS, fresh.session), (TOKEN_KEYS, fresh.token)] {
        let found = only(&mut lines, name)?;
        let (old, end) = found.split_at(found.trim_end().len());
        let keys = parse(old, name).ok_or(NotRotated::Malformed(name))?;
        if !keys.has_next() {
            not_yet.push(name);
        }
        let rotated = Secret::list(name, &keys.rotated(fresh)).to_string();
        *found = rotated.trim_end().to_owned() + end;
    }
    Ok(Rotated { dotenv: lines.concat(), not_yet })
}

/// The line of that name. Of two, programs differ in which they take.
fn only<'l>(lines: &'l mut [String], name: &'static str) -> Result<&'l mut String, NotRotated> {
    let is_list =
        |line: &&mut String| line.strip_prefix(name).is_some_and(|it| it.starts_with('='));
    let mut found = lines.iter_mut().filter(is_list);
    let line = found.next().ok_or(NotRotated::Missing(name))?;
    if found.next().is_some() {
        return Err(NotRotated::Repeated(name));
    }
    Ok(line)
}

fn parse(line: &str, name: &str) -> Option<Keys> {
    let value = line.strip_prefix(name)?.strip_prefix('=')?.trim();
    let unquoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = ['\'', '"'].into_iter().find_map(unquoted).unwrap_or(value);
    let keys = Keys::parse(value)?;
    (name != TOKEN_KEYS || TokenKeys::new(&keys).is_some()).then_some(keys)
}

/// Why a dotenv file stays as it is. No value is in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotRotated {
    /// The Worker would not take the list.
    #[error("{0} is no list of keys of 32 octets in base64url, separated by commas")]
    Malformed(&'static str),
    /// No line begins with the list's name.
    #[error("no line begins with {0}=")]
    Missing(&'static str),
    /// Two lines begin with the list's name.
    #[error("more than one line begins with {0}=")]
    Repeated(&'static str),
}
