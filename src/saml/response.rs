//! samlp:Response (Core §3.3.3): where its one Assertion and its signatures may stand.

use crate::dsig::{self, Sha1, Signature, SignedOctets, TrustedKey};
use crate::error::Refusal;
use crate::xml::name::{
    ASSERTION, ENCRYPTED_ASSERTION, EXTENSIONS, ISSUER, RESPONSE, SIGNATURE, STATUS, STATUS_CODE,
};
use crate::xml::{Document, Element, Name};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// A Response by its shape alone, trusted for nothing. What it gives is `claimed_…`: good for a
/// refusal, never for an admission.
#[derive(Debug)]
pub(super) struct Envelope<'d> {
    response: Element<'d>,
    claimed_issuer: Option<Element<'d>>,
    response_signature: Option<Element<'d>>,
    assertion: Element<'d>,
    assertion_signature: Option<Element<'d>>,
}

impl<'d> Envelope<'d> {
    /// Finds the one Assertion on the one path the schema has for it, and the signatures beside it.
    ///
    /// Counting comes before looking: a second Assertion anywhere, or a Signature anywhere but in
    /// the Response and its Assertion, is somebody's attempt to have one thing verified and
    /// another read (rows A1, A2, A4).
    pub(super) fn of(document: &'d Document<'_>) -> Result<Self, Refusal> {
        let response = document.root();
        if !response.is(RESPONSE) {
            return Err(Refusal::NotAResponse);
        }
        document.refuse_comments()?;
        require_version_2(response)?;

        let mut parts = response.sequence()?;
        let claimed_issuer = parts.optional(ISSUER);
        let response_signature = parts.optional(SIGNATURE);
        if parts.optional(EXTENSIONS).is_some_and(|found| found.children().next().is_some()) {
            return Err(Refusal::ExtensionsForbidden);
        }
        require_success(parts.required(STATUS)?)?;

        let encrypted = count(response, ENCRYPTED_ASSERTION);
        if count(response, ASSERTION) + encrypted != 1 {
            return Err(Refusal::AssertionCount);
        }
        if encrypted == 1 {
            return Err(Refusal::AssertionEncrypted);
        }
        let assertion = parts.required(ASSERTION)?;
        parts.end()?;
        let mut parts = assertion.sequence()?;
        let _ = parts.optional(ISSUER);
        let assertion_signature = parts.optional(SIGNATURE);

        let signatures = [response_signature, assertion_signature].iter().flatten().count();
        if count(response, SIGNATURE) != signatures {
            return Err(Refusal::SignatureMisplaced);
        }
        Ok(Self { response, claimed_issuer, response_signature, assertion, assertion_signature })
    }

    /// Verifies every signature there is, and returns the octets of the outermost signed element.
    /// One signature that fails is enough to refuse; none at all is `signature_missing`.
    pub(super) fn verify(&self, keys: &[TrustedKey], sha1: Sha1) -> Result<SignedOctets, Refusal> {
        let verify = |element| dsig::verify(&Signature::read(element)?, keys, sha1);
        let response = self.response_signature.map(verify).transpose()?;
        let assertion = self.assertion_signature.map(verify).transpose()?;
        response.or(assertion).ok_or(Refusal::SignatureMissing)
    }

    /// The Assertion element.
    pub(super) const fn assertion(&self) -> Element<'d> {
        self.assertion
    }

    /// Response/Issuer.
    pub(super) const fn claimed_issuer(&self) -> Option<Element<'d>> {
        self.claimed_issuer
    }

    /// Response/@Destination.
    pub(super) fn claimed_destination(&self) -> Option<&'d str> {
        self.response.attribute("Destination")
    }

    /// Response/@InResponseTo.
    pub(super) fn claimed_in_response_to(&self) -> Option<&'d str> {
        self.response.attribute("InResponseTo")
    }
}

/// Core §2.3.3, §3.2.2: @Version is `2.0`.
pub(super) fn require_version_2(element: Element<'_>) -> Result<(), Refusal> {
    if element.attribute("Version") != Some("2.0") {
        return Err(Refusal::VersionUnsupported);
    }
    Ok(())
}

/// Core §3.2.2.2: the top-level StatusCode.
fn require_success(status: Element<'_>) -> Result<(), Refusal> {
    let code = status.sequence()?.required(STATUS_CODE)?;
    if code.attribute("Value") != Some(SUCCESS) {
        return Err(Refusal::StatusNotSuccess);
    }
    Ok(())
}

fn count(root: Element<'_>, name: Name<'_>) -> usize {
    root.descendants().filter(|element| element.is(name)).count()
}
