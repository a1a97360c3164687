//! The AuthnRequest that starts a login here (Core §3.4.1, Profiles §4.1.4.1).

use crate::time::UnixTime;
use crate::xml::name::{SAML, SAMLP};
use crate::xml::write::{element, text};

/// Identifies the POST binding (Bindings §3.5.1).
const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A request to be written. It asks for nothing beyond an answer: RequestedAuthnContext and
/// NameIDPolicy make IdPs refuse users whom they could sign in.
#[derive(Debug)]
pub struct AuthnRequest<'a> {
    /// ID: an NCName that nobody can guess (Core §1.3.4). Entra refuses a leading digit.
    pub id: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// The endpoint of the IdP that the request goes to.
    pub destination: &'a str,
    /// Where the Response is to be posted.
    pub acs_url: &'a str,
    /// IssueInstant.
    pub issued: UnixTime,
}

impl AuthnRequest<'_> {
    /// The document, or `None` where `issued` has no `xs:dateTime`.
    pub fn to_xml(&self) -> Option<String> {
        let issued = self.issued.to_xml()?;
        let attributes = [
            ("xmlns:samlp", SAMLP),
            ("xmlns:saml", SAML),
            ("ID", self.id),
            ("Version", "2.0"),
            ("IssueInstant", &issued),
            ("Destination", self.destination),
            ("AssertionConsumerServiceURL", self.acs_url),
            ("ProtocolBinding", HTTP_POST),
        ];
        let issuer = element("saml:Issuer", &[], &[text(self.issuer)]);
        Some(element("samlp:AuthnRequest", &attributes, &[issuer]).into_document())
    }
}
