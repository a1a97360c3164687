//! The verifier with its private keys: every response, plain or encrypted, goes through here.

use crate::error::Refusal;
use crate::limits::ENCRYPTED_KEYS;
use crate::saml::{Accepted, Expected, Received, accept, receive};
use crate::service::error::Fault;
use crate::time::UnixTime;
use crate::xmlenc::EncryptedKey;

/// The service's private keys, wherever the platform keeps them: in WebCrypto on a Worker, where a
/// private operation in wasm would take most of a request's time.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait PrivateKeys {
    /// How many keys there are to try.
    fn count(&self) -> usize;

    /// The content key in `key`, decrypted with the private key number `index` by RSA-OAEP; `None`
    /// when it does not fit, for whatever reason.
    async fn unwrap(&self, key: &EncryptedKey, index: usize) -> Option<Vec<u8>>;

    /// The RSASSA-PKCS1-v1_5 signature (RFC 8017 §8.2.1) over `octets`, with SHA-256 and the newest
    /// key; `None` when there is no key or it fails.
    async fn sign(&self, octets: &[u8]) -> Option<Vec<u8>>;
}

/// For a service that signs nothing and that nothing can be encrypted to.
#[derive(Clone, Copy, Debug)]
pub struct NoPrivateKeys;

impl PrivateKeys for NoPrivateKeys {
    fn count(&self) -> usize {
        0
    }

    async fn unwrap(&self, _: &EncryptedKey, _: usize) -> Option<Vec<u8>> {
        None
    }

    async fn sign(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// Signs what must be signed: there is no going on without.
pub(crate) async fn sign(private_keys: &impl PrivateKeys, octets: &[u8]) -> Result<Vec<u8>, Fault> {
    if private_keys.count() == 0 {
        return Err(Fault::SpKeyMissing);
    }
    private_keys.sign(octets).await.ok_or(Fault::KeyUnusable)
}

/// Verifies the Response in `xml`, decrypts what is encrypted in it, and accepts it at `now`.
pub(crate) async fn verify(
    xml: &str,
    expected: &Expected<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Result<Accepted, Refusal> {
    judge(xml, expected, private_keys, now).await.accepted
}

/// What became of a Response.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) accepted: Result<Accepted, Refusal>,
    /// Whether something was decrypted, or tried to be. Then why it was refused is for the
    /// operator's log alone: whoever can ask often enough, and is told, can read what was encrypted
    /// for others (row E2).
    pub(crate) was_opened: bool,
}

/// The same, and whether there was something to decrypt.
pub(crate) async fn judge(
    xml: &str,
    expected: &Expected<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Verdict {
    let mut received = receive(xml, expected);
    let mut was_opened = false;
    loop {
        received = match received {
            Ok(Received::Authentic(message)) => {
                return Verdict { accepted: accept(&message, expected, now), was_opened };
            }
            Ok(Received::Sealed(sealed)) => {
                was_opened = private_keys.count() > 0;
                match unwrap(sealed.keys(), private_keys).await {
                    Ok(content_key) => sealed.open(&content_key),
                    Err(refusal) => Err(refusal),
                }
            }
            Err(refusal) => return Verdict { accepted: Err(refusal), was_opened },
        };
    }
}

/// Tries every recipient's key with every private key of ours: for whom it is, a message says in no
/// way that could be relied on.
async fn unwrap(
    keys: &[EncryptedKey],
    private_keys: &impl PrivateKeys,
) -> Result<Vec<u8>, Refusal> {
    if private_keys.count() == 0 {
        return Err(Refusal::AssertionEncrypted);
    }
    for index in 0..private_keys.count().min(ENCRYPTED_KEYS) {
        for key in keys {
            if let Some(content_key) = private_keys.unwrap(key, index).await {
                return Ok(content_key);
            }
        }
    }
    Err(Refusal::DecryptionFailed)
}
