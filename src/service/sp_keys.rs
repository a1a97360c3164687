//! `SP_KEYS`: the service's RSA keys, as they are stored.

use core::fmt;

use der::pem;
use rsa::pkcs1::{self, UintRef};
use rsa::pkcs8::PrivateKeyInfoRef;

use crate::limits::{ENCRYPTED_KEYS, RSA_BITS};

/// A private key as PKCS#8 in DER. Nothing prints it.
pub struct SpKey(Vec<u8>);

impl SpKey {
    /// Reads `SP_KEYS`: one to four PEM blocks `PRIVATE KEY` (PKCS#8, RSA of 2048 bits or more),
    /// newest first, each with its `CERTIFICATE` if there is one. `None` when there is anything
    /// else.
    pub(crate) fn parse_all(text: &str) -> Option<Vec<Self>> {
        let mut keys = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (block, behind) = rest.split_once("-----END ")?;
            let (label, behind) = behind.split_once("-----")?;
            let block = format!("{block}-----END {label}-----\n");
            let (label, octets) = pem::decode_vec(block.as_bytes()).ok()?;
            match label {
                "PRIVATE KEY" if is_rsa(&octets) => keys.push(Self(octets)),
                "CERTIFICATE" => {}
                _ => return None,
            }
            rest = behind.trim_start();
        }
        (1..=ENCRYPTED_KEYS).contains(&keys.len()).then_some(keys)
    }

    /// PKCS#8 in DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.0
    }
}

/// WebCrypto would take other keys, too, and then say no more than that decrypting failed.
fn is_rsa(pkcs8: &[u8]) -> bool {
    let Ok(info) = PrivateKeyInfoRef::try_from(pkcs8) else { return false };
    let key = pkcs1::RsaPrivateKey::<UintRef<'_>>::try_from(info.private_key);
    let octets = key.map_or(0, |key| key.modulus.as_bytes().len());
    let bits = u32::try_from(octets).unwrap_or(u32::MAX).saturating_mul(8);
    info.algorithm.oid == pkcs1::ALGORITHM_OID && RSA_BITS.contains(&bits)
}

impl fmt::Debug for SpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SpKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = include_str!("../../tests/common/sp.key.pem");

    fn block(label: &str, base64: &str) -> String {
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    }

    #[test]
    fn reads_keys_and_passes_over_their_certificates() {
        let text = KEY.to_owned() + "\n" + &block("CERTIFICATE", "BAUG") + KEY;
        let keys = SpKey::parse_all(&text).expect("readable");
        assert_eq!(format!("{keys:?}"), "[SpKey, SpKey]");
        assert!(SpKey::parse_all(&KEY.repeat(4)).is_some());
    }

    #[test]
    fn refuses_keys_that_could_not_decrypt() {
        let ec = "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==";
        for text in [
            "x".to_owned(),
            KEY.to_owned() + "x",
            KEY.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
            block("PRIVATE KEY", "?"),
            block("PRIVATE KEY", "AQID"),
            block("PRIVATE KEY", ec),
            block("CERTIFICATE", "BAUG"),
            KEY.repeat(5),
        ] {
            assert!(SpKey::parse_all(&text).is_none(), "{text}");
        }
    }
}
