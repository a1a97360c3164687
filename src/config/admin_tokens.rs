//! `ADMIN_TOKEN`: the tokens of the admin API.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::config::keys::KEYS;
use crate::config::vars::Vars;
use crate::crypto::keys;
use crate::crypto::keys::SecretKey;

const PURPOSE: &str = "admin token";

/// The tokens that are accepted. Nothing prints them.
pub(crate) struct AdminTokens(Vec<Hmac<Sha256>>);

impl AdminTokens {
    /// `None` without `ADMIN_TOKEN`.
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let tokens = vars.take_optional("ADMIN_TOKEN", KEYS, SecretKey::parse_all)?;
        Some(Self(tokens.iter().map(mac).collect()))
    }

    /// Whether the client sends one of the tokens (RFC 6750 §2.1). Their MACs are compared, in
    /// constant time, so that the time discloses nothing about the tokens.
    pub(crate) fn admit(&self, authorization: Option<&str>) -> bool {
        let token = authorization.and_then(bearer).and_then(SecretKey::parse);
        let Some(token) = token else { return false };
        let tag = mac(&token).finalize().into_bytes();
        let holds = |known: &Hmac<Sha256>| known.clone().verify_slice(&tag).is_ok();
        self.0.iter().any(holds)
    }
}

fn mac(token: &SecretKey) -> Hmac<Sha256> {
    keys::hmac(token.octets()).chain_update(PURPOSE)
}

/// The scheme's name is case-insensitive (RFC 9110 §11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
