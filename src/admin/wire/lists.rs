//! The JSON of lists.

use serde::Serialize;

use crate::ledger::audit::entry::AuditEvent;
use crate::ledger::logins::users::KnownUser;
use crate::ledger::sessions::list::KnownSession;
use crate::ledger::setup_links::SetupLink;

#[derive(Serialize)]
pub(in crate::admin) struct Accounts {
    pub(in crate::admin) accounts: Vec<ListedAccount>,
    pub(in crate::admin) next_cursor: Option<String>,
}

/// What is stored for an account.
#[derive(Serialize)]
pub(in crate::admin) struct ListedAccount {
    pub(in crate::admin) id: String,
    pub(in crate::admin) metadata: bool,
    pub(in crate::admin) settings: bool,
}

#[derive(Serialize)]
pub(in crate::admin) struct AuditEvents {
    pub(in crate::admin) audit_events: Vec<AuditEvent>,
    pub(in crate::admin) next_cursor: Option<String>,
}

#[derive(Serialize)]
pub(in crate::admin) struct MetadataVersions {
    pub(in crate::admin) versions: Vec<AuditEvent>,
}

#[derive(Serialize)]
pub(in crate::admin) struct Pairs<'a> {
    pub(in crate::admin) pairs: Vec<OwnedPair<'a>>,
}

/// A signing key of the account's IdP, and the account that owns the pair of it.
#[derive(Serialize)]
pub(in crate::admin) struct OwnedPair<'a> {
    pub(in crate::admin) id: &'a str,
    pub(in crate::admin) issuer: &'a str,
    pub(in crate::admin) entity_id: &'a str,
    /// SHA-256 of the public key.
    pub(in crate::admin) key: String,
    /// SHA-256 of the certificates that hold the key.
    pub(in crate::admin) certificates: Vec<String>,
    /// `None` if no user has signed in with the key yet.
    pub(in crate::admin) holder: Option<String>,
}

#[derive(Serialize)]
pub(in crate::admin) struct Sessions {
    pub(in crate::admin) sessions: Vec<KnownSession>,
    pub(in crate::admin) next_cursor: Option<String>,
}

#[derive(Serialize)]
pub(in crate::admin) struct SetupLinks {
    pub(in crate::admin) setup_links: Vec<SetupLink>,
}

#[derive(Serialize)]
pub(in crate::admin) struct Users {
    pub(in crate::admin) users: Vec<KnownUser>,
    pub(in crate::admin) next_cursor: Option<String>,
}
