//! Messages that this service sends, whatever they say.

use crate::dsig::{Place, UnsignedDocument};
use crate::error::Refusal;

/// A message on its way to an IdP.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The parameter or field that it travels in.
    pub parameter: &'static str,
    /// The document.
    pub xml: &'a str,
    /// What an answer gives back as it came (Bindings §3.4.3). A request has none: where the browser
    /// goes afterwards is ours to remember.
    pub relay_state: Option<&'a str>,
}

impl<'a> Outgoing<'a> {
    /// A request.
    pub const fn request(xml: &'a str) -> Self {
        Self { parameter: "SAMLRequest", xml, relay_state: None }
    }

    /// An answer to a request that came with `relay_state`.
    pub const fn response(xml: &'a str, relay_state: Option<&'a str>) -> Self {
        Self { parameter: "SAMLResponse", xml, relay_state }
    }

    /// The document, to be signed. `certificate` is that of the key that will sign, in DER.
    pub fn to_sign(&self, certificate: Option<&[u8]>) -> Result<UnsignedDocument, Refusal> {
        UnsignedDocument::new(self.xml, Place::Second, certificate)
    }
}
