//! Octets as text: base64, base64url and hexadecimal digits.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Decodes base64 with padding (RFC 4648 §4); white space may stand anywhere, as in PEM.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let octets: Vec<u8> = text.bytes().filter(|octet| !b" \t\r\n".contains(octet)).collect();
    STANDARD.decode(octets).ok()
}

/// Encodes base64 with padding and without line breaks.
pub fn base64_encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// Decodes base64url without padding (RFC 7515 §2).
pub fn base64url_decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Encodes base64url without padding (RFC 7515 §2).
pub fn base64url_encode(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// Lower-case hexadecimal digits.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
