//! The LogoutRequest and the LogoutResponse that this service sends (Core §3.7).

use crate::saml::outgoing::MessageHead;
use crate::saml::protocol::SUCCESS;
use crate::saml::subject::NameId;
use crate::xml::write::{Markup, element, text};

/// Seconds for which a request of ours is good: the browser goes straight to the IdP.
const LIFETIME: i64 = 300;

impl MessageHead<'_> {
    /// A request to end the session `session_index` of `name_id`, which is said as the IdP said it;
    /// `None` where a time has no `xs:dateTime`.
    pub fn logout_request(&self, name_id: &NameId, session_index: Option<&str>) -> Option<String> {
        let until = self.issued.plus(LIFETIME).to_xml()?;
        let mut children = vec![name_id.to_markup()];
        children.extend(session_index.map(|it| element("samlp:SessionIndex", &[], &[text(it)])));
        self.document("samlp:LogoutRequest", &[("NotOnOrAfter", &until)], children)
    }

    /// The answer to the request `in_response_to`.
    pub fn logout_response(&self, in_response_to: &str, status: LogoutStatus) -> Option<String> {
        let code = element("samlp:StatusCode", &[("Value", status.code())], &[]);
        let status = element("samlp:Status", &[], &[code]);
        self.document("samlp:LogoutResponse", &[("InResponseTo", in_response_to)], vec![status])
    }
}

/// What became of a LogoutRequest, by the top-level codes of Core §3.2.2.2. There is no second level:
/// who is known here, and why a request is refused, is for our own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutStatus {
    /// Whatever it names is over.
    Success,
    /// It is at fault.
    Requester,
    /// Something of ours failed.
    Responder,
    /// It is of another version of SAML.
    VersionMismatch,
}

impl LogoutStatus {
    const fn code(self) -> &'static str {
        match self {
            Self::Success => SUCCESS,
            Self::Requester => "urn:oasis:names:tc:SAML:2.0:status:Requester",
            Self::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
            Self::VersionMismatch => "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
        }
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
