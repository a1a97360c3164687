//! The private keys of the service, and the verification that uses them.

use saml_verify::error::Refusal;
use saml_verify::limits::ENCRYPTED_KEYS;
use saml_verify::saml::{
    Accepted, AcceptedLogout, Expected, ExpectedLogout, Received, SealedLogout, receive,
};
use saml_verify::time::UnixTime;
use saml_verify::xmlenc::EncryptedKey;

use crate::error::{Error, Fault};

/// The private keys of the service. The platform implements it. A Worker uses WebCrypto, since a
/// private operation in wasm would take most of a request's time.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait PrivateKeys {
    /// The number of keys.
    fn count(&self) -> usize;

    /// The content key in `key`, decrypted with the private key number `index` by RSA-OAEP; `None`
    /// if that fails for any reason.
    async fn unwrap(&self, key: &EncryptedKey, index: usize) -> Option<Vec<u8>>;

    /// The RSASSA-PKCS1-v1_5 signature (RFC 8017 §8.2.1) over `octets`, with SHA-256 and the newest
    /// key; `None` when there is no key or it fails.
    async fn sign(&self, octets: &[u8]) -> Option<Vec<u8>>;
}

/// The keys of a service without any: it signs and decrypts nothing.
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

/// Signs `octets`, or fails where there is no key that can.
pub(crate) async fn sign(private_keys: &impl PrivateKeys, octets: &[u8]) -> Result<Vec<u8>, Fault> {
    if private_keys.count() == 0 {
        return Err(Fault::SpKeyMissing);
    }
    private_keys.sign(octets).await.ok_or(Fault::KeyUnusable)
}

/// The outcome of verifying a Response.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Nothing in it was encrypted.
    Plain(Result<Accepted, Refusal>),
    /// Something in it was decrypted, or could not be.
    Opened(Opened),
}

/// The verdict on a Response of which something was decrypted.
///
/// All accounts share the private keys, and each account's IdP can put another account's ciphertext
/// into a message of its own. So neither the contents nor the reason of a refusal may be disclosed
/// to an account before the contents name it. An attacker who learns often enough whether something
/// decrypts, is well-formed or breaks a rule can read what was encrypted for others (row E2). Both
/// methods that take the verdict out name the recipient.
#[derive(Debug)]
pub(crate) struct Opened(Result<Accepted, Refusal>);

impl Verdict {
    /// The verdict for an account. `require_addressed` refuses a message for another account. The
    /// refusal of a decrypted message is [`Error::Opened`] for every reason.
    pub(crate) fn for_account(
        self,
        require_addressed: impl FnOnce(&Accepted) -> Result<(), Error>,
    ) -> Result<Accepted, Error> {
        match self {
            Self::Plain(accepted) => Ok(accepted?),
            Self::Opened(Opened(accepted)) => {
                let accepted = accepted.map_err(|refusal| Error::opened(refusal.into()))?;
                require_addressed(&accepted).map_err(Error::opened)?;
                Ok(accepted)
            }
        }
    }

    /// The verdict for the operator, who holds the private keys and may read everything.
    pub(crate) fn for_operator(self) -> Result<Accepted, Refusal> {
        match self {
            Self::Plain(accepted) | Self::Opened(Opened(accepted)) => accepted,
        }
    }
}

/// Verifies the Response in `xml` at `now`, and decrypts what is encrypted in it.
pub(crate) async fn judge(
    xml: &str,
    expected: &Expected<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Verdict {
    let mut received = receive(xml, expected, now);
    let mut was_opened = false;
    let accepted = loop {
        received = match received {
            Ok(Received::Accepted(accepted)) => break Ok(accepted),
            Ok(Received::Sealed(sealed)) => {
                was_opened = private_keys.count() > 0;
                match unwrap(sealed.keys(), private_keys).await {
                    Ok(content_key) => sealed.open(&content_key),
                    Err(refusal) => Err(refusal),
                }
            }
            Err(refusal) => break Err(refusal),
        };
    };
    if was_opened { Verdict::Opened(Opened(accepted)) } else { Verdict::Plain(accepted) }
}

/// Decrypts the name in a LogoutRequest whose signature held. The name is of no account, so no
/// answer may disclose whether it could be decrypted (row E2).
pub(crate) async fn open_name(
    sealed: SealedLogout,
    expected: &ExpectedLogout<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Result<AcceptedLogout, Refusal> {
    let content_key = unwrap(sealed.keys(), private_keys).await?;
    sealed.open(&content_key, expected, now)
}

/// Tries every recipient's key with every private key: a message does not say reliably which
/// private key it is for.
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
