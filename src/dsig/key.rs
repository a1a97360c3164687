//! Keys that the operator configured.

use core::fmt;

use ::rsa::traits::PublicKeyParts as _;
use ::rsa::{BoxedUint, Pkcs1v15Sign, Pss, PublicKey};
use der::referenced::OwnedToRef as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::algorithm::{Digest, SignatureMethod};
use super::rsa;
use crate::error::Refusal;
use crate::limits::RSA_BITS;

/// A public key from an account's own IdP metadata. No key is ever made from a message (row D1).
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

/// A signature that does not verify. There is nothing more to say about it, and nobody to say it
/// to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature;

impl TrustedKey {
    /// Takes a key on P-256 or P-384, or an RSA key of 2048 to 8192 bits with an exponent of at
    /// least 65537 (row D5); any other is `signing_key_unsupported`.
    pub(super) fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, Refusal> {
        let spki = spki.owned_to_ref();
        let key = if let Ok(key) = PublicKey::try_from(spki.clone()) {
            let is_strong = RSA_BITS.contains(&key.n().bit_width_vartime())
                && key.e() >= &BoxedUint::from(65_537_u32);
            Some(key).filter(|_| is_strong).map(Key::Rsa)
        } else if let Ok(key) = p256::PublicKey::try_from(spki.clone()) {
            Some(Key::P256(key.into()))
        } else {
            p384::PublicKey::try_from(spki).ok().map(|key| Key::P384(key.into()))
        };
        key.map(|key| Self { key }).ok_or(Refusal::SigningKeyUnsupported)
    }

    /// Verifies `signature` over `octets`. A method of another kind than the key's fails like any
    /// wrong signature.
    ///
    /// RSA: exactly as long as the modulus, and the whole encoded block the one that RFC 8017 §9
    /// gives (row D4). ECDSA: r and s in exactly the curve's width, DER is refused (row D6).
    pub fn verify(
        &self,
        method: SignatureMethod,
        octets: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let holds = match (&self.key, method) {
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
