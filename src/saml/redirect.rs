//! The HTTP Redirect binding (Bindings §3.4).

use url::Url;

use crate::encoding::{base64_decode, base64_encode, deflate, inflate};
use crate::error::Refusal;
use crate::limits::REDIRECT_OCTETS;

/// The address that carries `request_xml` to `endpoint`, whose own query is kept (Bindings
/// §3.4.4.1). No RelayState: where the browser goes afterwards is ours to remember.
pub fn request_url(endpoint: &Url, request_xml: &str) -> Url {
    let message = base64_encode(&deflate(request_xml.as_bytes()));
    let mut url = endpoint.clone();
    url.set_fragment(None);
    url.query_pairs_mut().append_pair("SAMLRequest", &message);
    url
}

/// The XML text in a SAMLRequest or SAMLResponse parameter, percent-decoded already (Bindings
/// §3.4.4.1): base64, then DEFLATE that may unfold to [`REDIRECT_OCTETS`] and no further (row H8).
pub fn decode_message(parameter: &str) -> Result<String, Refusal> {
    if parameter.len() > REDIRECT_OCTETS {
        return Err(Refusal::MessageTooLarge);
    }
    let octets = inflate(&base64_decode(parameter)?, REDIRECT_OCTETS)?;
    String::from_utf8(octets).map_err(|_| Refusal::NotUtf8)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec;

    use super::*;

    fn decode(text: &[u8]) -> Result<String, Refusal> {
        decode_message(&base64_encode(&compress_to_vec(text, 9)))
    }

    #[test]
    fn decodes_what_was_sent() {
        assert_eq!(decode(b"<samlp:LogoutRequest/>").as_deref(), Ok("<samlp:LogoutRequest/>"));
        let sent = request_url(&Url::parse("https://idp.example/?a=b").unwrap(), "<x/>");
        let (_, message) = sent.query_pairs().find(|(name, _)| name == "SAMLRequest").unwrap();
        assert_eq!(decode_message(&message).as_deref(), Ok("<x/>"));
    }

    /// Row H8: a thousandfold bomb stops at the cap.
    #[test]
    fn refuses_a_deflate_bomb() {
        assert_eq!(
            decode(&vec![b' '; REDIRECT_OCTETS]).map(|text| text.len()),
            Ok(REDIRECT_OCTETS)
        );
        assert_eq!(decode(&vec![b' '; REDIRECT_OCTETS + 1]), Err(Refusal::MessageTooLarge));
        assert_eq!(decode(&vec![b' '; 64 * 1024 * 1024]), Err(Refusal::MessageTooLarge));
        assert_eq!(decode_message(&"A".repeat(REDIRECT_OCTETS + 1)), Err(Refusal::MessageTooLarge));
    }

    #[test]
    fn refuses_what_is_no_message() {
        assert_eq!(decode_message("?"), Err(Refusal::Base64Malformed));
        assert_eq!(decode_message(&base64_encode(b"<x/>")), Err(Refusal::DeflateMalformed));
        assert_eq!(decode_message(""), Err(Refusal::DeflateMalformed));
        assert_eq!(decode(&[0xff]), Err(Refusal::NotUtf8));
    }
}
