//! Base64 as XML and forms carry it: one alphabet, one rule for white space.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::{memchr, memchr3};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::error::Refusal;
use crate::limits::SHOWN_CHARACTERS;

/// Decodes `xs:base64Binary` (XML Schema part 2 §3.2.16): the standard alphabet with padding, and
/// XML white space anywhere, since most IdPs wrap lines. Everything else is refused.
pub fn base64_decode(text: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(&*packed(text)).map_err(|_| Refusal::Base64Malformed)
}

/// Without white space. Most text has none, and to see that takes no time.
fn packed(text: &str) -> Cow<'_, [u8]> {
    let text = text.as_bytes();
    if memchr3(b' ', b'\r', b'\n', text).is_none() && memchr(b'\t', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut packed = Vec::with_capacity(text.len());
    packed.extend(text.iter().filter(|octet| !b" \t\r\n".contains(octet)));
    Cow::Owned(packed)
}

/// Encodes without line breaks.
pub fn base64_encode(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}

/// As much of `text` as is shown to people.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let cut = text.char_indices().nth(SHOWN_CHARACTERS).and_then(|(at, _)| text.get(..at));
    cut.map_or(Cow::Borrowed(text), |cut| Cow::Owned(format!("{cut}…")))
}

/// Lower-case hexadecimal.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// DEFLATE for the Redirect binding (Bindings §3.4.4.1), in stored blocks (RFC 1951 §3.2.4): any
/// inflater reads them, and for requests this short a compressor weighs more than it saves.
pub fn deflate(octets: &[u8]) -> Vec<u8> {
    let blocks = octets.chunks(u16::MAX.into());
    let last = blocks.len().saturating_sub(1);
    let mut deflated = Vec::with_capacity(octets.len().saturating_add(5));
    for (index, block) in blocks.enumerate() {
        // A chunk of at most u16::MAX octets has a length that fits.
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        deflated.push(u8::from(index == last));
        deflated.extend(length.to_le_bytes());
        deflated.extend((!length).to_le_bytes());
        deflated.extend(block);
    }
    deflated
}

/// Inflates raw DEFLATE (RFC 1951) to at most `most` octets.
pub fn inflate(octets: &[u8], most: usize) -> Result<Vec<u8>, Refusal> {
    decompress_to_vec_with_limit(octets, most).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => Refusal::MessageTooLarge,
        _ => Refusal::DeflateMalformed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deflates_what_an_inflater_reads() {
        for length in [1, 5, 65_535, 65_536, 200_000] {
            let octets = b"<samlp>".iter().copied().cycle().take(length).collect::<Vec<u8>>();
            let inflated = miniz_oxide::inflate::decompress_to_vec(&deflate(&octets)).unwrap();
            assert_eq!(inflated, octets);
        }
    }

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
