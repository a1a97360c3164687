//! What the audit log says of a change: who made it, when, and from what to what.

use crate::encoding::hex;
use saml_verify::saml::IdpMetadata;
use serde::{Deserialize, Serialize};

use crate::ledger::audit::action::Action;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::limits::NAMED_CERTIFICATES;
use crate::model::certificate_expiry::Expiry;
use crate::model::stored::Stored;

/// What was done to an account. No text of metadata or settings is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When, in Unix seconds; of what was done elsewhere, when it was noticed.
    pub at: i64,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// Names the request in the log.
    pub reference: String,
    /// [`Stored::revision`] of what was stored, where that was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// [`Stored::revision`] of what is stored now.
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
    /// Which certificate expires, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// The id of a pair of an IdP and an entity id, where the account has it now or had it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
    /// How many sessions ended with a change; `None` where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions_ended: Option<usize>,
    /// The id of a setup link, which is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_link: Option<String>,
}

/// Signing certificates, as the audit log names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certificates {
    /// SHA-256 of the first [`NAMED_CERTIFICATES`], in hexadecimal digits.
    named: Vec<String>,
    count: usize,
}

impl Certificates {
    /// The signing certificates in metadata; none in metadata that cannot be read.
    pub(crate) fn of(metadata: Option<&str>) -> Self {
        let idp = metadata.and_then(|xml| IdpMetadata::parse(xml).ok());
        let all = idp.as_ref().map(IdpMetadata::certificates).unwrap_or_default();
        let named = all.iter().take(NAMED_CERTIFICATES).map(|it| hex(it.fingerprint())).collect();
        Self { named, count: all.len() }
    }
}

impl AuditEntry {
    /// `action`, of which nothing more is known.
    pub(crate) fn new(action: Action, Cause { actor, reference, now }: Cause<'_>) -> Self {
        Self {
            at: now.seconds(),
            actor: actor.clone(),
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

    /// A change of what is stored.
    pub(crate) fn of_change(before: &Stored, after: &Stored, cause: Cause<'_>) -> Self {
        let action = match &after.metadata {
            metadata if *metadata == before.metadata => Action::AccountChanged,
            Some(_) => Action::MetadataChanged,
            None => Action::MetadataDeleted,
        };
        let (from, to) = (before.metadata.as_deref(), after.metadata.as_deref());
        Self {
            before: Some(before.revision()),
            after: Some(after.revision()),
            ..Self::new(action, cause)
        }
        .with_certificates(Certificates::of(from), Certificates::of(to))
    }

    /// Names the signing certificates that were trusted, and those that are.
    pub(crate) fn with_certificates(self, before: Certificates, after: Certificates) -> Self {
        Self {
            certificates_before: Some(before.named),
            certificate_count_before: Some(before.count),
            certificates_after: Some(after.named),
            certificate_count_after: Some(after.count),
            ..self
        }
    }

    /// What is done to the setup link `id`.
    pub(crate) fn of_setup_link(id: &str, action: Action, cause: Cause<'_>) -> Self {
        Self { setup_link: Some(id.to_owned()), ..Self::new(action, cause) }
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

/// An entry with its place in the account's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Greater than that of every entry before.
    pub id: i64,
    /// What was done.
    #[serde(flatten)]
    pub entry: AuditEntry,
}

/// Some of an account's entries, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The entries.
    pub events: Vec<AuditEvent>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}
