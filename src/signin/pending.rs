//! Logins that this browser has under way, each in a sealed cookie of its own (rows F3, H2).

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::account::load::Account;
use crate::crypto::seal::SealKeys;
use crate::error::Fault;
use crate::http::cookie;
use crate::http::cookie::SameSite;

/// Seconds from the request to the end of its response's welcome: a password, a second factor and
/// a phone that was not at hand.
pub(crate) const LIFETIME: u32 = 600;

/// For how many seconds more a ledger remembers that a request was answered: its clock may be ahead
/// of the one by which the cookie is judged.
const MARGIN: i64 = 60;

/// Most logins under way in one browser, a tab each. Every one costs the IdP's POST a header line.
const KEPT: usize = 8;

const PREFIX: &str = cookie::PENDING;

/// What a login is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flags", into = "Flags")]
pub(crate) enum Purpose {
    /// A session.
    SignIn,
    /// A report: no session comes of its answer.
    Test,
    /// A session, in place of a login that the IdP started.
    Upgrade,
}

/// A purpose as cookies hold it: those of one version are read by another during a deployment.
#[derive(Serialize, Deserialize)]
struct Flags {
    #[serde(default)]
    test: bool,
    upgrade: bool,
}

impl From<Flags> for Purpose {
    fn from(flags: Flags) -> Self {
        match flags {
            Flags { test: true, .. } => Self::Test,
            Flags { upgrade: true, .. } => Self::Upgrade,
            Flags { .. } => Self::SignIn,
        }
    }
}

impl From<Purpose> for Flags {
    fn from(purpose: Purpose) -> Self {
        Self { test: purpose == Purpose::Test, upgrade: purpose == Purpose::Upgrade }
    }
}

/// What must still be known when the IdP answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// ID of the AuthnRequest.
    pub(crate) request_id: String,
    /// The account it was made for.
    pub(crate) account: String,
    /// Entity id of the IdP it was sent to.
    pub(crate) idp: String,
    /// Where the browser goes afterwards: a path of this site.
    pub(crate) return_to: String,
    /// What it was made for.
    #[serde(flatten)]
    pub(crate) purpose: Purpose,
    /// Unix time from which it is worthless.
    pub(crate) until: i64,
    /// Whether it asked that the user prove anew who they are.
    #[serde(default)]
    pub(crate) force_authn: bool,
}

impl Pending {
    /// The name of its cookie: a piece of the ID, so that tabs do not overwrite each other's.
    pub(crate) fn cookie(&self) -> String {
        PREFIX.chars().chain(self.request_id.chars().skip(1).take(8)).collect()
    }

    /// Until when a ledger remembers that the request was answered.
    pub(crate) fn answered_until(&self) -> i64 {
        UnixTime::from_seconds(self.until).plus(MARGIN).seconds()
    }

    /// When the request was made.
    pub(crate) fn issued(&self) -> UnixTime {
        UnixTime::from_seconds(self.until).plus(-i64::from(LIFETIME))
    }

    /// Whether an answer of this account's IdP may use it.
    pub(crate) fn is_for(&self, account: &Account) -> bool {
        self.account == account.id.as_str() && self.idp == account.idp.entity_id()
    }

    /// The Set-Cookie header that keeps it. No two calls may share a `nonce`.
    pub(crate) fn seal(&self, keys: &SealKeys, nonce: [u8; 12]) -> Result<String, Fault> {
        let name = self.cookie();
        let plain = serde_json::to_vec(self).map_err(|_| Fault::KeyUnusable)?;
        let value = keys.seal(&name, &plain, nonce)?;
        Ok(cookie::set(&name, &value, SameSite::None, Some(LIFETIME)))
    }

    fn open(name: &str, value: &str, keys: &SealKeys, now: UnixTime) -> Option<Self> {
        let plain = keys.open(name, value)?;
        let pending: Self = serde_json::from_slice(&plain).ok()?;
        (now < UnixTime::from_seconds(pending.until)).then_some(pending)
    }

    /// Every login that the cookies keep and that is still in time, newest first. Of those that
    /// began within one second, browsers send the oldest first (RFC 6265 §5.4).
    pub(crate) fn all(cookies: Option<&str>, keys: &SealKeys, now: UnixTime) -> Vec<Self> {
        let mut all: Vec<_> =
            names(cookies).filter_map(|(name, value)| Self::open(name, value, keys, now)).collect();
        all.reverse();
        all.sort_by_key(|pending| std::cmp::Reverse(pending.until));
        all
    }
}

/// Set-Cookie headers that make room for one more: they remove what does not open any more and
/// the oldest beyond [`KEPT`].
pub(crate) fn make_room(cookies: Option<&str>, keys: &SealKeys, now: UnixTime) -> Vec<String> {
    let kept: Vec<_> =
        Pending::all(cookies, keys, now).iter().take(KEPT - 1).map(Pending::cookie).collect();
    names(cookies)
        .filter(|(name, _)| !kept.iter().any(|kept| kept == name))
        .map(|(name, _)| cookie::clear(name))
        .collect()
}

/// A browser of ours holds no more than [`KEPT`]; further ones are not read.
fn names(cookies: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
    cookie::pairs(cookies).filter(|(name, _)| name.starts_with(PREFIX)).take(2 * KEPT)
}
