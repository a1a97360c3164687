//! What a caller expects of a Response.

use crate::dsig::algorithm::Sha1;
use crate::limits::SKEW;
use crate::saml::metadata::idp::IdpMetadata;
/// What a Response must say to be accepted. All of it comes from configuration and from the
/// AuthnRequests that were sent.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The service provider's entity id, compared with Audience octet by octet; an Audience may
    /// lack its fragment (Core §2.5.1.4).
    pub entity_id: &'a str,
    /// The AssertionConsumerService URL that received the Response, compared with Recipient and
    /// Destination octet by octet (Profiles §4.1.4.3, Bindings §3.5.5.2).
    pub acs_url: &'a str,
    /// The IdP: its entity id and the keys it may sign with.
    pub idp: &'a IdpMetadata,
    /// The AuthnRequests that the response may answer.
    pub requests: Requests<'a>,
    /// The tolerated difference from the IdP's clock.
    pub skew: Skew,
    /// Whether signatures and digests with SHA-1 are accepted.
    pub sha1: Sha1,
    /// Whether a subject may go without an identifier: an attribute names the account's users.
    pub nameless: bool,
}

/// Which AuthnRequests, by ID, the signed SubjectConfirmationData may name in InResponseTo.
#[derive(Clone, Copy, Debug)]
pub enum Requests<'a> {
    /// One of these.
    Only(&'a [&'a str]),
    /// One of these, or none at all: a login that the IdP started.
    OrUnsolicited(&'a [&'a str]),
    /// Any request or none, for a response that is only inspected and starts no session.
    Any,
}

/// Tolerated difference between clocks: at most five minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew(u16);

impl Skew {
    /// `seconds`, or `None` above [`SKEW`].
    pub const fn from_seconds(seconds: u16) -> Option<Self> {
        if seconds <= SKEW { Some(Self(seconds)) } else { None }
    }

    /// In seconds.
    pub fn seconds(self) -> i64 {
        i64::from(self.0)
    }
}

impl Default for Skew {
    /// One minute.
    fn default() -> Self {
        Self(60)
    }
}
