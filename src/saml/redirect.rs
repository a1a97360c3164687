//! The HTTP Redirect binding (Bindings §3.4).

use url::Url;

use crate::encoding::{base64_encode, deflate};

/// The address that carries `request_xml` to `endpoint`, whose own query is kept (Bindings
/// §3.4.4.1). No RelayState: where the browser goes afterwards is ours to remember.
pub fn request_url(endpoint: &Url, request_xml: &str) -> Url {
    let message = base64_encode(&deflate(request_xml.as_bytes()));
    let mut url = endpoint.clone();
    url.set_fragment(None);
    url.query_pairs_mut().append_pair("SAMLRequest", &message);
    url
}
