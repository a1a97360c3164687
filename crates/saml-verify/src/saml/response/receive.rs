//! From the text of a Response to an [`Accepted`] one: every step, and none that can be left out.

use crate::error::Refusal;
use crate::saml::response::accepted::Accepted;
use crate::saml::response::authenticate::{Message, Sealed, read_message};
use crate::saml::response::expected::Expected;
use crate::saml::response::profile::accept_message;
use crate::time::UnixTime;
use crate::xmlenc::encrypted::EncryptedKey;

/// A Response that was accepted, or one that must be decrypted first.
#[derive(Debug)]
pub enum Received<'a> {
    /// Every signature and every rule held.
    Accepted(Accepted),
    /// A part is encrypted. Nothing is accepted yet.
    Sealed(SealedResponse<'a>),
}

/// A Response with an EncryptedAssertion, or with an EncryptedID in its Assertion.
#[derive(Debug)]
pub struct SealedResponse<'a> {
    sealed: Sealed<'a>,
    now: UnixTime,
}

/// Accepts the Response in `xml` at `now`, or gives the first rule that it breaks.
///
/// `xml` is the decoded text of the Response (Core §3.3.3), within [`crate::limits::MESSAGE_XML`];
/// [`crate::form::ResponseForm`] takes it out of a posted form. Every signature that is there must
/// hold under a key of the expected IdP, and one must cover the Assertion (Core §5, XML-DSig). Then
/// the rules of Profiles §4.1.4.2, §4.1.4.3 and §4.1.4.5 are checked in order.
///
/// # Errors
///
/// A [`Refusal`], whose [`code`](Refusal::code) is stable. An encrypted part is
/// [`Refusal::AssertionEncrypted`]: a service provider with private keys calls [`receive`].
pub fn accept(xml: &str, expected: &Expected<'_>, now: UnixTime) -> Result<Accepted, Refusal> {
    match receive(xml, expected, now)? {
        Received::Accepted(accepted) => Ok(accepted),
        Received::Sealed(_) => Err(Refusal::AssertionEncrypted),
    }
}

/// Like [`accept`], for a service provider with private keys, wherever they are kept.
///
/// An encrypted Assertion or NameID comes back as [`Received::Sealed`]. The caller decrypts one of
/// [`SealedResponse::keys`] with RSA-OAEP and hands the content key to [`SealedResponse::open`].
///
/// # Errors
///
/// As for [`accept`].
pub fn receive<'a>(
    xml: &str,
    expected: &'a Expected<'a>,
    now: UnixTime,
) -> Result<Received<'a>, Refusal> {
    Received::of(read_message(xml, expected)?, expected, now)
}

impl<'a> Received<'a> {
    fn of(message: Message<'a>, expected: &Expected<'_>, now: UnixTime) -> Result<Self, Refusal> {
        match message {
            Message::Authentic(message) => {
                accept_message(&message, expected, now).map(Self::Accepted)
            }
            Message::Sealed(sealed) => Ok(Self::Sealed(SealedResponse { sealed, now })),
        }
    }
}

impl<'a> SealedResponse<'a> {
    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        self.sealed.keys()
    }

    /// Decrypts with `content_key`, of exactly the size of the algorithm, and goes on with the
    /// plaintext. The result is sealed once more where the NameID of the decrypted Assertion is
    /// encrypted too.
    ///
    /// # Errors
    ///
    /// [`Refusal::DecryptionFailed`] for every failure of the decryption, so that an answer tells
    /// nothing about the plaintext (row E2); otherwise as for [`accept`].
    pub fn open(self, content_key: &[u8]) -> Result<Received<'a>, Refusal> {
        let Self { sealed, now } = self;
        let expected = sealed.expected();
        Received::of(sealed.open(content_key)?, expected, now)
    }
}
