//! The HTTP Redirect binding (Bindings §3.4), for messages to and from an IdP.

use form_urlencoded::Serializer;

use crate::dsig::algorithm::RSA_SHA256;
use crate::encoding::{base64_decode, base64_encode, deflate, inflate};
use crate::error::Refusal;
use crate::limits::REDIRECT_OCTETS;
use crate::saml::bindings::outgoing::Outgoing;
use crate::saml::metadata::endpoint::Location;

/// The URL that carries `message` to `endpoint` by the Redirect binding, without a signature
/// (Bindings §3.4.4.1). The query of `endpoint` is kept.
pub fn message_url(endpoint: &Location, message: &Outgoing<'_>) -> String {
    with_query(endpoint, &parameters(message).finish())
}

/// The query of a URL like that of [`message_url`], to be signed. The URL comes out signed or not
/// at all.
#[derive(Debug)]
pub struct UnsignedQuery {
    endpoint: Location,
    query: String,
}

impl UnsignedQuery {
    /// Prepares the query that carries `message` to `endpoint`.
    pub fn new(endpoint: &Location, message: &Outgoing<'_>) -> Self {
        let query = parameters(message).append_pair("SigAlg", RSA_SHA256).finish();
        Self { endpoint: endpoint.clone(), query }
    }

    /// The octets to be signed with RSASSA-PKCS1-v1_5 and SHA-256: the parameters in the order of
    /// Bindings §3.4.4.1, exactly as they will be sent.
    pub fn octets(&self) -> &[u8] {
        self.query.as_bytes()
    }

    /// The URL with the signature. `value` is the signature over [`Self::octets`].
    pub fn signed(self, value: &[u8]) -> String {
        let Self { endpoint, query } = self;
        let mut signature = Serializer::new(String::new());
        signature.append_pair("Signature", &base64_encode(value));
        with_query(&endpoint, &format!("{query}&{}", signature.finish()))
    }
}

fn parameters(message: &Outgoing<'_>) -> Serializer<'static, String> {
    let mut query = Serializer::new(String::new());
    query.append_pair(message.parameter, &base64_encode(&deflate(message.xml.as_bytes())));
    if let Some(relay_state) = message.relay_state {
        query.append_pair("RelayState", relay_state);
    }
    query
}

/// `endpoint` with `query` behind its own.
fn with_query(endpoint: &Location, query: &str) -> String {
    let text = endpoint.as_str();
    let text = text.split_once('#').map_or(text, |(text, _)| text);
    let joint = match text.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    [text, joint, query].concat()
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
        let sent = message_url(
            &Location::parse("https://idp.example/?a=b").unwrap(),
            &Outgoing::request("<x/>"),
        );
        let sent = url::Url::parse(&sent).unwrap();
        let (_, message) = sent.query_pairs().find(|(name, _)| name == "SAMLRequest").unwrap();
        assert_eq!(decode_message(&message).as_deref(), Ok("<x/>"));
    }

    #[test]
    fn sends_the_very_octets_that_are_signed() {
        for (endpoint, before) in [
            ("https://idp.example/sso", "https://idp.example/sso?"),
            ("https://idp.example/sso?", "https://idp.example/sso?"),
            ("https://IDP.example:443", "https://IDP.example:443?"),
            ("https://idp.example/?a=b%2fc#d", "https://idp.example/?a=b%2fc&"),
        ] {
            let message = Outgoing::request("<x>\u{e4}?</x>");
            let unsigned = UnsignedQuery::new(&Location::parse(endpoint).unwrap(), &message);
            let octets = String::from_utf8(unsigned.octets().to_vec()).unwrap();
            assert!(octets.starts_with("SAMLRequest="), "{octets}");
            assert!(
                octets.ends_with(
                    "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256"
                ),
                "{octets}"
            );
            let url = unsigned.signed(&[0xfb, 0xff]);
            assert_eq!(url, format!("{before}{octets}&Signature=%2B%2F8%3D"));
        }
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
