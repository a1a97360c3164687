//! Encryption algorithm URIs, and the few of them that are known here.

use crate::error::Refusal;

/// How the content is encrypted (XML Encryption 1.1 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataEncryption {
    /// AES-128-GCM, `http://www.w3.org/2009/xmlenc11#aes128-gcm`
    Aes128Gcm,
    /// AES-192-GCM, `http://www.w3.org/2009/xmlenc11#aes192-gcm`
    Aes192Gcm,
    /// AES-256-GCM, `http://www.w3.org/2009/xmlenc11#aes256-gcm`
    Aes256Gcm,
    /// AES-128-CBC, `http://www.w3.org/2001/04/xmlenc#aes128-cbc`
    Aes128Cbc,
    /// AES-192-CBC, `http://www.w3.org/2001/04/xmlenc#aes192-cbc`
    Aes192Cbc,
    /// AES-256-CBC, `http://www.w3.org/2001/04/xmlenc#aes256-cbc`
    Aes256Cbc,
}

impl DataEncryption {
    /// The method that EncryptionMethod/@Algorithm names. Triple DES is not among them.
    pub fn from_uri(uri: &str) -> Result<Self, Refusal> {
        Ok(match uri {
            "http://www.w3.org/2009/xmlenc11#aes128-gcm" => Self::Aes128Gcm,
            "http://www.w3.org/2009/xmlenc11#aes192-gcm" => Self::Aes192Gcm,
            "http://www.w3.org/2009/xmlenc11#aes256-gcm" => Self::Aes256Gcm,
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc" => Self::Aes128Cbc,
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc" => Self::Aes192Cbc,
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc" => Self::Aes256Cbc,
            _ => return Err(Refusal::DataEncryptionUnsupported),
        })
    }

    /// True for the methods that notice a changed ciphertext by themselves. CBC does not: an
    /// attacker who learns often enough whether a guess decrypts learns the plaintext (row E2).
    pub(super) const fn authenticates(self) -> bool {
        match self {
            Self::Aes128Gcm | Self::Aes192Gcm | Self::Aes256Gcm => true,
            Self::Aes128Cbc | Self::Aes192Cbc | Self::Aes256Cbc => false,
        }
    }
}

/// The one hash of RSA-OAEP (XML Encryption 1.1 §5.5.2), for its label and for MGF1 alike.
///
/// SHA-1 is sound here, because a collision is of no use to an attacker, and Entra and AD FS send
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OaepDigest {
    /// SHA-1
    Sha1,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl OaepDigest {
    /// The hash of a key transport with this Algorithm, DigestMethod and MGF.
    ///
    /// WebCrypto ties MGF1 to the digest, so a transport where they differ is refused in words of
    /// its own (row E5). RSAES-PKCS1-v1_5 is refused like anything unknown (row E2).
    pub(super) fn of_transport(
        algorithm: &str,
        digest_method: Option<&str>,
        mgf: Option<&str>,
    ) -> Result<Self, Refusal> {
        let mgf = match (algorithm, mgf) {
            ("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", None)
            | ("http://www.w3.org/2009/xmlenc11#rsa-oaep", None) => Self::Sha1,
            ("http://www.w3.org/2009/xmlenc11#rsa-oaep", Some(mgf)) => Self::of_mgf(mgf)?,
            _ => return Err(Refusal::KeyTransportUnsupported),
        };
        let digest = digest_method.map_or(Ok(Self::Sha1), Self::of_digest_method)?;
        if digest != mgf {
            return Err(Refusal::OaepDigestsDiffer);
        }
        Ok(digest)
    }

    fn of_digest_method(uri: &str) -> Result<Self, Refusal> {
        Ok(match uri {
            "http://www.w3.org/2000/09/xmldsig#sha1" => Self::Sha1,
            "http://www.w3.org/2001/04/xmlenc#sha256" => Self::Sha256,
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Self::Sha384,
            "http://www.w3.org/2001/04/xmlenc#sha512" => Self::Sha512,
            _ => return Err(Refusal::KeyTransportUnsupported),
        })
    }

    fn of_mgf(uri: &str) -> Result<Self, Refusal> {
        Ok(match uri {
            "http://www.w3.org/2009/xmlenc11#mgf1sha1" => Self::Sha1,
            "http://www.w3.org/2009/xmlenc11#mgf1sha256" => Self::Sha256,
            "http://www.w3.org/2009/xmlenc11#mgf1sha384" => Self::Sha384,
            "http://www.w3.org/2009/xmlenc11#mgf1sha512" => Self::Sha512,
            _ => return Err(Refusal::KeyTransportUnsupported),
        })
    }
}
