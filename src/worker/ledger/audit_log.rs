//! What is written down in an account’s ledger.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::audit::Entry;
use crate::ledger::noted::Noted;
use crate::worker::ledger::retention::Statement;
use crate::worker::ledger::{outbox, retention};
/// Writes down what is no change of what is stored.
pub(crate) fn note(sql: &SqlStorage, noted: Option<Noted>) -> Result<()> {
    let Some(Noted { entry, event }) = noted else { return Ok(()) };
    outbox::write(sql, event)?;
    write_entry(sql, &entry).map(|_| ())
}

/// Returns its place.
pub(crate) fn write_entry(sql: &SqlStorage, entry: &Entry) -> Result<i64> {
    #[derive(Deserialize)]
    struct Place {
        place: i64,
    }
    let insert = "INSERT INTO audit (entry) VALUES (?) RETURNING place";
    let text = serde_json::to_string(entry)?;
    let Place { place } = sql.exec(insert, vec![text.into()])?.one()?;
    forget(sql, retention::of_entries(entry.at))?;
    Ok(place)
}

pub(crate) fn forget(sql: &SqlStorage, statements: Vec<Statement>) -> Result<()> {
    for (delete, parameters) in statements {
        sql.exec(delete, parameters.into_iter().map(Into::into).collect::<Vec<_>>())?;
    }
    Ok(())
}
