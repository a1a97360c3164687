//! From the text of a Response to signed octets, through whatever in it is encrypted.
//!
//! Plain and encrypted messages take the same steps: what was decrypted takes the place of its
//! ciphertext in the text, and the text is read again (row E1).

use crate::dsig::key::TrustedKey;
use crate::dsig::verify::SignedOctets;
use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::saml::encrypted_element::EncryptedElement;
use crate::saml::response::envelope::{Content, Envelope};
use crate::saml::response::expected::Expected;
use crate::saml::response::head::Head;
use crate::xml::document::{Document, with_line_feeds};
use crate::xml::element::Element;
use crate::xml::name::{ASSERTION, ENCRYPTED_ID, NAME_ID, RESPONSE, SUBJECT};
use crate::xmlenc::encrypted::{EncryptedKey, Surroundings};

/// A message whose signatures were verified, or one that must be decrypted first.
#[derive(Debug)]
pub enum Message<'a> {
    /// Every signature held and nothing is encrypted.
    Authentic(Authentic),
    /// A part is encrypted.
    Sealed(Sealed<'a>),
}

/// A Response whose every signature held.
#[derive(Debug)]
pub struct Authentic {
    pub(super) head: Head,
    pub(super) octets: SignedOctets,
    /// The signatures that held.
    pub(super) signatures: Signatures,
}

/// What is known of the signatures that held.
#[derive(Clone, Debug)]
pub(super) struct Signatures {
    /// Their keys: that of the Response, that of the Assertion, or both where they differ.
    pub(super) keys: Vec<TrustedKey>,
    /// Whether the Assertion carries one itself.
    pub(super) has_assertion: bool,
    /// Whether one is made with SHA-1.
    pub(super) use_sha1: bool,
}

/// A Response with an EncryptedAssertion, or with an EncryptedID in its Assertion.
#[derive(Debug)]
pub struct Sealed<'a> {
    expected: &'a Expected<'a>,
    element: EncryptedElement,
    text: Text,
}

/// The text around an encrypted element, by what is known of it.
#[derive(Debug)]
enum Text {
    /// A Response without a signature of its own.
    Response(String),
    /// The octets of a Response whose signature held.
    SignedResponse(SignedOctets),
    /// Everything was verified; only the subject's name is still encrypted.
    Subject(Authentic),
}

/// Parses the Response in `xml` and verifies its signatures under the keys of the expected IdP, as
/// far as that can be done before something is decrypted.
pub fn read_message<'a>(xml: &str, expected: &'a Expected<'a>) -> Result<Message<'a>, Refusal> {
    let xml = with_line_feeds(xml);
    let document = Document::parse(&xml, &MESSAGE_XML)?;
    let envelope = Envelope::of(&document)?;
    let Content::Encrypted(sealed) = envelope.content() else {
        return Authentic::verify(&envelope, expected)?.or_sealed(expected);
    };
    let signed = envelope.verify_response(expected.idp.signing_keys(), expected.sha1)?;
    let Some(octets) = signed else {
        let element = EncryptedElement::read(sealed, Surroundings::Unverified)?;
        let text = Text::Response(xml.into_owned());
        return Ok(Message::Sealed(Sealed { expected, element, text }));
    };
    let element = match Envelope::of(&octets.document()?)?.content() {
        Content::Encrypted(sealed) => EncryptedElement::read(sealed, Surroundings::Verified)?,
        Content::Assertion(_) => return Err(Refusal::AssertionCount),
    };
    Ok(Message::Sealed(Sealed { expected, element, text: Text::SignedResponse(octets) }))
}

impl<'a> Sealed<'a> {
    /// What the message is held to.
    pub(super) const fn expected(&self) -> &'a Expected<'a> {
        self.expected
    }

    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        self.element.keys()
    }

    /// Decrypts with `content_key` and goes on with what comes out. That is sealed again when the
    /// subject of a decrypted assertion is encrypted too, and not a third time.
    pub fn open(self, content_key: &[u8]) -> Result<Message<'a>, Refusal> {
        let Self { expected, element, text } = self;
        match text {
            Text::Response(xml) => {
                let xml = element.open_in(&xml, content_key, ASSERTION)?;
                let document = Document::parse(&xml, &MESSAGE_XML)?;
                Authentic::verify(&Envelope::of(&document)?, expected)?.or_sealed(expected)
            }
            Text::SignedResponse(octets) => {
                let octets =
                    octets.with_decrypted(|text| element.open_in(text, content_key, ASSERTION))?;
                Authentic::verify_inside(octets, expected)?.or_sealed(expected)
            }
            Text::Subject(Authentic { head, octets, signatures }) => {
                let octets =
                    octets.with_decrypted(|text| element.open_in(text, content_key, NAME_ID))?;
                Ok(Message::Authentic(Authentic { head, octets, signatures }))
            }
        }
    }
}

impl Authentic {
    /// Verifies the signatures of a message with a plain Assertion.
    fn verify(envelope: &Envelope<'_>, expected: &Expected<'_>) -> Result<Self, Refusal> {
        let keys = expected.idp.signing_keys();
        let response = envelope.verify_response(keys, expected.sha1)?;
        let assertion = envelope.verify_assertion(keys, expected.sha1)?;
        let signatures = Signatures::of(response.as_ref(), assertion.as_ref());
        // The outermost signed element is what is read. Inside a signed Response its attributes
        // are signed too, and read from there.
        let Some(octets) = response else {
            let octets = assertion.ok_or(Refusal::SignatureMissing)?;
            return Ok(Self { head: envelope.head()?, octets, signatures });
        };
        let head = Head { signed: true, ..Envelope::of(&octets.document()?)?.head()? };
        Ok(Self { head, octets, signatures })
    }

    /// Verifies the signature that a decrypted Assertion may carry inside a signed Response.
    fn verify_inside(octets: SignedOctets, expected: &Expected<'_>) -> Result<Self, Refusal> {
        let document = octets.document()?;
        let envelope = Envelope::of(&document)?;
        let inner = envelope.verify_assertion(expected.idp.signing_keys(), expected.sha1)?;
        let head = Head { signed: true, ..envelope.head()? };
        drop(document);
        let signatures = Signatures::of(Some(&octets), inner.as_ref());
        Ok(Self { head, octets, signatures })
    }

    /// Finished, or sealed when the subject is an EncryptedID.
    fn or_sealed<'a>(self, expected: &'a Expected<'a>) -> Result<Message<'a>, Refusal> {
        // A name that is nowhere in the text is no element's, and a parse is saved.
        if !self.octets.mentions(ENCRYPTED_ID.local) {
            return Ok(Message::Authentic(self));
        }
        let sealed = self.read_assertion(|assertion| {
            let subject = assertion.children_named(SUBJECT).next();
            let sealed = subject.and_then(|it| it.children_named(ENCRYPTED_ID).next());
            sealed.map(|sealed| EncryptedElement::read(sealed, Surroundings::Verified)).transpose()
        })?;
        Ok(match sealed {
            None => Message::Authentic(self),
            Some(element) => {
                Message::Sealed(Sealed { expected, element, text: Text::Subject(self) })
            }
        })
    }

    /// Hands the Assertion element of the signed octets to `read`.
    pub(super) fn read_assertion<T>(
        &self,
        read: impl FnOnce(Element<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let document = self.octets.document()?;
        if !document.root().is(RESPONSE) {
            return read(document.root());
        }
        match Envelope::of(&document)?.content() {
            Content::Assertion(assertion) => read(assertion),
            Content::Encrypted(_) => Err(Refusal::DecryptionFailed),
        }
    }
}

impl Signatures {
    fn of(response: Option<&SignedOctets>, assertion: Option<&SignedOctets>) -> Self {
        let held = || response.into_iter().chain(assertion);
        let mut keys: Vec<_> = held().map(|it| it.key().clone()).collect();
        keys.dedup();
        Self {
            keys,
            has_assertion: assertion.is_some(),
            use_sha1: held().any(SignedOctets::uses_sha1),
        }
    }
}
