//! Secrets of 32 octets, and what is derived from them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::encoding::base64url_decode;

/// One of `SESSION_KEYS` or `TOKEN_KEYS`. Nothing prints it.
pub(crate) struct SecretKey([u8; 32]);

impl SecretKey {
    /// Reads 32 octets in base64url without padding.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        base64url_decode(text)?.try_into().ok().map(Self)
    }

    /// The secret itself, for the algorithm that takes it whole.
    pub(crate) const fn octets(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one purpose alone, so that what is made for one is worthless for another.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.0).chain_update(purpose).finalize().into_bytes().into()
    }
}

/// HMAC-SHA256 under a key of 32 octets, which the algorithm pads with zeros to a block (RFC 2104 §2).
pub(crate) fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    for (place, octet) in block.iter_mut().zip(key) {
        *place = *octet;
    }
    Hmac::new(&block.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    #[test]
    fn pads_as_rfc_4231_test_case_1_does() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let tag = hmac(&key).chain_update(b"Hi There").finalize().into_bytes();
        assert_eq!(hex(&tag), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn takes_exactly_32_octets() {
        assert!(SecretKey::parse(&"A".repeat(43)).is_some());
        for text in [
            "",
            "A",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", "A".repeat(43)),
            &"+".repeat(43),
        ] {
            assert!(SecretKey::parse(text).is_none(), "{text}");
        }
    }
}
