//! From the text of a Response to an [`Accepted`] one: every step, and none that can be left out.

use crate::error::Refusal;
use crate::saml::accepted::Accepted;
use crate::saml::expected::Expected;
use crate::saml::message::{Message, Sealed, read_message};
use crate::saml::profile::accept_message;
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

/// Accepts the Response in `xml` at `now`, or names the first rule it breaks. For a service without
/// private keys: what is encrypted is [`Refusal::AssertionEncrypted`].
pub fn accept(xml: &str, expected: &Expected<'_>, now: UnixTime) -> Result<Accepted, Refusal> {
    match receive(xml, expected, now)? {
        Received::Accepted(accepted) => Ok(accepted),
        Received::Sealed(_) => Err(Refusal::AssertionEncrypted),
    }
}

/// Like [`accept`], for a service with private keys: what is encrypted comes back to be decrypted
/// with them, wherever they are kept.
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

    /// Decrypts with `content_key` and goes on with what comes out. That is sealed again when the
    /// subject of a decrypted assertion is encrypted too, and not a third time.
    pub fn open(self, content_key: &[u8]) -> Result<Received<'a>, Refusal> {
        let Self { sealed, now } = self;
        let expected = sealed.expected();
        Received::of(sealed.open(content_key)?, expected, now)
    }
}
