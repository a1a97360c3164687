//! The shape of ds:Signature: exactly what SAML Core §5.4 leaves of XML-DSig §4.

use std::borrow::Cow;

use crate::c14n::method::Canonicalization;
use crate::dsig::algorithm::{Digest, ENVELOPED_SIGNATURE, Sha1, SignatureMethod};
use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::PREFIX_LIST;
use crate::xml::element::Element;
use crate::xml::name::{
    CANONICALIZATION_METHOD, DIGEST_METHOD, DIGEST_VALUE, INCLUSIVE_NAMESPACES, KEY_INFO, Name,
    REFERENCE, SIGNATURE_METHOD, SIGNATURE_VALUE, SIGNED_INFO, TRANSFORM, TRANSFORMS,
};
use crate::xml::sequence::Sequence;

/// A Signature as it stands in the message, not yet verified. KeyInfo is not even read (row D1).
#[derive(Clone, Debug)]
pub struct Signature<'d> {
    pub(super) element: Element<'d>,
    pub(super) parent: Element<'d>,
    pub(super) signed_info: Element<'d>,
    pub(super) canonicalization: Canonicalization,
    pub(super) value: Vec<u8>,
}

impl<'d> Signature<'d> {
    /// Reads a ds:Signature: SignedInfo, SignatureValue and at most one KeyInfo, in this order; no
    /// Object, no second SignedInfo (rows C3, C7).
    pub fn read(element: Element<'d>) -> Result<Self, Refusal> {
        let mut parts = sequence(element)?;
        let signed_info = required(&mut parts, SIGNED_INFO)?;
        let value = required(&mut parts, SIGNATURE_VALUE)?;
        let _ = parts.optional(KEY_INFO);
        end(parts)?;
        // Which canonicalization to apply must be known before its result can be trusted. The
        // result is read again, in full, by `SignedInfo::read`.
        let method = required(&mut sequence(signed_info)?, CANONICALIZATION_METHOD)?;
        Ok(Self {
            element,
            parent: element.parent().ok_or(Refusal::SignatureMalformed)?,
            signed_info,
            canonicalization: canonicalization(method, Refusal::CanonicalizationUnsupported)?,
            value: octets(value)?,
        })
    }
}

/// SignedInfo, read from its canonical octets and nothing else (row C2).
#[derive(Debug)]
pub(super) struct SignedInfo {
    pub(super) method: SignatureMethod,
    pub(super) reference: Reference,
}

/// The one Reference: to an element by its ID.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) uri: String,
    pub(super) canonicalization: Canonicalization,
    pub(super) digest: Digest,
    pub(super) digest_value: Vec<u8>,
}

impl SignedInfo {
    pub(super) fn read(signed_info: Element<'_>, sha1: Sha1) -> Result<Self, Refusal> {
        let mut parts = sequence(signed_info)?;
        required(&mut parts, CANONICALIZATION_METHOD)?;
        let method = required(&mut parts, SIGNATURE_METHOD)?;
        // HMACOutputLength would stand here (CVE-2009-0217), and parameters for PSS (row D8).
        end(sequence(method)?)?;
        let reference = parts.optional(REFERENCE).ok_or(Refusal::ReferenceCount)?;
        if parts.optional(REFERENCE).is_some() {
            return Err(Refusal::ReferenceCount);
        }
        end(parts)?;
        Ok(Self {
            method: SignatureMethod::from_uri(&algorithm(method)?, sha1)?,
            reference: Reference::read(reference, sha1)?,
        })
    }
}

impl Reference {
    fn read(reference: Element<'_>, sha1: Sha1) -> Result<Self, Refusal> {
        let mut parts = sequence(reference)?;
        let transforms = required(&mut parts, TRANSFORMS)?;
        let method = required(&mut parts, DIGEST_METHOD)?;
        end(sequence(method)?)?;
        let value = required(&mut parts, DIGEST_VALUE)?;
        end(parts)?;
        Ok(Self {
            uri: reference.token("URI").ok_or(Refusal::ReferenceNotParent)?.into_owned(),
            canonicalization: read_transforms(transforms)?,
            digest: Digest::from_uri(&algorithm(method)?, sha1)?,
            digest_value: octets(value)?,
        })
    }
}

/// enveloped-signature, then at most one C14N; without one what is left is canonicalized by C14N
/// 1.0 (XML-DSig §4.4.3.2). Anything else is refused before any work is done for it: XSLT and XPath
/// transforms are programs of the sender (row C4).
fn read_transforms(transforms: Element<'_>) -> Result<Canonicalization, Refusal> {
    let mut parts = sequence(transforms)?;
    let enveloped = parts.optional(TRANSFORM).ok_or(Refusal::TransformForbidden)?;
    let canonical = parts.optional(TRANSFORM);
    parts.end().map_err(|_| Refusal::TransformForbidden)?;
    if algorithm(enveloped)? != ENVELOPED_SIGNATURE || enveloped.children().next().is_some() {
        return Err(Refusal::TransformForbidden);
    }
    canonical.map_or(Ok(Canonicalization::Inclusive10 { comments: false }), |method| {
        canonicalization(method, Refusal::TransformForbidden)
    })
}

/// The canonicalization that an element with an Algorithm names, or `otherwise`.
fn canonicalization(method: Element<'_>, otherwise: Refusal) -> Result<Canonicalization, Refusal> {
    let mut canonicalization = Canonicalization::from_uri(&algorithm(method)?).ok_or(otherwise)?;
    let mut parts = sequence(method)?;
    if let Canonicalization::Exclusive { prefix_list, .. } = &mut canonicalization {
        let inclusive = parts.optional(INCLUSIVE_NAMESPACES);
        let list = inclusive.and_then(|inclusive| inclusive.attribute("PrefixList")).unwrap_or("");
        // Exclusive C14N §3: the token `#default` stands for the default namespace.
        let prefix = |token| if token == "#default" { "" } else { token };
        let mut tokens = list.split_ascii_whitespace().map(prefix).map(String::from);
        prefix_list.extend(tokens.by_ref().take(PREFIX_LIST));
        if tokens.next().is_some() {
            return Err(otherwise);
        }
    }
    end(parts)?;
    Ok(canonicalization)
}

fn algorithm(element: Element<'_>) -> Result<Cow<'_, str>, Refusal> {
    element.token("Algorithm").ok_or(Refusal::SignatureMalformed)
}

fn octets(element: Element<'_>) -> Result<Vec<u8>, Refusal> {
    let text = element.text().map_err(malformed)?;
    base64_decode(&text).map_err(malformed)
}

fn sequence(element: Element<'_>) -> Result<Sequence<'_>, Refusal> {
    element.sequence().map_err(malformed)
}

fn required<'d>(parts: &mut Sequence<'d>, name: Name<'_>) -> Result<Element<'d>, Refusal> {
    parts.required(name).map_err(malformed)
}

fn end(parts: Sequence<'_>) -> Result<(), Refusal> {
    parts.end().map_err(malformed)
}

const fn malformed(_: Refusal) -> Refusal {
    Refusal::SignatureMalformed
}
