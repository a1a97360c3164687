//! What the verifier compares in a message, and what the message says there.

use crate::saml::{Claimed, Expected, Requests, Skew};
use crate::service::report::check::Check;
use crate::time::UnixTime;

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

    /// What must be at a step of the verifier that compares something.
    pub(crate) fn expected(&self, check: Check) -> Option<Vec<String>> {
        let one = |text: &str| Some(vec![text.to_owned()]);
        match check {
            Check::Status => one("urn:oasis:names:tc:SAML:2.0:status:Success"),
            Check::Destination | Check::Recipient => one(self.acs_url),
            Check::Issuer => one(self.issuer),
            Check::Request => Some(self.requests()),
            Check::Time => {
                let (now, skew) = (self.now.to_xml().unwrap_or_default(), self.skew.seconds());
                Some(vec![format!("{now}, give or take {skew} seconds")])
            }
            Check::Audience => one(self.entity_id),
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

/// What the message says of itself there, verified or not.
pub(crate) fn claimed(check: Check, claimed: &Claimed) -> Option<&[String]> {
    let Claimed {
        claimed_audiences,
        claimed_destinations,
        claimed_issuers,
        claimed_recipients,
        claimed_requests,
        claimed_statuses,
        claimed_times,
    } = claimed;
    match check {
        Check::Status => Some(claimed_statuses),
        Check::Destination => Some(claimed_destinations),
        Check::Issuer => Some(claimed_issuers),
        Check::Recipient => Some(claimed_recipients),
        Check::Request => Some(claimed_requests),
        Check::Time => Some(claimed_times),
        Check::Audience => Some(claimed_audiences),
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
