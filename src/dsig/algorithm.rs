//! Algorithm URIs, and the few of them that are known here.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::error::Refusal;
use crate::xml::name::DS;

/// A digest method: the SHA-2 family. SHA-1 and MD5 have no variant (row D3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// `http://www.w3.org/2001/04/xmlenc#sha256`
    Sha256,
    /// `http://www.w3.org/2001/04/xmldsig-more#sha384`
    Sha384,
    /// `http://www.w3.org/2001/04/xmlenc#sha512`
    Sha512,
}

impl Digest {
    /// The method that DigestMethod/@Algorithm names.
    pub fn from_uri(uri: &str) -> Result<Self, Refusal> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Self::Sha512),
            _ => Err(Refusal::DigestMethodUnsupported),
        }
    }

    /// The digest of `octets`.
    pub fn of(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(octets).to_vec(),
            Self::Sha384 => Sha384::digest(octets).to_vec(),
            Self::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }
}

/// A signature method. HMAC has no variant, so a public key can never serve as a secret (row D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2), `http://www.w3.org/2001/04/xmldsig-more#rsa-sha…`
    RsaPkcs1v15(Digest),
}

impl SignatureMethod {
    /// The method that SignatureMethod/@Algorithm names.
    pub fn from_uri(uri: &str) -> Result<Self, Refusal> {
        match uri {
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => {
                Ok(Self::RsaPkcs1v15(Digest::Sha256))
            }
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => {
                Ok(Self::RsaPkcs1v15(Digest::Sha384))
            }
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => {
                Ok(Self::RsaPkcs1v15(Digest::Sha512))
            }
            _ => Err(Refusal::SignatureMethodUnsupported),
        }
    }
}

/// Transform/@Algorithm of the enveloped-signature transform (XML-DSig §6.6.4).
pub(super) fn is_enveloped_signature(uri: &str) -> bool {
    uri.strip_prefix(DS) == Some("enveloped-signature")
}
