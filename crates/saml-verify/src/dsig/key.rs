//! Keys that the operator configured.

use core::fmt;

use ::rsa::pkcs1::ALGORITHM_OID;
use ::rsa::traits::PublicKeyParts as _;
use ::rsa::{BoxedUint, Pkcs1v15Sign, Pss, PublicKey};
use der::Decode as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_cert::spki::{EncodePublicKey as _, SubjectPublicKeyInfoRef};

use crate::dsig::algorithm::{Digest, SignatureMethod};
use crate::dsig::rsa;
use crate::encoding::hex;
use crate::error::Refusal;
use crate::limits::RSA_BITS;

/// A public key from configuration: from IdP metadata or pinned. No key is made from a message
/// (row D1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    key: Key,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(PublicKey),
}

/// A signature that does not verify, without a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature;

impl TrustedKey {
    /// Reads a SubjectPublicKeyInfo in DER (RFC 5280 §4.1), for configuration alone: no key that
    /// came in a message may pass through here (row D1). Taken are keys on P-256 and P-384, and
    /// RSA keys of 2048 to 8192 bits with an exponent of at least 65537 (row D5); any other is
    /// `signing_key_unsupported`.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Refusal> {
        let spki = SubjectPublicKeyInfoRef::from_der(der);
        Self::from_spki(spki.map_err(|_| Refusal::SigningKeyUnsupported)?)
    }

    /// The key of a SubjectPublicKeyInfo that is decoded already.
    pub(super) fn from_spki(spki: SubjectPublicKeyInfoRef<'_>) -> Result<Self, Refusal> {
        // The crate also reads id-RSASSA-PSS, a key that may sign nothing but PSS (RFC 4055 §1.2).
        if spki.algorithm.oid == ALGORITHM_OID {
            let key = PublicKey::try_from(spki).map_err(|_| Refusal::SigningKeyUnsupported)?;
            return Self::from_rsa(key);
        }
        let key = p256::PublicKey::try_from(spki.clone()).map(|key| Key::P256(key.into()));
        let key = key.or_else(|_| p384::PublicKey::try_from(spki).map(|key| Key::P384(key.into())));
        key.map(|key| Self { key }).map_err(|_| Refusal::SigningKeyUnsupported)
    }

    /// The RSA key with this modulus and this exponent, big-endian, under the rules of
    /// [`Self::from_spki_der`].
    pub fn from_rsa_numbers(modulus: &[u8], exponent: &[u8]) -> Result<Self, Refusal> {
        let number = |octets| BoxedUint::from_be_slice_vartime(without_leading_zeros(octets));
        let key = PublicKey::new(number(modulus), number(exponent));
        Self::from_rsa(key.map_err(|_| Refusal::SigningKeyUnsupported)?)
    }

    /// The key at a point (SEC 1 §2.3.3) of the curve that an object identifier names.
    pub(crate) fn from_point(curve: &str, point: &[u8]) -> Result<Self, Refusal> {
        let key = match curve {
            "1.2.840.10045.3.1.7" => {
                p256::PublicKey::from_sec1_bytes(point).map(|key| Key::P256(key.into()))
            }
            "1.3.132.0.34" => {
                p384::PublicKey::from_sec1_bytes(point).map(|key| Key::P384(key.into()))
            }
            _ => return Err(Refusal::SigningKeyUnsupported),
        };
        key.map(|key| Self { key }).map_err(|_| Refusal::SigningKeyUnsupported)
    }

    fn from_rsa(key: PublicKey) -> Result<Self, Refusal> {
        let is_strong = RSA_BITS.contains(&key.n().bit_width_vartime())
            && key.e() >= &BoxedUint::from(65_537_u32);
        is_strong.then_some(Self { key: Key::Rsa(key) }).ok_or(Refusal::SigningKeyUnsupported)
    }

    /// [`Self::fingerprint`] in lower-case hexadecimal digits.
    pub fn id(&self) -> String {
        hex(&self.fingerprint())
    }

    /// SHA-256 of the SubjectPublicKeyInfo in DER, by which operators know it.
    pub fn fingerprint(&self) -> [u8; 32] {
        let spki = match &self.key {
            Key::P256(key) => key.to_public_key_der(),
            Key::P384(key) => key.to_public_key_der(),
            Key::Rsa(key) => key.to_public_key_der(),
        };
        // Keys that cannot be written, if there were any, would share one fingerprint.
        let der = spki.map(|spki| spki.into_vec()).unwrap_or_default();
        Sha256::digest(der).into()
    }
}

/// Verifies `signature` over `octets`. A method of another kind than the key's fails like any
/// wrong signature.
///
/// RSA: exactly as long as the modulus, and the whole encoded block the one that RFC 8017 §9
/// gives (row D4). ECDSA: r and s in exactly the curve's width, DER is refused (row D6).
pub fn verify_octets(
    key: &TrustedKey,
    method: SignatureMethod,
    octets: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    let holds = match (&key.key, method) {
        (Key::Rsa(key), SignatureMethod::RsaPkcs1v15(digest)) => {
            let scheme = match digest {
                Digest::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
                Digest::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                Digest::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                Digest::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
            };
            rsa::holds(key, &scheme.prefix, &digest.of(octets), signature)
        }
        (Key::Rsa(key), SignatureMethod::RsaPss(digest)) => {
            let hash = digest.of(octets);
            match digest {
                Digest::Sha1 => false,
                Digest::Sha256 => key.verify(Pss::<Sha256>::new(), &hash, signature).is_ok(),
                Digest::Sha384 => key.verify(Pss::<Sha384>::new(), &hash, signature).is_ok(),
                Digest::Sha512 => key.verify(Pss::<Sha512>::new(), &hash, signature).is_ok(),
            }
        }
        (Key::P256(key), SignatureMethod::Ecdsa(digest)) => {
            p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_prehash(&digest.of(octets), &it).is_ok())
        }
        (Key::P384(key), SignatureMethod::Ecdsa(digest)) => {
            p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|it| key.verify_prehash(&digest.of(octets), &it).is_ok())
        }
        (Key::Rsa(_), SignatureMethod::Ecdsa(_))
        | (
            Key::P256(_) | Key::P384(_),
            SignatureMethod::RsaPkcs1v15(_) | SignatureMethod::RsaPss(_),
        ) => false,
    };
    holds.then_some(()).ok_or(InvalidSignature)
}

/// Some writers put the sign octet of a DER INTEGER in front of a ds:CryptoBinary, where it adds to
/// the length of the number.
fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

impl fmt::Display for TrustedKey {
    /// Kind and size, such as `RSA 2048`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::P256(_) => formatter.write_str("P-256"),
            Key::P384(_) => formatter.write_str("P-384"),
            Key::Rsa(key) => write!(formatter, "RSA {}", key.n().bit_width_vartime()),
        }
    }
}
