//! Who changed an account, when, and from what to what; and who was let in to do so (row G6).

use std::fmt;

use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::encoding::hex;
use crate::ledger::expiries::Expiry;
use crate::ledger::following::Staged;
use crate::limits::NAMED_CERTIFICATES;
use crate::model::stored::Stored;

/// Who changes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// Somebody who wrote to the store itself, which tells nobody who that was.
    Elsewhere,
    /// A holder of `ADMIN_TOKEN`.
    Operator,
    /// This service, by what the IdP publishes.
    Refresh,
    /// A holder of the setup link of that id.
    SetupLink(&'a str),
    /// A round, in which all accounts are looked after.
    Upkeep,
    /// The user with that `sub`.
    User(&'a str),
}

impl fmt::Display for Actor<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere => formatter.write_str("elsewhere"),
            Self::Operator => formatter.write_str("operator"),
            Self::Refresh => formatter.write_str("refresh"),
            Self::SetupLink(id) => write!(formatter, "setup_link:{id}"),
            Self::Upkeep => formatter.write_str("upkeep"),
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
    /// `account.changed`, `metadata.changed` or `metadata.deleted`; `metadata.staged` or
    /// `metadata.dismissed`; `setup_link.created`, `setup_link.opened` or `setup_link.revoked`;
    /// `pair.given` or `pair.taken`; `user.deleted` or `account.erased`; or `certificate.expiring` or
    /// `certificate.expired`.
    pub action: String,
    /// Names the request in the log.
    pub reference: String,
    /// [`Stored::epoch`] of what was stored, where that was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// [`Stored::epoch`] of what is stored now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// SHA-256 of the signing certificates that there were, in hexadecimal digits; the first
    /// [`NAMED_CERTIFICATES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates_before: Option<Vec<String>>,
    /// How many there were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_count_before: Option<usize>,
    /// As [`Self::certificates_before`], of those that there are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates_after: Option<Vec<String>>,
    /// How many there are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_count_after: Option<usize>,
    /// Which certificate expires, and when, where that is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// The id of a pair of an IdP and an entity id, where the account has it now or had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
    /// How many sessions ended with a change; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_ended: Option<usize>,
    /// The id of a setup link, which is no secret, where it was done to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_link: Option<String>,
}

impl Entry {
    pub(crate) fn of(
        before: &Stored,
        after: &Stored,
        actor: &str,
        reference: &str,
        now: UnixTime,
    ) -> Self {
        let action = match &after.metadata {
            metadata if *metadata == before.metadata => "account.changed",
            Some(_) => "metadata.changed",
            None => "metadata.deleted",
        };
        Self {
            before: Some(before.epoch()),
            after: Some(after.epoch()),
            ..Self::bare(action.to_owned(), actor, reference, now)
        }
        .with_certificates(before.metadata.as_deref(), after.metadata.as_deref())
    }

    /// Says whom was trusted, and who is.
    fn with_certificates(self, before: Option<&str>, after: Option<&str>) -> Self {
        let (before, after) = (fingerprints(before), fingerprints(after));
        let named = |all: &[String]| all.iter().take(NAMED_CERTIFICATES).cloned().collect();
        Self {
            certificates_before: Some(named(&before)),
            certificate_count_before: Some(before.len()),
            certificates_after: Some(named(&after)),
            certificate_count_after: Some(after.len()),
            ..self
        }
    }

    /// `action` is `created`, `opened` or `revoked`, and `actor` an [`Actor`].
    pub fn of_setup_link(
        id: &str,
        action: &str,
        actor: &str,
        reference: &str,
        now: UnixTime,
    ) -> Self {
        let bare = Self::bare(format!("setup_link.{action}"), actor, reference, now);
        Self { setup_link: Some(id.to_owned()), ..bare }
    }

    /// `action` is `given` or `taken`: what an operator does to the pair of that id.
    pub(crate) fn of_pair(id: &str, action: &str, reference: &str, now: UnixTime) -> Self {
        let actor = Actor::Operator.to_string();
        let bare = Self::bare(format!("pair.{action}"), &actor, reference, now);
        Self { pair: Some(id.to_owned()), ..bare }
    }

    /// What was known of a user (`user.deleted`) or of all of an account's (`account.erased`) is gone.
    /// It does not say who that was.
    pub(crate) fn of_erasure(action: &str, reference: &str, now: UnixTime) -> Self {
        Self::bare(action.to_owned(), &Actor::Operator.to_string(), reference, now)
    }

    pub(crate) fn of_expiry(expiry: &Expiry, reference: &str, now: UnixTime) -> Self {
        let action = expiry.action().to_owned();
        let bare = Self::bare(action, &Actor::Upkeep.to_string(), reference, now);
        Self { expiry: Some(expiry.clone()), ..bare }
    }

    /// `action` is `staged` or `dismissed`, and is about what would be trusted instead of what `stored` is.
    pub(crate) fn of_staging(
        action: &str,
        (stored, staged): (&Stored, &Staged),
        actor: Actor<'_>,
        reference: &str,
        now: UnixTime,
    ) -> Self {
        let bare = Self::bare(format!("metadata.{action}"), &actor.to_string(), reference, now);
        Self { before: Some(stored.epoch()), ..bare }
            .with_certificates(stored.metadata.as_deref(), Some(&staged.metadata))
    }

    /// Of nothing that is stored.
    fn bare(action: String, actor: &str, reference: &str, now: UnixTime) -> Self {
        Self {
            at: now.seconds(),
            actor: actor.to_owned(),
            action,
            reference: reference.to_owned(),
            before: None,
            after: None,
            certificates_before: None,
            certificate_count_before: None,
            certificates_after: None,
            certificate_count_after: None,
            expiry: None,
            pair: None,
            sessions_ended: None,
            setup_link: None,
        }
    }

    /// How many signing certificates there are now. Entries of before they were counted name all.
    pub(crate) fn certificate_count(&self) -> Option<usize> {
        self.certificate_count_after.or_else(|| self.certificates_after.as_ref().map(Vec::len))
    }

    /// What tells two entries of one request apart.
    pub(crate) fn about(&self) -> &str {
        let about = self.after.as_ref().or(self.setup_link.as_ref()).or(self.pair.as_ref());
        about.map_or("", String::as_str)
    }
}

fn fingerprints(metadata: Option<&str>) -> Vec<String> {
    let idp = metadata.and_then(|xml| IdpMetadata::parse(xml).ok());
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
