//! Core validation (XML-DSig §3.2) of one Signature, and what it proves.

use memchr::memmem;

use crate::c14n::canonicalize;
use crate::dsig::algorithm::{Digest, Sha1};
use crate::dsig::key::{TrustedKey, verify_octets};
use crate::dsig::signature::{Signature, SignedInfo};
use crate::error::Refusal;
use crate::limits::XmlLimits;
use crate::xml::document::Document;

/// The canonical octets of an element whose digest and signature held under a [`TrustedKey`].
///
/// Everything read from a message is read from a [`Document`] parsed from these octets: what was
/// hashed is what is read, so wrapping, comments and unsigned surroundings cannot matter (rows A1,
/// A3, B3). [`verify_signature`] is the only maker:
///
/// ```compile_fail,E0451
/// use saml_verify::dsig::TrustedKey;
/// use saml_verify::internals::SignedOctets;
/// use saml_verify::limits::CANONICAL_XML;
/// fn forge(octets: String, key: TrustedKey) -> SignedOctets {
///     SignedOctets { octets, limits: &CANONICAL_XML, key, uses_sha1: false }
/// }
/// ```
#[derive(Debug)]
pub struct SignedOctets {
    octets: String,
    limits: &'static XmlLimits,
    key: TrustedKey,
    uses_sha1: bool,
}

impl SignedOctets {
    /// The key that the signature held under.
    pub const fn key(&self) -> &TrustedKey {
        &self.key
    }

    /// Whether the signature or the digest is made with SHA-1.
    pub const fn uses_sha1(&self) -> bool {
        self.uses_sha1
    }

    /// Whether `text` occurs in the octets.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        memmem::find(self.octets.as_bytes(), text.as_bytes()).is_some()
    }

    /// Parses the octets afresh.
    pub fn document(&self) -> Result<Document<'_>, Refusal> {
        Document::parse(&self.octets, self.limits)
    }

    /// The octets with an encrypted element replaced by what it decrypts to. The signature covers
    /// the ciphertext and the key wrapped beside it, and these have one plaintext: it is as
    /// authentic as they are.
    pub(crate) fn with_decrypted(
        self,
        replace: impl FnOnce(&str) -> Result<String, Refusal>,
    ) -> Result<Self, Refusal> {
        Ok(Self { octets: replace(&self.octets)?, ..self })
    }
}

/// Verifies `signature` under one of `keys` and returns the octets of the element that holds it.
/// The canonical forms must keep within `limits`.
///
/// The signature over SignedInfo comes first, so that the Reference's digest and transforms are
/// acted on only once they are authentic.
pub fn verify_signature(
    signature: &Signature<'_>,
    keys: &[TrustedKey],
    sha1: Sha1,
    limits: &'static XmlLimits,
) -> Result<SignedOctets, Refusal> {
    // Its shape first: a SignedInfo of this shape is small, so that canonicalizing
    // it costs little (row C10). What it says is read below, from what was signed.
    SignedInfo::read(signature.signed_info, sha1)?;
    let canonical =
        canonicalize(signature.signed_info, None, &signature.canonicalization, limits.octets)?;
    let document = Document::parse(&canonical, limits)?;
    let SignedInfo { method, reference } = SignedInfo::read(document.root(), sha1)?;
    let holds = |key: &TrustedKey| {
        verify_octets(key, method, canonical.as_bytes(), &signature.value).is_ok()
    };
    let key = keys.iter().find(|key| holds(key)).ok_or(Refusal::SignatureInvalid)?;

    // Core §5.4.2: a same-document reference to the parent's ID. No look-up takes place, so there
    // is no second element to find (rows A1, C5, C6).
    let parent = signature.parent;
    let id = parent.token("ID").filter(|id| !id.is_empty());
    if id.is_none() || reference.uri.strip_prefix('#') != id.as_deref() {
        return Err(Refusal::ReferenceNotParent);
    }
    let omitted = Some(signature.element);
    let octets = canonicalize(parent, omitted, &reference.canonicalization, limits.octets)?;
    if reference.digest.of(octets.as_bytes()) != reference.digest_value {
        return Err(Refusal::DigestMismatch);
    }
    let uses_sha1 = method.digest() == Digest::Sha1 || reference.digest == Digest::Sha1;
    Ok(SignedOctets { octets, limits, key: key.clone(), uses_sha1 })
}
