//! What the verifier compares in a message, and what the message says there.

use saml_verify::saml::{ClaimedResponse, Expected, Requests, Skew};
use saml_verify::time::UnixTime;

use crate::report::check::Check;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What a message is compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) acs_url: &'a str,
    pub(crate) entity_id: &'a str,
    pub(crate) issuer: &'a str,
    pub(crate) requests: Requests<'a>,
    pub(crate) skew: Skew,
    pub(crate) now: UnixTime,
}

impl<'a> Terms<'a> {
    pub(crate) fn of(expected: &Expected<'a>, now: UnixTime) -> Self {
        let Expected { entity_id, acs_url, idp, requests, skew, .. } = *expected;
        Self { acs_url, entity_id, issuer: idp.entity_id(), requests, skew, now }
    }

    /// What must be at a step of the verifier that compares something, and what the message says of
    /// itself there, verified or not.
    pub(crate) fn compare<'c>(
        &self,
        check: Check,
        claimed: &'c ClaimedResponse,
    ) -> Option<(Vec<String>, &'c [String])> {
        let one = |text: &str| vec![text.to_owned()];
        let ClaimedResponse {
            claimed_audiences,
            claimed_destinations,
            claimed_issuers,
            claimed_recipients,
            claimed_requests,
            claimed_statuses,
            claimed_times,
        } = claimed;
        match check {
            Check::Status => Some((one(SUCCESS), claimed_statuses)),
            Check::Destination => Some((one(self.acs_url), claimed_destinations)),
            Check::Issuer => Some((one(self.issuer), claimed_issuers)),
            Check::Recipient => Some((one(self.acs_url), claimed_recipients)),
            Check::Request => Some((self.requests(), claimed_requests)),
            Check::Time => {
                let (now, skew) = (self.now.to_xml().unwrap_or_default(), self.skew.seconds());
                let expected = vec![format!("{now}, give or take {skew} seconds")];
                Some((expected, claimed_times))
            }
            Check::Audience => Some((one(self.entity_id), claimed_audiences)),
            Check::Metadata
            | Check::Message
            | Check::Shape
            | Check::Encryption
            | Check::Signature
            | Check::Contents
            | Check::Account
            | Check::Role
            | Check::Email
            | Check::Session
            | Check::Once => None,
        }
    }

    fn requests(&self) -> Vec<String> {
        let (known, otherwise) = match self.requests {
            Requests::Only(known) => (known, None),
            Requests::OrUnsolicited(known) => (known, Some("None: the IdP began the sign-in")),
            Requests::Any => (&[][..], Some("Any request, or none")),
        };
        known.iter().copied().chain(otherwise).map(str::to_owned).collect()
    }
}
