//! From ciphertext to text, with one answer to everything that goes wrong (row E2).

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::Aead;
use aes_gcm::aead::consts::U12;
use aes_gcm::{AesGcm, KeyInit};
use cbc::Decryptor;
use cbc::cipher::block_padding::Iso10126;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};

use crate::error::Refusal;
use crate::xmlenc::algorithm::DataEncryption;
use crate::xmlenc::encrypted::EncryptedData;

impl EncryptedData {
    /// The text that was encrypted. Whatever fails, a wrong key, a changed ciphertext, bad padding
    /// or no UTF-8, is `decryption_failed`.
    pub fn decrypt(&self, content_key: &[u8]) -> Result<String, Refusal> {
        let octets = self.decrypt_octets(content_key)?;
        String::from_utf8(octets).map_err(|_| Refusal::DecryptionFailed)
    }

    /// The octets that were encrypted. `content_key` must be of exactly the algorithm's size.
    pub fn decrypt_octets(&self, content_key: &[u8]) -> Result<Vec<u8>, Refusal> {
        let cipher = &self.cipher;
        let octets = match self.encryption {
            DataEncryption::Aes128Gcm => open_gcm::<AesGcm<Aes128, U12>>(content_key, cipher),
            DataEncryption::Aes192Gcm => open_gcm::<AesGcm<Aes192, U12>>(content_key, cipher),
            DataEncryption::Aes256Gcm => open_gcm::<AesGcm<Aes256, U12>>(content_key, cipher),
            DataEncryption::Aes128Cbc => open_cbc::<Decryptor<Aes128>>(content_key, cipher),
            DataEncryption::Aes192Cbc => open_cbc::<Decryptor<Aes192>>(content_key, cipher),
            DataEncryption::Aes256Cbc => open_cbc::<Decryptor<Aes256>>(content_key, cipher),
        };
        octets.ok_or(Refusal::DecryptionFailed)
    }
}

/// XML Encryption 1.1 §5.2.4: a nonce of 96 bits in front, a tag of 128 bits behind.
fn open_gcm<C: Aead + KeyInit>(content_key: &[u8], cipher: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = cipher.split_at_checked(12)?;
    let nonce = nonce.try_into().ok()?;
    C::new_from_slice(content_key).ok()?.decrypt(nonce, sealed).ok()
}

/// XML Encryption 1.1 §5.2.2: an initialization vector of one block in front; the last octet counts
/// the padding, the other octets of which are arbitrary.
fn open_cbc<C: BlockModeDecrypt + KeyIvInit>(content_key: &[u8], cipher: &[u8]) -> Option<Vec<u8>> {
    let (vector, sealed) = cipher.split_at_checked(16)?;
    C::new_from_slices(content_key, vector).ok()?.decrypt_padded_vec::<Iso10126>(sealed).ok()
}
