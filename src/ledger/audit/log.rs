//! The rows of the audit log.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::entry::{AuditEntry, AuditEvent, AuditPage};
use crate::ledger::audit::retention;
use crate::ledger::audit::retention::Statement;
use crate::ledger::database::{Database, unreadable};
use crate::ledger::query::{Call, Query};

/// Writes an entry, and drops those that are too old by then. Returns its place.
pub(crate) fn write(db: &dyn Database, entry: &AuditEntry) -> Result<i64, Fault> {
    let insert = "INSERT INTO audit (entry) VALUES (?) RETURNING place";
    let text = serde_json::to_string(entry).map_err(unreadable)?;
    let place = db.integers(insert, &[text.into()])?.into_iter().next();
    let place =
        place.ok_or_else(|| Fault::LedgerUnreachable("an entry has no place".to_owned()))?;
    forget(db, retention::of_entries(entry.at))?;
    Ok(place)
}

pub(crate) fn forget(db: &dyn Database, statements: Vec<Statement>) -> Result<(), Fault> {
    for (delete, parameters) in statements {
        let parameters: Vec<_> = parameters.into_iter().map(Into::into).collect();
        db.run(delete, &parameters)?;
    }
    Ok(())
}

/// A row of the list.
#[derive(Deserialize)]
pub(crate) struct Row {
    place: i64,
    entry: String,
}

pub(crate) fn events(rows: Vec<Row>) -> Result<Vec<AuditEvent>, Fault> {
    let event = |row: Row| {
        let entry = serde_json::from_str(&row.entry).map_err(unreadable)?;
        Ok(AuditEvent { id: row.place, entry })
    };
    rows.into_iter().map(event).collect()
}

/// Asks for at most `limit` entries, newest first, from before the place `before`; 0 is behind the
/// last.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListEntries {
    pub(crate) before: i64,
    pub(crate) limit: u32,
}

impl Call for ListEntries {
    type Reply = AuditPage;
    const NAME: &'static str = "audit_events";
    const REPLY: &'static [&'static str] = &["audit_events"];
}

impl Query for ListEntries {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { before, limit } = self;
        let select = "SELECT place, entry FROM audit WHERE ?1 = 0 OR place < ?1 \
                      ORDER BY place DESC LIMIT ?2";
        let most = i64::from(limit) + 1;
        let (rows, next) = db.page(select, &[before.into(), most.into()], limit)?;
        Ok(AuditPage { events: events(rows)?, next })
    }
}
