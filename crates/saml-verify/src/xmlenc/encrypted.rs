//! EncryptedData and EncryptedKey (XML Encryption §3): what there is to decrypt, and with what.

use std::borrow::Cow;

use crate::encoding::base64_decode;
use crate::error::Refusal;
use crate::limits::ENCRYPTED_KEYS;
use crate::xml::element::Element;
use crate::xml::name::{
    CIPHER_DATA, CIPHER_VALUE, DIGEST_METHOD, ENCRYPTED_DATA, ENCRYPTED_KEY, ENCRYPTION_METHOD,
    KEY_INFO, MGF, OAEP_PARAMS,
};
use crate::xml::sequence::Sequence;
use crate::xmlenc::algorithm::{DataEncryption, OaepDigest};

/// An encrypted element with the keys that open it.
#[derive(Clone, Debug)]
pub struct EncryptedData {
    pub(super) encryption: DataEncryption,
    pub(super) cipher: Vec<u8>,
    keys: Vec<EncryptedKey>,
}

/// A content key, encrypted to one recipient.
#[derive(Clone, Debug)]
pub struct EncryptedKey {
    /// The hash of RSA-OAEP.
    pub digest: OaepDigest,
    /// The RSA ciphertext.
    pub cipher: Vec<u8>,
}

/// Whether the octets around the EncryptedData were authentic when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// A signature over them held.
    Verified,
    /// No signature covers them.
    Unverified,
}

impl EncryptedData {
    /// Reads an EncryptedAssertion or EncryptedID (Core §2.3.4, §2.2.4): one EncryptedData with its
    /// EncryptedKeys inside its KeyInfo or behind it, for four recipients at most (row E3).
    ///
    /// AES-CBC is taken from verified surroundings alone, so that an attacker cannot test changed
    /// ciphertexts (padding oracle). The IdP of any account can still sign around what is encrypted
    /// for another. It learns nothing from the answer, which is the same for whatever does not name
    /// its account (row E2).
    pub fn read(sealed: Element<'_>, surroundings: Surroundings) -> Result<Self, Refusal> {
        let mut parts = sequence(sealed)?;
        let data = parts.optional(ENCRYPTED_DATA).ok_or(Refusal::EncryptionMalformed)?;
        let mut keys = Vec::new();
        while let Some(key) = parts.optional(ENCRYPTED_KEY) {
            keys.push(key);
        }
        end(parts)?;

        let mut parts = sequence(data)?;
        let method = parts.optional(ENCRYPTION_METHOD).ok_or(Refusal::EncryptionMalformed)?;
        let key_info = parts.optional(KEY_INFO);
        let cipher = read_cipher(&mut parts)?;
        let encryption = DataEncryption::from_uri(&algorithm(method)?)?;
        if surroundings == Surroundings::Unverified && !encryption.authenticates() {
            return Err(Refusal::CbcWithoutSignature);
        }
        keys.extend(key_info.into_iter().flat_map(|info| info.children_named(ENCRYPTED_KEY)));
        if keys.is_empty() || keys.len() > ENCRYPTED_KEYS {
            return Err(Refusal::EncryptedKeyCount);
        }
        let keys = keys.into_iter().map(EncryptedKey::read).collect::<Result<_, _>>()?;
        Ok(Self { encryption, cipher, keys })
    }

    /// The content key as each recipient gets it; never empty.
    pub fn keys(&self) -> &[EncryptedKey] {
        &self.keys
    }
}

impl EncryptedKey {
    fn read(key: Element<'_>) -> Result<Self, Refusal> {
        let mut parts = sequence(key)?;
        let method = parts.optional(ENCRYPTION_METHOD).ok_or(Refusal::EncryptionMalformed)?;
        let _ = parts.optional(KEY_INFO);
        let cipher = read_cipher(&mut parts)?;
        let child = |name| method.children_named(name).next();
        if child(OAEP_PARAMS).is_some() {
            return Err(Refusal::KeyTransportUnsupported);
        }
        let digest = child(DIGEST_METHOD).map(algorithm).transpose()?;
        let mgf = child(MGF).map(algorithm).transpose()?;
        Ok(Self {
            digest: OaepDigest::of_transport(
                &algorithm(method)?,
                digest.as_deref(),
                mgf.as_deref(),
            )?,
            cipher,
        })
    }
}

/// CipherData with its value in place. CipherReference would be fetched from somewhere: refused.
fn read_cipher(parts: &mut Sequence<'_>) -> Result<Vec<u8>, Refusal> {
    let data = parts.optional(CIPHER_DATA).ok_or(Refusal::EncryptionMalformed)?;
    let mut parts = sequence(data)?;
    let value = parts.optional(CIPHER_VALUE).ok_or(Refusal::EncryptionMalformed)?;
    end(parts)?;
    let text = value.text().map_err(malformed)?;
    base64_decode(&text).map_err(malformed)
}

fn algorithm(method: Element<'_>) -> Result<Cow<'_, str>, Refusal> {
    method.token("Algorithm").ok_or(Refusal::EncryptionMalformed)
}

fn sequence(element: Element<'_>) -> Result<Sequence<'_>, Refusal> {
    element.sequence().map_err(malformed)
}

fn end(parts: Sequence<'_>) -> Result<(), Refusal> {
    parts.end().map_err(malformed)
}

const fn malformed(_: Refusal) -> Refusal {
    Refusal::EncryptionMalformed
}
