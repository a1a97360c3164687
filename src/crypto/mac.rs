//! Text that this service alone can have written: HMAC-SHA256 tags for one purpose.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::crypto::keys;
use crate::crypto::keys::{Keys, SecretKey};
use crate::encoding::{base64url_decode, base64url_encode};

/// Keys for one purpose, derived from `SESSION_KEYS`: the current one tags, the tags of all of them
/// hold.
pub(crate) struct MacKeys(Keys<Hmac<Sha256>>);

impl MacKeys {
    pub(crate) fn new(secrets: &Keys, purpose: &str) -> Self {
        Self(secrets.map(|secret: &SecretKey| keys::hmac(&secret.derive(purpose))))
    }

    pub(crate) fn tag(&self, text: &str) -> String {
        let key = self.0.current().clone();
        base64url_encode(&key.chain_update(text).finalize().into_bytes())
    }

    /// Whether `tag` is one of `text`, compared in constant time.
    pub(crate) fn holds(&self, text: &str, tag: &str) -> bool {
        let Some(tag) = base64url_decode(tag) else { return false };
        self.0.all().any(|key| key.clone().chain_update(text).verify_slice(&tag).is_ok())
    }
}
