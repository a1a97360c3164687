//! Keys that the operator configured.

use der::referenced::OwnedToRef;
use rsa::Pkcs1v15Sign;
use rsa::traits::PublicKeyParts;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::algorithm::{Digest, SignatureMethod};
use crate::error::Refusal;
use crate::limits::RSA_BITS;

/// A public key from an account's own IdP metadata. No key is ever made from a message (row D1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    rsa: rsa::PublicKey,
}

/// A signature that does not verify. There is nothing more to say about it, and nobody to say it
/// to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature;

impl TrustedKey {
    /// Takes an RSA key of 2048 to 8192 bits with an exponent of at least 65537 (row D5); any other
    /// is `signing_key_unsupported`.
    pub(super) fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, Refusal> {
        let unsupported = Refusal::SigningKeyUnsupported;
        let rsa = rsa::PublicKey::try_from(spki.owned_to_ref()).map_err(|_| unsupported)?;
        let bits = rsa.n().bit_width_vartime();
        if !RSA_BITS.contains(&bits) || rsa.e() < &rsa::BoxedUint::from(65_537_u32) {
            return Err(unsupported);
        }
        Ok(Self { rsa })
    }

    /// Size of the modulus in bits.
    pub fn bits(&self) -> u32 {
        self.rsa.n().bit_width_vartime()
    }

    /// Verifies `signature` over `octets`. The signature must be exactly as long as the modulus,
    /// and the whole encoded block must be the one that RFC 8017 §9.2 gives (row D4).
    pub fn verify(
        &self,
        method: SignatureMethod,
        octets: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let SignatureMethod::RsaPkcs1v15(digest) = method;
        let scheme = match digest {
            Digest::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Digest::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Digest::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        };
        self.rsa.verify(scheme, &digest.of(octets), signature).map_err(|_| InvalidSignature)
    }
}
