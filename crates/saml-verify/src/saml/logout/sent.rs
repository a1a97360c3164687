//! The LogoutRequest and the LogoutResponse that a service provider sends (Core §3.7).

use crate::saml::assertion::subject::NameId;
use crate::saml::bindings::outgoing::MessageHead;
use crate::saml::protocol::SUCCESS;
use crate::xml::write::{Markup, element, text};

/// Validity of a LogoutRequest, in seconds: the browser carries it to the IdP at once.
const LIFETIME: i64 = 300;

impl MessageHead<'_> {
    /// A LogoutRequest (Core §3.7.1) for the session `session_index` of `name_id`, which is written
    /// as the IdP wrote it; for all sessions without `session_index`. `None` where a time is
    /// outside of the years that `xs:dateTime` can express.
    pub fn logout_request(&self, name_id: &NameId, session_index: Option<&str>) -> Option<String> {
        let until = self.issued.plus(LIFETIME).to_xml()?;
        let mut children = vec![name_id.to_markup()];
        children.extend(session_index.map(|it| element("samlp:SessionIndex", &[], &[text(it)])));
        self.document("samlp:LogoutRequest", &[("NotOnOrAfter", &until)], children)
    }

    /// A LogoutResponse (Core §3.7.2) to the request with the ID `in_response_to`. `None` where
    /// `issued` is outside of the years that `xs:dateTime` can express.
    pub fn logout_response(&self, in_response_to: &str, status: LogoutStatus) -> Option<String> {
        let code = element("samlp:StatusCode", &[("Value", status.code())], &[]);
        let status = element("samlp:Status", &[], &[code]);
        self.document("samlp:LogoutResponse", &[("InResponseTo", in_response_to)], vec![status])
    }
}

/// The result of a LogoutRequest, as a top-level status code (Core §3.2.2.2). There is no
/// second-level code: the sender must not learn who is known here, or why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutStatus {
    /// The sessions that it names have ended.
    Success,
    /// The request is refused.
    Requester,
    /// The service provider failed.
    Responder,
    /// The request is of another version of SAML.
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
