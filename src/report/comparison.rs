//! What the verifier compares, and what a message claims there.

use saml_verify::error::Step;
use saml_verify::saml::{ClaimedResponse, Expected, Requests, Skew};
use saml_verify::time::UnixTime;

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

    /// What `step` expects, and what the message claims there, verified or not; `None` for a step
    /// that compares nothing.
    pub(crate) fn compare<'c>(
        &self,
        step: Step,
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
        match step {
            Step::Status => Some((one(SUCCESS), claimed_statuses)),
            Step::Destination => Some((one(self.acs_url), claimed_destinations)),
            Step::Issuer => Some((one(self.issuer), claimed_issuers)),
            Step::Recipient => Some((one(self.acs_url), claimed_recipients)),
            Step::Request => Some((self.requests(), claimed_requests)),
            Step::Time => {
                let (now, skew) = (self.now.to_xml().unwrap_or_default(), self.skew.seconds());
                let expected = vec![format!("{now}, give or take {skew} seconds")];
                Some((expected, claimed_times))
            }
            Step::Audience => Some((one(self.entity_id), claimed_audiences)),
            Step::Metadata
            | Step::Message
            | Step::Assertion
            | Step::Encryption
            | Step::Signature
            | Step::Contents
            | Step::Once
            | Step::Logout => None,
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
