//! `SP_KEYS`: the service's RSA keys, as they are stored.

use core::fmt;

use der::pem;

/// A private key as PKCS#8 in DER. Nothing prints it.
pub struct SpKey(Vec<u8>);

impl SpKey {
    /// Reads `SP_KEYS`: PEM blocks `PRIVATE KEY` (PKCS#8), newest first, each with its
    /// `CERTIFICATE` if there is one. `None` when there is anything else.
    pub(crate) fn parse_all(text: &str) -> Option<Vec<Self>> {
        let mut keys = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (block, behind) = rest.split_once("-----END ")?;
            let (label, behind) = behind.split_once("-----")?;
            let block = format!("{block}-----END {label}-----\n");
            let (label, octets) = pem::decode_vec(block.as_bytes()).ok()?;
            match label {
                "PRIVATE KEY" => keys.push(Self(octets)),
                "CERTIFICATE" => {}
                _ => return None,
            }
            rest = behind.trim_start();
        }
        Some(keys)
    }

    /// PKCS#8 in DER.
    pub fn pkcs8(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SpKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(label: &str, base64: &str) -> String {
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    }

    #[test]
    fn reads_keys_and_passes_over_their_certificates() {
        let text = block("PRIVATE KEY", "AQID")
            + "\n"
            + &block("CERTIFICATE", "BAUG")
            + &block("PRIVATE KEY", "BwgJ");
        let keys = SpKey::parse_all(&text).expect("readable");
        let octets: Vec<_> = keys.iter().map(SpKey::pkcs8).collect();
        assert_eq!(octets, [&[1, 2, 3][..], &[7, 8, 9]]);
        assert_eq!(format!("{keys:?}"), "[SpKey, SpKey]");
        for text in [
            "x".to_owned(),
            block("RSA PRIVATE KEY", "AQID"),
            block("PRIVATE KEY", "AQID") + "x",
            block("PRIVATE KEY", "?"),
        ] {
            assert!(SpKey::parse_all(&text).is_none(), "{text}");
        }
    }
}
