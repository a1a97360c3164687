//! From octets to text, by the byte order mark alone.

use crate::error::Refusal;

/// The text of a document in UTF-16, where its byte order mark says so, or else in UTF-8: the two
/// encodings that every XML processor reads (XML §4.3.3). The encoding in the XML declaration is
/// not considered. Other octets are [`Refusal::NotUtf8`].
pub fn decode_document(octets: Vec<u8>) -> Result<String, Refusal> {
    match *octets.as_slice() {
        [0xff, 0xfe, ref text @ ..] => decode_utf_16(text, u16::from_le_bytes),
        [0xfe, 0xff, ref text @ ..] => decode_utf_16(text, u16::from_be_bytes),
        _ => String::from_utf8(octets).map_err(|_| Refusal::NotUtf8),
    }
}

/// Half a unit at the end, or half a surrogate pair, is no text.
fn decode_utf_16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Refusal> {
    let (units, rest) = octets.as_chunks::<2>();
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty());
    text.ok_or(Refusal::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character beside each of its neighbours in the table, by the standard library's own
    /// encoder.
    #[test]
    fn utf_16_of_either_order_says_what_utf_8_does() {
        let text: String = ('\0'..=char::MAX).collect();
        let units: Vec<u16> = text.encode_utf16().collect();
        let octets = |mark: [u8; 2], of: fn(u16) -> [u8; 2]| {
            let units = units.iter().flat_map(|unit| of(*unit));
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let little = octets([0xff, 0xfe], u16::to_le_bytes);
        let big = octets([0xfe, 0xff], u16::to_be_bytes);
        assert!(decode_document(little) == Ok(text.clone()));
        assert!(decode_document(big) == Ok(text.clone()));
        assert!(decode_document(text.clone().into()) == Ok(text));
    }

    #[test]
    fn half_a_character_is_no_text() {
        for octets in [
            &b"\xff\xfe<"[..],
            b"\xfe\xff\x00<\x00",
            b"\xff\xfe\x00\xd8",
            b"\xff\xfe\x00\xd8a\x00",
            b"\xff\xfe\x00\xdc\x00\xd8",
            b"\xfe\xff\xd8\x00\xd8\x00\xdc\x00",
            b"\xff",
            b"\xfe\xfe\x00<",
            b"\xef\xbb",
            b"\xed\xa0\x80",
        ] {
            assert_eq!(decode_document(octets.to_vec()), Err(Refusal::NotUtf8), "{octets:x?}");
        }
        // UTF-32 begins with the same mark: what follows is U+0000, which XML has not.
        assert_eq!(decode_document(b"\xff\xfe\0\0".to_vec()).as_deref(), Ok("\0"));
        assert_eq!(decode_document(b"\xff\xfe".to_vec()).as_deref(), Ok(""));
        // A mark in UTF-8 stays, as it does in text from elsewhere.
        assert_eq!(decode_document(b"\xef\xbb\xbf<".to_vec()).as_deref(), Ok("\u{feff}<"));
    }
}
