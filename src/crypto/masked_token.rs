//! The identity token as a browser carries it: sealed against change, and without the signature
//! that proves it to the origin (row H11).
//!
//! With the token itself a user could go past the gate, to an origin that other ways lead to, and
//! so past every rule by path. A cookie holds `header.claims.masked.tag` instead. The tag is
//! HMAC-SHA-256 over the whole token; the signature is masked with HMAC-SHA-512 over the tag, under
//! a key of its own. That is a synthetic initialisation vector (RFC 5297 §2): no nonce, no octet
//! more than a tag alone, and the mask of one token is worth nothing for another. Claims stay
//! readable, as they are at `/sso/session`: to hide them too, with AES-256-GCM, costs six times
//! what the mask does in wasm.

use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha512};

use crate::crypto::keys;
use crate::crypto::keys::{Keys, SecretKey};
use crate::encoding::{base64url_decode, base64url_encode};

/// Keys derived from `SESSION_KEYS`: the current one masks, all of them unmask.
pub(crate) struct MaskKeys(Keys<MaskKey>);

struct MaskKey {
    tag: Hmac<Sha256>,
    mask: Hmac<Sha512>,
}

impl MaskKeys {
    pub(crate) fn new(secrets: &Keys) -> Self {
        Self(secrets.map(MaskKey::of))
    }

    /// A cookie's value for a token that is signed with ES256; `None` for what is none.
    pub(crate) fn mask(&self, token: &str) -> Option<String> {
        let key = self.0.current();
        let (signed, signature) = token.rsplit_once('.')?;
        let tag: [u8; 32] = key.tag(token).finalize().into_bytes().into();
        Some([signed, &key.toggled(signature, &tag)?, &base64url_encode(&tag)].join("."))
    }

    /// The token in a cookie's value that one of the keys has made, compared in constant time.
    pub(crate) fn unmask(&self, value: &str) -> Option<String> {
        let (rest, tag) = value.rsplit_once('.')?;
        let (signed, masked) = rest.rsplit_once('.')?;
        let tag: [u8; 32] = base64url_decode(tag)?.try_into().ok()?;
        self.0.all().find_map(|key| {
            let token = [signed, &key.toggled(masked, &tag)?].join(".");
            key.tag(&token).verify_slice(&tag).is_ok().then_some(token)
        })
    }
}

impl MaskKey {
    fn of(secret: &SecretKey) -> Self {
        Self {
            tag: keys::hmac(&secret.derive("session cookie, tag")),
            mask: keys::long_hmac(&secret.derive("session cookie, mask")),
        }
    }

    fn tag(&self, token: &str) -> Hmac<Sha256> {
        self.tag.clone().chain_update(token)
    }

    /// A signature masked, or a masked one as it was. ES256's is as long as the mask (RFC 7518
    /// §3.4).
    fn toggled(&self, signature: &str, tag: &[u8; 32]) -> Option<String> {
        let mut octets: [u8; 64] = base64url_decode(signature)?.try_into().ok()?;
        let mask = self.mask.clone().chain_update(tag).finalize().into_bytes();
        octets.iter_mut().zip(mask).for_each(|(octet, mask)| *octet ^= mask);
        Some(base64url_encode(&octets))
    }
}
