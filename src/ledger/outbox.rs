//! The events that wait for the queue.

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::events::Event;

/// Lets `events` wait.
pub(crate) fn write(
    db: &impl Database,
    events: impl IntoIterator<Item = Event>,
) -> Result<(), Fault> {
    for Event { id, body } in events {
        let insert = "INSERT INTO outbox (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING";
        db.run(insert, &[id.into(), body.into()])?;
    }
    Ok(())
}
