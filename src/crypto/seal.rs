//! Cookies, and pieces of the ledger, that this service alone can write and read.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};

use crate::crypto::keys::{Keys, SecretKey};
use crate::encoding::{base64url_decode, base64url_encode};
use crate::error::Fault;

/// AES-256-GCM keys for one purpose, derived from `SESSION_KEYS`: the current one seals, all of
/// them open.
pub(crate) struct SealKeys(Keys<Aes256Gcm>);

impl SealKeys {
    pub(crate) fn new(secrets: &Keys, purpose: &str) -> Self {
        let key = |secret: &SecretKey| Aes256Gcm::new(&secret.derive(purpose).into());
        Self(secrets.map(key))
    }

    /// A value under the name of its cookie or row, which is authenticated too: one that is moved
    /// to another name does not open. No two calls may share a `nonce`.
    pub(crate) fn seal(&self, name: &str, plain: &[u8], nonce: [u8; 12]) -> Result<String, Fault> {
        let payload = Payload { msg: plain, aad: name.as_bytes() };
        let sealed = self.0.current().encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| Fault::KeyUnusable)?;
        Ok(base64url_encode(&[&nonce[..], &sealed].concat()))
    }

    /// What was sealed under that name.
    pub(crate) fn open(&self, name: &str, value: &str) -> Option<Vec<u8>> {
        let octets = base64url_decode(value)?;
        let (nonce, sealed) = octets.split_first_chunk::<12>()?;
        let payload = || Payload { msg: sealed, aad: name.as_bytes() };
        self.0.all().find_map(|key| key.decrypt(nonce.into(), payload()).ok())
    }
}
