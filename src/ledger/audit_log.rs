//! What is written down of an account.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::{AuditEvent, AuditPage, Entry};
use crate::ledger::database::{Database, page, unreadable};
use crate::ledger::noted::Noted;
use crate::ledger::query::{Call, Query};
use crate::ledger::retention::Statement;
use crate::ledger::{outbox, retention};

/// Writes down what is no change of what is stored.
pub(crate) fn note(db: &impl Database, noted: Option<Noted>) -> Result<(), Fault> {
    let Some(Noted { entry, event }) = noted else { return Ok(()) };
    outbox::write(db, event)?;
    write_entry(db, &entry).map(|_| ())
}

#[derive(Deserialize)]
struct Place {
    place: i64,
}

/// Returns its place.
pub(crate) fn write_entry(db: &impl Database, entry: &Entry) -> Result<i64, Fault> {
    let insert = "INSERT INTO audit (entry) VALUES (?) RETURNING place";
    let text = serde_json::to_string(entry).map_err(unreadable)?;
    let written = db.row(insert, &[text.into()])?;
    let none = || Fault::LedgerUnreachable("an entry has no place".to_owned());
    let Place { place } = written.ok_or_else(none)?;
    forget(db, retention::of_entries(entry.at))?;
    Ok(place)
}

pub(crate) fn forget(db: &impl Database, statements: Vec<Statement>) -> Result<(), Fault> {
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

/// Writes down what is done to the account elsewhere than in its ledger.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WriteDown(pub(crate) Noted);

impl Call for WriteDown {
    type Reply = ();
    const NAME: &'static str = "write_down";
    const REPLY: &'static [&'static str] = &["noted"];
}

impl Query for WriteDown {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        note(db, Some(self.0))
    }
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
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let Self { before, limit } = self;
        let select = "SELECT place, entry FROM audit WHERE ?1 = 0 OR place < ?1 \
                      ORDER BY place DESC LIMIT ?2";
        let mut rows = db.rows::<Row>(select, &[before.into(), (i64::from(limit) + 1).into()])?;
        let next = page(&mut rows, limit, |row| row.place);
        Ok(AuditPage { events: events(rows)?, next })
    }
}
