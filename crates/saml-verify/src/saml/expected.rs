//! What a caller expects of a Response.

use crate::dsig::algorithm::Sha1;
use crate::limits::SKEW;
use crate::saml::metadata::IdpMetadata;
/// What a Response must say to be for us, now. All of it comes from configuration and from requests
/// that we sent.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Our entity id in this account, compared octet by octet; an Audience may lack its fragment.
    pub entity_id: &'a str,
    /// Our Reply URL in this account, compared octet by octet.
    pub acs_url: &'a str,
    /// The account's IdP: its entity id and the keys it may sign with.
    pub idp: &'a IdpMetadata,
    /// The AuthnRequests that the response may answer.
    pub requests: Requests<'a>,
    /// How far the IdP's clock may be off.
    pub skew: Skew,
    /// Whether the account still takes SHA-1 today.
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
