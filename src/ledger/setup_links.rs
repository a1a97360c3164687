//! Setup links. Those that are over or revoked have no row.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::record::AuditRecord;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::limits::SETUP_LINKS;

/// A setup link, as the account's ledger keeps it. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupLink {
    /// Names it; it is no secret.
    pub id: String,
    /// Whom it is for, in the operator's words.
    pub note: Option<String>,
    /// When it was made.
    pub created: i64,
    /// From when on it is over.
    pub expires: i64,
    /// When it was last opened.
    pub opened: Option<i64>,
}

/// Whether the link `id` stands.
pub(crate) fn stands(db: &dyn Database, id: &str, now: i64) -> Result<bool, Fault> {
    db.any("SELECT 1 FROM setup_links WHERE id = ? AND expires > ?", &[id.into(), now.into()])
}

/// Ends all links. Returns the ids of those that stood.
pub(crate) fn end_every(db: &dyn Database, now: i64) -> Result<Vec<String>, Fault> {
    let standing = db.texts("SELECT id FROM setup_links WHERE expires > ?", &[now.into()])?;
    db.run("DELETE FROM setup_links", &[])?;
    Ok(standing.into_iter().flatten().collect())
}

/// Records what was done to the link `id`. Workers of an earlier release may send no record.
fn write(
    db: &dyn Database,
    record: Option<AuditRecord>,
    id: &str,
    action: Action,
) -> Result<(), Fault> {
    let Some(record) = record else { return Ok(()) };
    record.write(db, |cause| AuditEntry::of_setup_link(id, action, cause))
}

/// Keeps a new setup link, where fewer than [`SETUP_LINKS`] stand. Answers whether it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AddSetupLink {
    pub(crate) id: String,
    pub(crate) note: Option<String>,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    #[serde(rename = "noted")]
    pub(crate) record: Option<AuditRecord>,
}

impl AddSetupLink {
    pub(crate) fn of(link: &SetupLink, record: AuditRecord) -> Self {
        let SetupLink { id, note, created, expires, opened: _ } = link.clone();
        Self { id, note, created, expires, record: Some(record) }
    }
}

impl Call for AddSetupLink {
    type Reply = bool;
    const NAME: &'static str = "add_setup_link";
    const REPLY: &'static [&'static str] = &["setup_link", "stands"];
}

impl Query for AddSetupLink {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { id, note, created, expires, record } = self;
        if (ListLinks { now: created }).run(db)?.len() >= SETUP_LINKS {
            return Ok(false);
        }
        let insert = "INSERT INTO setup_links (id, note, created, expires) VALUES (?, ?, ?, ?)";
        db.run(insert, &[id.as_str().into(), note.into(), created.into(), expires.into()])?;
        write(db, record, &id, Action::SetupLinkCreated)?;
        Ok(true)
    }
}

/// Asks for the setup links that stand at `now`, oldest first: neither over nor revoked.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListLinks {
    pub(crate) now: i64,
}

impl Call for ListLinks {
    type Reply = Vec<SetupLink>;
    const NAME: &'static str = "setup_links";
    const REPLY: &'static [&'static str] = &["setup_links", "links"];
}

impl Query for ListLinks {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let select = "SELECT id, note, created, expires, opened FROM setup_links \
                      WHERE expires > ? ORDER BY place";
        db.rows(select, &[self.now.into()])
    }
}

/// Opens the link `id`. Answers whether it stands. Only the first time is recorded: a holder who
/// opens it all day must not push out older entries.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OpenSetupLink {
    pub(crate) id: String,
    #[serde(rename = "noted")]
    pub(crate) record: Option<AuditRecord>,
    pub(crate) now: i64,
}

impl Call for OpenSetupLink {
    type Reply = bool;
    const NAME: &'static str = "open_setup_link";
    const REPLY: &'static [&'static str] = &["setup_link", "stands"];
}

impl Query for OpenSetupLink {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { id, record, now } = self;
        let first = "UPDATE setup_links SET opened = ?1 \
                     WHERE id = ?2 AND expires > ?1 AND opened IS NULL RETURNING 1";
        if db.any(first, &[now.into(), id.as_str().into()])? {
            write(db, record, &id, Action::SetupLinkOpened)?;
            return Ok(true);
        }
        let update =
            "UPDATE setup_links SET opened = ?1 WHERE id = ?2 AND expires > ?1 RETURNING 1";
        db.any(update, &[now.into(), id.into()])
    }
}

/// Ends the link `id`. Answers whether it stood; only then is that recorded.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RevokeSetupLink {
    pub(crate) id: String,
    #[serde(rename = "noted")]
    pub(crate) record: Option<AuditRecord>,
    pub(crate) now: i64,
}

impl Call for RevokeSetupLink {
    type Reply = bool;
    const NAME: &'static str = "revoke_setup_link";
    const REPLY: &'static [&'static str] = &["setup_link", "stands"];
}

impl Query for RevokeSetupLink {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { id, record, now } = self;
        let delete = "DELETE FROM setup_links WHERE id = ?2 AND expires > ?1 RETURNING 1";
        let stood = db.any(delete, &[now.into(), id.as_str().into()])?;
        if stood {
            write(db, record, &id, Action::SetupLinkRevoked)?;
        }
        Ok(stood)
    }
}
