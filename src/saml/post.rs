//! The HTTP POST binding (Bindings §3.5), for messages that this service sends.

use url::Url;

use crate::encoding::base64_encode;

/// A form that the browser posts to an IdP. No RelayState: where the browser goes afterwards is ours
/// to remember.
#[derive(Debug)]
pub struct RequestForm {
    /// Where it goes: an endpoint from metadata, so https, or http on this very machine (row H6).
    pub action: Url,
    /// The SAMLRequest field: the XML in base64, without DEFLATE (Bindings §3.5.4).
    pub saml_request: String,
}

impl RequestForm {
    /// Puts `request_xml` into a form for `endpoint`.
    pub fn new(endpoint: &Url, request_xml: &str) -> Self {
        Self { action: endpoint.clone(), saml_request: base64_encode(request_xml.as_bytes()) }
    }
}
