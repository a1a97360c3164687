//! What was stored for an account after each of its changes.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::entry::AuditEvent;
use crate::ledger::audit::log::{events, forget};
use crate::ledger::audit::retention;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::limits::STORED_METADATA_OCTETS;
use crate::model::stored::Stored;

/// Keeps what is `stored` after the change that the audit log has at `place`.
pub(crate) fn write(db: &dyn Database, place: i64, stored: Stored, now: i64) -> Result<(), Fault> {
    let Stored { metadata, settings } = stored;
    // What operators upload themselves may be larger than a row.
    if metadata.as_ref().is_some_and(|xml| xml.len() > STORED_METADATA_OCTETS) {
        return Ok(());
    }
    let insert = "INSERT INTO versions (place, metadata, settings, written) VALUES (?, ?, ?, ?)";
    db.run(insert, &[place.into(), metadata.into(), settings.into(), now.into()])?;
    forget(db, retention::of_versions(now))
}

/// The last one, of those that were written after `since` where that is given.
pub(crate) fn last(db: &dyn Database, since: Option<i64>) -> Result<Option<Stored>, Fault> {
    let select = "SELECT metadata, settings FROM versions WHERE ?1 IS NULL OR written > ?1 \
                  ORDER BY place DESC LIMIT 1";
    db.row(select, &[since.into()])
}

/// Asks for the entries of which [`FindVersion`] has the outcome, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListVersions;

impl Call for ListVersions {
    type Reply = Vec<AuditEvent>;
    const NAME: &'static str = "versions";
    const REPLY: &'static [&'static str] = &["versions", "events"];
}

impl Query for ListVersions {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let select =
            "SELECT place, entry FROM audit JOIN versions USING (place) ORDER BY place DESC";
        events(db.rows(select, &[])?)
    }
}

/// Asks for what was stored after the entry `id`; nothing where that is not kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindVersion {
    pub(crate) id: i64,
}

impl Call for FindVersion {
    type Reply = Option<Stored>;
    const NAME: &'static str = "version";
    const REPLY: &'static [&'static str] = &["version", "stored"];
}

impl Query for FindVersion {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        db.row("SELECT metadata, settings FROM versions WHERE place = ?", &[self.id.into()])
    }
}
