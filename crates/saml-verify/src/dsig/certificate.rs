//! X.509 as SAML metadata uses it: an envelope around a key, whose dates warn and never decide.

use der::asn1::AnyRef;
use der::referenced::OwnedToRef as _;
use der::{Decode, Encode as _, Reader as _, SliceReader, Tag, TagNumber};
use sha2::{Digest as _, Sha256};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::dsig::distinguished_name::describe;
use crate::dsig::key::TrustedKey;
use crate::error::Refusal;
use crate::time::UnixTime;

/// A certificate from IdP metadata. Only its key is trusted: SAML metadata is the trust anchor,
/// not a certification path (Metadata IOP §2.5).
#[derive(Clone, Debug)]
pub struct Certificate {
    fingerprint: [u8; 32],
    subject: String,
    /// SHA-256 of the names of subject and issuer in DER, which may be as long as the metadata.
    names: [[u8; 32]; 2],
    not_before: UnixTime,
    not_after: UnixTime,
    key: Result<TrustedKey, Refusal>,
}

impl Certificate {
    /// Reads a DER certificate; what is not one is `certificate_malformed`. Real certificates bend
    /// RFC 5280 (serial numbers of zero or too long), so its profile is not enforced.
    pub fn from_der(der: &[u8]) -> Result<Self, Refusal> {
        let malformed = |_| Refusal::CertificateMalformed;
        let certificate = CertificateInner::<Raw>::from_der(der).map_err(malformed)?;
        let tbs = certificate.tbs_certificate();
        let name = |name: &Name| {
            let der = name.to_der().map_err(malformed)?;
            Ok::<[u8; 32], Refusal>(Sha256::digest(der).into())
        };
        let time = |time: x509_cert::time::Time| {
            UnixTime::from_seconds(
                i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX),
            )
        };
        Ok(Self {
            fingerprint: Sha256::digest(der).into(),
            subject: describe(tbs.subject()),
            names: [name(tbs.subject())?, name(tbs.issuer())?],
            not_before: time(tbs.validity().not_before),
            not_after: time(tbs.validity().not_after),
            key: TrustedKey::from_spki(tbs.subject_public_key_info().owned_to_ref()),
        })
    }

    /// SHA-256 of the DER.
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// The subject's distinguished name, as far as it is shown to people.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// True when this is the certificate of the authority that issued `other`, by its name. One
    /// that was issued to its own issuer, as renewals of a self-signed one are, needs no authority.
    pub(crate) fn names_issuer_of(&self, other: &Self) -> bool {
        let [own_subject, _] = &self.names;
        let [subject, issuer] = &other.names;
        issuer != subject && issuer == own_subject
    }

    /// First second of the validity period.
    pub const fn not_before(&self) -> UnixTime {
        self.not_before
    }

    /// Last second of the validity period.
    pub const fn not_after(&self) -> UnixTime {
        self.not_after
    }

    /// The key, or `signing_key_unsupported` when its kind or size is not taken.
    pub const fn key(&self) -> Result<&TrustedKey, Refusal> {
        match &self.key {
            Ok(key) => Ok(key),
            Err(refusal) => Err(*refusal),
        }
    }
}

impl TrustedKey {
    /// The key of a certificate that [`Certificate::from_der`] does not read: with odd dates or
    /// extensions, or octets behind its end. Other libraries take such ones, and what is trusted is
    /// only the key inside.
    pub(crate) fn from_odd_certificate(der: &[u8]) -> Result<Self, Refusal> {
        let spki = find_spki(der).map_err(|_| Refusal::CertificateMalformed)?;
        Self::from_spki(spki)
    }
}

/// The DER of the first certificate, where nothing but certificates stands behind it. It need not
/// be well-formed itself.
pub(crate) fn first_of_several(der: &[u8]) -> Option<&[u8]> {
    let mut rest = SliceReader::new(der).ok()?;
    let first = rest.tlv_bytes().ok()?;
    if rest.is_finished() {
        return None;
    }
    while !rest.is_finished() {
        CertificateInner::<Raw>::decode(&mut rest).ok()?;
    }
    Some(first)
}

/// SubjectPublicKeyInfo by its place in TBSCertificate (RFC 5280 §4.1); nothing around it is looked
/// into.
fn find_spki(der: &[u8]) -> der::Result<SubjectPublicKeyInfoRef<'_>> {
    let certificate = AnyRef::decode(&mut SliceReader::new(der)?)?;
    certificate.header().tag().assert_eq(Tag::Sequence)?;
    let tbs = AnyRef::decode(&mut SliceReader::new(certificate.value())?)?;
    tbs.header().tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(tbs.value())?;
    let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    if AnyRef::decode(&mut fields)?.header().tag() == version {
        AnyRef::decode(&mut fields)?;
    }
    // Behind the serial number: signature, issuer, validity, subject.
    for _ in 0..4 {
        AnyRef::decode(&mut fields)?;
    }
    SubjectPublicKeyInfoRef::decode(&mut fields)
}
