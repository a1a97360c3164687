//! Who changed an account, when, and from what to what (row G6).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::encoding::hex;
use crate::saml::IdpMetadata;
use crate::service::ledger::Change;
use crate::service::store::Stored;
use crate::time::UnixTime;

/// Who changes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Somebody who wrote to the store itself, which tells nobody who that was.
    Elsewhere,
    /// A holder of `ADMIN_TOKEN`.
    Operator,
    /// A holder of the setup link of that id.
    SetupLink(&'a str),
    /// The user with that `sub`.
    User(&'a str),
}

impl fmt::Display for Actor<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere => formatter.write_str("elsewhere"),
            Self::Operator => formatter.write_str("operator"),
            Self::SetupLink(id) => write!(formatter, "setup_link:{id}"),
            Self::User(sub) => write!(formatter, "user:{sub}"),
        }
    }
}

/// What was done to an account. No text of metadata or settings is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in Unix seconds; of what was done elsewhere, when it was noticed.
    pub at: i64,
    /// An [`Actor`].
    pub actor: String,
    /// `account.changed`, `metadata.changed` or `metadata.deleted`.
    pub action: String,
    /// Names the request in the log.
    pub reference: String,
    /// [`Stored::epoch`] of what was stored.
    pub before: String,
    /// [`Stored::epoch`] of what is stored now.
    pub after: String,
    /// SHA-256 of each signing certificate that there was, in hexadecimal digits.
    pub certificates_before: Vec<String>,
    /// The same of those that there are now.
    pub certificates_after: Vec<String>,
}

impl Entry {
    fn of(before: &Stored, after: &Stored, actor: &str, reference: &str, now: UnixTime) -> Self {
        let action = match &after.metadata {
            metadata if *metadata == before.metadata => "account.changed",
            Some(_) => "metadata.changed",
            None => "metadata.deleted",
        };
        Self {
            at: now.seconds(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            reference: reference.to_owned(),
            before: before.epoch(),
            after: after.epoch(),
            certificates_before: fingerprints(before),
            certificates_after: fingerprints(after),
        }
    }
}

fn fingerprints(stored: &Stored) -> Vec<String> {
    let idp = stored.metadata.as_deref().and_then(|xml| IdpMetadata::parse(xml).ok());
    let certificates = idp.iter().flat_map(IdpMetadata::certificates);
    certificates.map(|it| hex(it.fingerprint())).collect()
}

/// An entry with its place in the account's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Greater than that of every entry before.
    pub id: i64,
    /// What was done.
    #[serde(flatten)]
    pub entry: Entry,
}

/// Some of an account's entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The entries.
    pub events: Vec<AuditEvent>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

impl Change<'_> {
    /// What a ledger writes down of the change of `before`, each with what was stored then. `last` is
    /// what it wrote down before: where that is not what was changed, somebody wrote to the store
    /// itself, or this ledger did and stopped before it could say so.
    pub fn entries(
        &self,
        last: Option<Stored>,
        before: &Stored,
        now: UnixTime,
    ) -> Vec<(Entry, Stored)> {
        let Self { after, reference, .. } = *self;
        let last = last.unwrap_or_default();
        let elsewhere = Actor::Elsewhere.to_string();
        let steps = [(&last, before, elsewhere.as_str()), (before, after, self.actor)];
        let steps = steps.into_iter().filter(|(from, to, _)| from != to);
        let entry = |(from, to, actor): (&Stored, &Stored, &str)| {
            (Entry::of(from, to, actor, reference, now), to.clone())
        };
        steps.map(entry).collect()
    }
}
