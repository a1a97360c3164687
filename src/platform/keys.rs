//! The verifier with its private keys: every response, plain or encrypted, goes through here.

use saml_verify::error::Refusal;
use saml_verify::limits::ENCRYPTED_KEYS;
use saml_verify::saml::{
    Accepted, AcceptedLogout, Expected, ExpectedLogout, Received, SealedLogout, receive,
};
use saml_verify::time::UnixTime;
use saml_verify::xmlenc::EncryptedKey;

use crate::error::{Error, Fault};

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

/// What became of a Response.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Nothing in it was to be decrypted.
    Plain(Result<Accepted, Refusal>),
    /// Something was decrypted, or tried to be.
    Opened(Opened),
}

/// The verdict on a Response of which something was decrypted.
///
/// All accounts share the private keys, and each account's IdP can put another account's ciphertext
/// into a message of its own. So neither the contents nor the reason of a refusal may be told to an
/// account before the contents name it: whoever may ask often enough whether something decrypts, is
/// well-formed, or breaks a rule, can read what was encrypted for others (row E2). There are two
/// ways out of this type, and both say to whom.
#[derive(Debug)]
pub(crate) struct Opened(Result<Accepted, Refusal>);

impl Verdict {
    /// The verdict for an account, of which `require_addressed` says whether an accepted message
    /// is for it. A refusal of what was opened is [`Error::Opened`], whatever the reason.
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

    /// The verdict for the holder of the private keys, who may know all.
    pub(crate) fn for_operator(self) -> Result<Accepted, Refusal> {
        match self {
            Self::Plain(accepted) | Self::Opened(Opened(accepted)) => accepted,
        }
    }
}

/// Verifies the Response in `xml`, decrypts what is encrypted in it, and accepts it at `now`, for
/// whoever it may be told to.
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

/// Decrypts the name in a LogoutRequest whose signature held. What comes out names no account, so
/// no answer may tell whether anything did (row E2).
pub(crate) async fn open_name(
    sealed: SealedLogout,
    expected: &ExpectedLogout<'_>,
    private_keys: &impl PrivateKeys,
    now: UnixTime,
) -> Result<AcceptedLogout, Refusal> {
    let content_key = unwrap(sealed.keys(), private_keys).await?;
    sealed.open(&content_key, expected, now)
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
