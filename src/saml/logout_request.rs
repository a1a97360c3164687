//! The LogoutRequest and the LogoutResponse that this service sends (Core §3.7).

use super::subject::NameId;
use crate::time::UnixTime;
use crate::xml::name::{SAML, SAMLP};
use crate::xml::write::{Markup, element, text};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// Seconds for which a request of ours is good: the browser goes straight to the IdP.
const LIFETIME: i64 = 300;

/// What requests and answers have in common (Core §3.2).
#[derive(Clone, Copy, Debug)]
pub struct LogoutHead<'a> {
    /// ID: an NCName that nobody can guess.
    pub id: &'a str,
    /// Our entity id.
    pub issuer: &'a str,
    /// The endpoint of the IdP that it goes to.
    pub destination: &'a str,
    /// IssueInstant.
    pub issued: UnixTime,
}

impl LogoutHead<'_> {
    /// A request to end the session `session_index` of `name_id`, which is said as the IdP said it;
    /// `None` where a time has no `xs:dateTime`.
    pub fn request(&self, name_id: &NameId, session_index: Option<&str>) -> Option<String> {
        let until = self.issued.plus(LIFETIME).to_xml()?;
        let mut children = vec![name_id.to_markup()];
        children.extend(session_index.map(|it| element("samlp:SessionIndex", &[], &[text(it)])));
        self.document("samlp:LogoutRequest", ("NotOnOrAfter", &until), children)
    }

    /// The answer that whatever the request `in_response_to` names is over.
    pub fn response(&self, in_response_to: &str) -> Option<String> {
        let code = element("samlp:StatusCode", &[("Value", SUCCESS)], &[]);
        let status = element("samlp:Status", &[], &[code]);
        self.document("samlp:LogoutResponse", ("InResponseTo", in_response_to), vec![status])
    }

    fn document(
        &self,
        name: &'static str,
        own: (&'static str, &str),
        children: Vec<Markup>,
    ) -> Option<String> {
        let issued = self.issued.to_xml()?;
        let attributes = [
            ("xmlns:samlp", SAMLP),
            ("xmlns:saml", SAML),
            ("ID", self.id),
            ("Version", "2.0"),
            ("IssueInstant", &issued),
            ("Destination", self.destination),
            own,
        ];
        let mut all = vec![element("saml:Issuer", &[], &[text(self.issuer)])];
        all.extend(children);
        Some(element(name, &attributes, &all).into_document())
    }
}

impl NameId {
    fn to_markup(&self) -> Markup {
        let attributes = [
            ("Format", &self.format),
            ("NameQualifier", &self.name_qualifier),
            ("SPNameQualifier", &self.sp_name_qualifier),
        ];
        let attributes: Vec<_> = attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect();
        element("saml:NameID", &attributes, &[text(&self.value)])
    }
}
