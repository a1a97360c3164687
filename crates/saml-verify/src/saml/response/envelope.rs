//! samlp:Response (Core §3.3.3): where its one Assertion and its signatures may stand.

use std::borrow::Cow;

use crate::dsig::algorithm::Sha1;
use crate::dsig::key::TrustedKey;
use crate::dsig::signature::Signature;
use crate::dsig::verify::{SignedOctets, verify_signature};
use crate::error::Refusal;
use crate::limits::CANONICAL_XML;
use crate::saml::protocol::{read_issuer, require_success, require_version_2};
use crate::saml::response::head::Head;
use crate::xml::document::Document;
use crate::xml::element::Element;
use crate::xml::name::{
    ASSERTION, ENCRYPTED_ASSERTION, EXTENSIONS, ISSUER, RESPONSE, SIGNATURE, STATUS,
};

/// A Response by its shape alone, trusted for nothing. What it gives is `claimed_…`: good for a
/// refusal, never for an admission.
#[derive(Debug)]
pub(super) struct Envelope<'d> {
    response: Element<'d>,
    claimed_issuer: Option<Element<'d>>,
    response_signature: Option<Element<'d>>,
    content: Content<'d>,
    assertion_signature: Option<Element<'d>>,
}

/// The one Assertion of a Response.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'d> {
    /// An Assertion.
    Assertion(Element<'d>),
    /// An EncryptedAssertion.
    Encrypted(Element<'d>),
}

impl<'d> Envelope<'d> {
    /// Finds the one Assertion on the one path the schema has for it, and the signatures beside it.
    ///
    /// Counting comes before looking: a second Assertion anywhere, or a Signature anywhere but in
    /// the Response and its Assertion, could have one thing verified and
    /// another read (rows A1, A2, A4).
    pub(super) fn of(document: &'d Document<'_>) -> Result<Self, Refusal> {
        let response = document.root();
        if !response.is(RESPONSE) {
            return Err(Refusal::NotAResponse);
        }
        require_version_2(response)?;

        let mut parts = response.sequence()?;
        let claimed_issuer = parts.optional(ISSUER);
        let in_place = parts.optional(SIGNATURE);
        if parts.optional(EXTENSIONS).is_some_and(|found| found.children().next().is_some()) {
            return Err(Refusal::ExtensionsForbidden);
        }
        require_success(parts.required(STATUS)?)?;

        let (mut assertions, mut signatures) = (0, 0);
        for name in response.descendants().map(Element::name) {
            assertions += usize::from(name == ASSERTION || name == ENCRYPTED_ASSERTION);
            signatures += usize::from(name == SIGNATURE);
        }
        if assertions != 1 {
            return Err(Refusal::AssertionCount);
        }
        let (content, assertion_signature) = match parts.optional(ENCRYPTED_ASSERTION) {
            Some(encrypted) => (Content::Encrypted(encrypted), None),
            None => {
                let assertion = parts.required(ASSERTION)?;
                (Content::Assertion(assertion), signature_of(assertion)?)
            }
        };
        let response_signature = in_place.or_else(|| parts.optional(SIGNATURE));
        parts.end()?;
        if [response_signature, assertion_signature].iter().flatten().count() != signatures {
            return Err(Refusal::SignatureMisplaced);
        }
        Ok(Self { response, claimed_issuer, response_signature, content, assertion_signature })
    }

    /// Verifies the signature of the Response, if it has one.
    pub(super) fn verify_response(
        &self,
        keys: &[TrustedKey],
        sha1: Sha1,
    ) -> Result<Option<SignedOctets>, Refusal> {
        verify(self.response_signature, keys, sha1)
    }

    /// Verifies the signature of the Assertion, if it has one.
    pub(super) fn verify_assertion(
        &self,
        keys: &[TrustedKey],
        sha1: Sha1,
    ) -> Result<Option<SignedOctets>, Refusal> {
        verify(self.assertion_signature, keys, sha1)
    }

    /// The Assertion element, plain or encrypted.
    pub(super) const fn content(&self) -> Content<'d> {
        self.content
    }

    /// What the Response says around its Assertion.
    pub(super) fn head(&self) -> Result<Head, Refusal> {
        let token = |name| self.response.token(name).map(Cow::into_owned);
        Ok(Head {
            signed: false,
            claimed_issuer: self.claimed_issuer.map(read_issuer).transpose()?,
            claimed_destination: token("Destination"),
            claimed_in_response_to: token("InResponseTo"),
        })
    }
}

/// The Signature of the Assertion: behind its Issuer, where the schema has it, or behind everything
/// else, where Auth0 writes it. Either way it covers the Assertion whose child it is.
fn signature_of(assertion: Element<'_>) -> Result<Option<Element<'_>>, Refusal> {
    let mut parts = assertion.sequence()?;
    let _ = parts.optional(ISSUER);
    let last = || assertion.children().last().filter(|it| it.is(SIGNATURE));
    Ok(parts.optional(SIGNATURE).or_else(last))
}

fn verify(
    signature: Option<Element<'_>>,
    keys: &[TrustedKey],
    sha1: Sha1,
) -> Result<Option<SignedOctets>, Refusal> {
    signature
        .map(|element| verify_signature(&Signature::read(element)?, keys, sha1, &CANONICAL_XML))
        .transpose()
}
