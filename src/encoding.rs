//! Base64 as XML and forms carry it: one alphabet, one rule for white space.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Refusal;

/// Decodes `xs:base64Binary` (XML Schema part 2 §3.2.16): the standard alphabet with padding, and
/// XML white space anywhere, since most IdPs wrap lines. Everything else is refused.
pub fn base64_decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let packed: Vec<u8> =
        text.bytes().filter(|octet| !matches!(octet, b' ' | b'\t' | b'\r' | b'\n')).collect();
    STANDARD.decode(packed).map_err(|_| Refusal::Base64Malformed)
}

/// Encodes without line breaks.
pub fn base64_encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_wrapped_lines_and_nothing_else() {
        assert_eq!(base64_decode("aGVs\r\n\tbG8=\n"), Ok(b"hello".to_vec()));
        assert_eq!(base64_decode(""), Ok(Vec::new()));
        for text in ["aGVsbG8", "aGVsbG8=!", "aGVs-G8=", "aGVsbG9=", "aGVsbG8==", "a\u{a0}GVsbG8="]
        {
            assert_eq!(base64_decode(text), Err(Refusal::Base64Malformed), "{text}");
        }
    }
}
