//! From the text of a Response to signed octets, through whatever in it is encrypted.
//!
//! Plain and encrypted messages take the same steps: what was decrypted takes the place of its
//! ciphertext in the text, and the text is read again (row E1).

use std::ops::Range;

use super::profile::Expected;
use super::response::{Content, Envelope};
use crate::dsig::SignedOctets;
use crate::error::Refusal;
use crate::limits::MESSAGE_XML;
use crate::xml::name::{ENCRYPTED_ID, RESPONSE, SUBJECT};
use crate::xml::{Document, Element};
use crate::xmlenc::{EncryptedData, EncryptedKey, Surroundings};

/// A message that can be judged, or one that must be decrypted first.
#[derive(Debug)]
pub enum Received<'a> {
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
}

/// What the Response says around its Assertion: good for a refusal and, signed or not, never for
/// more.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) signed: bool,
    pub(super) claimed_issuer: Option<String>,
    pub(super) claimed_destination: Option<String>,
    pub(super) claimed_in_response_to: Option<String>,
}

/// A Response with an EncryptedAssertion, or with an EncryptedID in its Assertion.
#[derive(Debug)]
pub struct Sealed<'a> {
    expected: &'a Expected<'a>,
    data: EncryptedData,
    /// Where the encrypted element stands in the text.
    place: Range<usize>,
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
pub fn receive<'a>(xml: &str, expected: &'a Expected<'a>) -> Result<Received<'a>, Refusal> {
    let document = Document::parse(xml, &MESSAGE_XML)?;
    let envelope = Envelope::of(&document)?;
    let Content::Encrypted(sealed) = envelope.content() else {
        return Authentic::verify(&envelope, expected)?.received(expected);
    };
    let signed = envelope.verify_response(expected.idp.signing_keys(), expected.sha1)?;
    let Some(octets) = signed else {
        let (data, place) = read(sealed, Surroundings::Unverified)?;
        let text = Text::Response(xml.to_owned());
        return Ok(Received::Sealed(Sealed { expected, data, place, text }));
    };
    let (data, place) = match Envelope::of(&octets.document()?)?.content() {
        Content::Encrypted(sealed) => read(sealed, Surroundings::Verified)?,
        Content::Assertion(_) => return Err(Refusal::AssertionCount),
    };
    let text = Text::SignedResponse(octets);
    Ok(Received::Sealed(Sealed { expected, data, place, text }))
}

impl<'a> Sealed<'a> {
    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        self.data.keys()
    }

    /// Decrypts with `content_key` and goes on with what comes out. That is sealed again when the
    /// subject of a decrypted assertion is encrypted too, and not a third time.
    pub fn open(self, content_key: &[u8]) -> Result<Received<'a>, Refusal> {
        let plain = self.data.decrypt(content_key)?;
        match self.text {
            Text::Response(xml) => {
                let xml = splice(&xml, self.place, &plain)?;
                let document =
                    Document::parse(&xml, &MESSAGE_XML).map_err(|_| Refusal::DecryptionFailed)?;
                Authentic::verify(&Envelope::of(&document)?, self.expected)?.received(self.expected)
            }
            Text::SignedResponse(octets) => {
                let octets = octets.with_decrypted(|text| splice(text, self.place, &plain))?;
                let authentic = Authentic::verify_inside(octets, self.expected)?;
                authentic.received(self.expected)
            }
            Text::Subject(Authentic { head, octets }) => {
                let octets = octets.with_decrypted(|text| splice(text, self.place, &plain))?;
                Ok(Received::Authentic(Authentic { head, octets }))
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
        // The outermost signed element is what is read. Inside a signed Response its attributes
        // are signed too, and read from there.
        let Some(octets) = response else {
            let octets = assertion.ok_or(Refusal::SignatureMissing)?;
            return Ok(Self { head: envelope.head()?, octets });
        };
        let head = Head { signed: true, ..Envelope::of(&octets.document()?)?.head()? };
        Ok(Self { head, octets })
    }

    /// Verifies the signature that a decrypted Assertion may carry inside a signed Response.
    fn verify_inside(octets: SignedOctets, expected: &Expected<'_>) -> Result<Self, Refusal> {
        let document = octets.document().map_err(|_| Refusal::DecryptionFailed)?;
        let envelope = Envelope::of(&document)?;
        envelope.verify_assertion(expected.idp.signing_keys(), expected.sha1)?;
        let head = Head { signed: true, ..envelope.head()? };
        drop(document);
        Ok(Self { head, octets })
    }

    /// Finished, or sealed when the subject is an EncryptedID.
    fn received<'a>(self, expected: &'a Expected<'a>) -> Result<Received<'a>, Refusal> {
        let sealed = self.read_assertion(|assertion| {
            let subject = assertion.children_named(SUBJECT).next();
            let sealed = subject.and_then(|it| it.children_named(ENCRYPTED_ID).next());
            sealed.map(|sealed| read(sealed, Surroundings::Verified)).transpose()
        })?;
        Ok(match sealed {
            None => Received::Authentic(self),
            Some((data, place)) => {
                Received::Sealed(Sealed { expected, data, place, text: Text::Subject(self) })
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

fn read(
    sealed: Element<'_>,
    surroundings: Surroundings,
) -> Result<(EncryptedData, Range<usize>), Refusal> {
    Ok((EncryptedData::read(sealed, surroundings)?, sealed.range()))
}

/// `text` with `plain` in the place of the encrypted element: there the prefixes that `plain` uses
/// are declared, if it does not declare them itself (row E4).
fn splice(text: &str, place: Range<usize>, plain: &str) -> Result<String, Refusal> {
    let parts = text.get(..place.start).zip(text.get(place.end..));
    let (before, behind) = parts.ok_or(Refusal::DecryptionFailed)?;
    Ok([before, plain, behind].concat())
}
