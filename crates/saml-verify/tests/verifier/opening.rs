//! Decryption with private keys that are here, as a caller of `receive` does it.

use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Oaep, PrivateKey};
use saml_verify::error::Refusal;
use saml_verify::saml::{Received, receive};
use saml_verify::xmlenc::{EncryptedKey, OaepDigest};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use crate::common::said::Said;
use crate::common::{NOW, expected};

/// What the Response in `message` says once the private keys in `pems` have opened it.
pub(crate) fn open(message: &str, pems: &[&str]) -> Result<Said, Refusal> {
    let keys = pems.iter().map(|pem| PrivateKey::from_pkcs8_pem(pem).expect("a PKCS#8 key"));
    let keys: Vec<_> = keys.collect();
    let expected = expected();
    let mut received = receive(message, &expected, NOW)?;
    loop {
        received = match received {
            Received::Accepted(accepted) => return Ok(Said::of(&accepted)),
            Received::Sealed(sealed) => {
                let content_key = content_key(sealed.keys(), &keys);
                sealed.open(&content_key.ok_or(Refusal::DecryptionFailed)?)?
            }
        };
    }
}

fn content_key(encrypted: &[EncryptedKey], keys: &[PrivateKey]) -> Option<Vec<u8>> {
    let pairs = keys.iter().flat_map(|key| encrypted.iter().map(move |it| (key, it)));
    pairs.filter_map(|(key, encrypted)| decrypt(key, encrypted)).next()
}

fn decrypt(key: &PrivateKey, encrypted: &EncryptedKey) -> Option<Vec<u8>> {
    let cipher = &encrypted.cipher;
    let content_key = match encrypted.digest {
        OaepDigest::Sha1 => key.decrypt(Oaep::<Sha1>::new(), cipher),
        OaepDigest::Sha256 => key.decrypt(Oaep::<Sha256>::new(), cipher),
        OaepDigest::Sha384 => key.decrypt(Oaep::<Sha384>::new(), cipher),
        OaepDigest::Sha512 => key.decrypt(Oaep::<Sha512>::new(), cipher),
    };
    content_key.ok()
}
