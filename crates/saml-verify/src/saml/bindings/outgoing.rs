//! Messages of any kind on their way to an IdP.

use crate::dsig::sign::{Place, UnsignedDocument};
use crate::error::Refusal;
use crate::time::UnixTime;
use crate::xml::name::{SAML, SAMLP};
use crate::xml::write::{Markup, element, text};

/// The attributes and the Issuer that every protocol message has (Core §3.2).
#[derive(Clone, Copy, Debug)]
pub struct MessageHead<'a> {
    /// ID: an NCName with at least 128 random bits (Core §1.3.4). Entra refuses a leading digit.
    pub id: &'a str,
    /// The entity id of the sender.
    pub issuer: &'a str,
    /// The endpoint of the IdP that the message goes to.
    pub destination: &'a str,
    /// IssueInstant.
    pub issued: UnixTime,
}

impl MessageHead<'_> {
    /// The document called `name` with its own attributes and children, or `None` where `issued` is
    /// outside of the years that `xs:dateTime` can express.
    pub(crate) fn document(
        &self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        children: Vec<Markup>,
    ) -> Option<String> {
        let issued = self.issued.to_xml()?;
        let head = [
            ("xmlns:samlp", SAMLP),
            ("xmlns:saml", SAML),
            ("ID", self.id),
            ("Version", "2.0"),
            ("IssueInstant", &issued),
            ("Destination", self.destination),
        ];
        let issuer = element("saml:Issuer", &[], &[text(self.issuer)]);
        let children: Vec<_> = [issuer].into_iter().chain(children).collect();
        Some(element(name, &[&head, attributes].concat(), &children).into_document())
    }
}

/// A message on its way to an IdP.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The parameter or field that it travels in.
    pub parameter: &'static str,
    /// The document.
    pub xml: &'a str,
    /// What an answer gives back as it came (Bindings §3.4.3). A request has none: the service
    /// provider remembers by itself where the browser goes afterwards.
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
