//! Algorithm URIs, and the few of them that are known here.

use sha1::Sha1 as Sha1Hash;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::error::Refusal;

/// Whether signatures and digests with SHA-1 are accepted (row D3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sha1 {
    /// SHA-1 is refused: the default.
    #[default]
    Refused,
    /// SHA-1 is accepted, because an administrator has asked for it until a day that has not come
    /// yet.
    Allowed,
}

impl Sha1 {
    fn digest(self) -> Result<Digest, Refusal> {
        match self {
            Self::Allowed => Ok(Digest::Sha1),
            Self::Refused => Err(Refusal::Sha1Refused),
        }
    }
}

/// A digest method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// `http://www.w3.org/2000/09/xmldsig#sha1`
    Sha1,
    /// `http://www.w3.org/2001/04/xmlenc#sha256`
    Sha256,
    /// `http://www.w3.org/2001/04/xmldsig-more#sha384`
    Sha384,
    /// `http://www.w3.org/2001/04/xmlenc#sha512`
    Sha512,
}

impl Digest {
    /// The method that DigestMethod/@Algorithm names.
    pub fn from_uri(uri: &str, sha1: Sha1) -> Result<Self, Refusal> {
        match uri {
            "http://www.w3.org/2000/09/xmldsig#sha1" => sha1.digest(),
            SHA256 => Ok(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Self::Sha512),
            _ => Err(Refusal::DigestMethodUnsupported),
        }
    }

    /// The digest of `octets`.
    pub fn of(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1Hash::digest(octets).to_vec(),
            Self::Sha256 => Sha256::digest(octets).to_vec(),
            Self::Sha384 => Sha384::digest(octets).to_vec(),
            Self::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }
}

/// A signature method. HMAC has no variant, so a public key can never serve as a secret (row D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// ECDSA (FIPS 186-4), the value being r and s of exactly the curve's width (RFC 9231 §2.3.6).
    Ecdsa(Digest),
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    RsaPkcs1v15(Digest),
    /// RSASSA-PSS (RFC 8017 §8.1) as RFC 9231 §2.3.10 fixes it: MGF1 with the same digest, the salt
    /// as long as the digest. Nothing of it is left to the message (row D8).
    RsaPss(Digest),
}

impl SignatureMethod {
    /// The method that SignatureMethod/@Algorithm names.
    pub fn from_uri(uri: &str, sha1: Sha1) -> Result<Self, Refusal> {
        Ok(match uri {
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => Self::RsaPkcs1v15(sha1.digest()?),
            RSA_SHA256 => Self::RsaPkcs1v15(Digest::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => {
                Self::RsaPkcs1v15(Digest::Sha384)
            }
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => {
                Self::RsaPkcs1v15(Digest::Sha512)
            }
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => Self::Ecdsa(Digest::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => Self::Ecdsa(Digest::Sha384),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => Self::Ecdsa(Digest::Sha512),
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" => {
                Self::RsaPss(Digest::Sha256)
            }
            "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1" => {
                Self::RsaPss(Digest::Sha384)
            }
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1" => {
                Self::RsaPss(Digest::Sha512)
            }
            _ => return Err(Refusal::SignatureMethodUnsupported),
        })
    }

    /// The digest that is signed.
    pub(crate) const fn digest(self) -> Digest {
        match self {
            Self::Ecdsa(digest) | Self::RsaPkcs1v15(digest) | Self::RsaPss(digest) => digest,
        }
    }
}

/// Transform/@Algorithm of the enveloped-signature transform (XML-DSig §6.6.4).
pub(super) const ENVELOPED_SIGNATURE: &str =
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// DigestMethod/@Algorithm of everything that is signed here.
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// SignatureMethod/@Algorithm of everything that is signed here: RSASSA-PKCS1-v1_5 with SHA-256,
/// which every IdP knows.
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
