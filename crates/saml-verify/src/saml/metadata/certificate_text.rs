//! ds:X509Certificate (XML-DSig §4.4.4): one certificate by the specification, and in some metadata
//! a whole chain.

use crate::dsig::certificate::first_of_several;
use crate::encoding::base64_decode;
use crate::xml::element::Element;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What one X509Certificate holds.
#[derive(Debug)]
pub(crate) struct CertificateText {
    /// The first certificate, or octets that may be none.
    pub(crate) der: Vec<u8>,
    /// Whether certificates stand behind it, and nothing else.
    pub(crate) is_first_of_several: bool,
}

impl CertificateText {
    /// Reads DER in base64. Some writers put PEM there instead, as it is or in base64 once more,
    /// and some the base64 of one certificate behind that of another, as PEM files of chains have
    /// them.
    pub(crate) fn read(element: Element<'_>) -> Option<Self> {
        let text = element.text().ok()?;
        let pieces = decode(&text)?;
        match str::from_utf8(&pieces.concat()) {
            Ok(text) => Self::of(&decode(text)?),
            Err(_) => Self::of(&pieces),
        }
    }

    /// In several pieces there are several certificates. One piece may hold several too.
    fn of(pieces: &[Vec<u8>]) -> Option<Self> {
        let octets = pieces.concat();
        match first_of_several(&octets) {
            Some(first) => Some(Self { der: first.to_vec(), is_first_of_several: true }),
            None if pieces.len() > 1 => None,
            None => Some(Self { der: octets, is_first_of_several: false }),
        }
    }
}

/// The octets of every block of PEM, or of text without armour.
fn decode(text: &str) -> Option<Vec<Vec<u8>>> {
    let Some(pem) = text.trim().strip_prefix(BEGIN) else { return decode_padded(text) };
    let bodies = pem.split(BEGIN).map(|block| block.trim().strip_suffix(END));
    let decoded = bodies.map(|body| decode_padded(body?)).collect::<Option<Vec<_>>>()?;
    Some(decoded.concat())
}

/// The octets of every piece of base64. Padding ends one.
fn decode_padded(text: &str) -> Option<Vec<Vec<u8>>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('=') {
        let (start, padded) = rest.split_at(at);
        let behind = padded.trim_start_matches(['=', ' ', '\t', '\r', '\n']);
        let (piece, _) = rest.split_at(start.len() + padded.len() - behind.len());
        pieces.push(base64_decode(piece).ok()?);
        rest = behind;
    }
    if pieces.is_empty() || !rest.is_empty() {
        pieces.push(base64_decode(rest).ok()?);
    }
    Some(pieces)
}
