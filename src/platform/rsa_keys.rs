//! Private keys in this process, for the command line and for tests.

use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Oaep, Pkcs1v15Sign, PrivateKey};
use saml_verify::limits::RSA_BITS;
use saml_verify::xmlenc::{EncryptedKey, OaepDigest};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::platform::keys::PrivateKeys;

/// RSA keys, newest first.
#[derive(Debug, Default)]
pub struct RsaKeys(Vec<PrivateKey>);

impl RsaKeys {
    /// Reads keys in PEM, each PKCS#8 or PKCS#1; `None` if one is neither, or has fewer bits than
    /// an IdP's may have.
    pub fn from_pems<'p>(pems: impl IntoIterator<Item = &'p str>) -> Option<Self> {
        let key = |pem| {
            let key = PrivateKey::from_pkcs8_pem(pem).or_else(|_| PrivateKey::from_pkcs1_pem(pem));
            key.ok().filter(|key| RSA_BITS.contains(&key.n().bit_width_vartime()))
        };
        pems.into_iter().map(key).collect::<Option<_>>().map(Self)
    }
}

impl PrivateKeys for RsaKeys {
    fn count(&self) -> usize {
        self.0.len()
    }

    async fn unwrap(&self, key: &EncryptedKey, index: usize) -> Option<Vec<u8>> {
        let private = self.0.get(index)?;
        let cipher = &key.cipher;
        let content_key = match key.digest {
            OaepDigest::Sha1 => private.decrypt(Oaep::<Sha1>::new(), cipher),
            OaepDigest::Sha256 => private.decrypt(Oaep::<Sha256>::new(), cipher),
            OaepDigest::Sha384 => private.decrypt(Oaep::<Sha384>::new(), cipher),
            OaepDigest::Sha512 => private.decrypt(Oaep::<Sha512>::new(), cipher),
        };
        content_key.ok()
    }

    async fn sign(&self, octets: &[u8]) -> Option<Vec<u8>> {
        let scheme = Pkcs1v15Sign::new::<Sha256>();
        self.0.first()?.sign(scheme, &Sha256::digest(octets)).ok()
    }
}
