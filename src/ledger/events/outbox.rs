//! The events that wait in a ledger for the queue.

use serde::Deserialize;

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::events::event::Event;

/// How many events are kept of those that were set aside, so that operators can see them.
const ASIDE: i64 = 20;

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Waiting {
    /// Greater than that of every event before.
    pub place: i64,
    /// [`Event::id`].
    pub id: String,
    /// [`Event::body`].
    pub body: String,
    /// How often it was tried.
    pub tries: u32,
    /// How often the queue took others of the same try.
    pub refusals: u32,
}

/// An event that is too large for the queue, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TooLarge {
    /// [`Waiting::place`].
    pub place: i64,
    /// [`Waiting::id`].
    pub id: String,
    /// The size of its body in octets.
    pub octets: usize,
}

/// Lets `events` wait.
pub(crate) fn write(
    db: &dyn Database,
    events: impl IntoIterator<Item = Event>,
) -> Result<(), Fault> {
    for Event { id, body } in events {
        let insert = "INSERT INTO outbox (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING";
        db.run(insert, &[id.into(), body.into()])?;
    }
    Ok(())
}

/// Whether an event is to be sent at once. No event is due while the queue is failing, for which an
/// alarm is set.
pub fn is_due(db: &dyn Database) -> Result<bool, Fault> {
    let due = "SELECT 1 FROM outbox WHERE tries = 0 AND is_aside = 0 AND NOT EXISTS \
               (SELECT 1 FROM outbox \
                WHERE tries IN (1, 2) AND refusals = 0 AND is_aside = 0) LIMIT 1";
    db.any(due, &[])
}

/// The events whose body has more than `octets`.
pub(crate) fn too_large(db: &dyn Database, octets: i64) -> Result<Vec<TooLarge>, Fault> {
    let select = "SELECT place, id, length(CAST(body AS BLOB)) AS octets FROM outbox \
                  WHERE is_aside = 0 AND length(CAST(body AS BLOB)) > ? ORDER BY place";
    db.rows(select, &[octets.into()])
}

/// At most `limit` events that wait: those that were tried least come first, and then the oldest.
pub(crate) fn waiting(db: &dyn Database, limit: i64) -> Result<Vec<Waiting>, Fault> {
    let select = "SELECT place, id, body, tries, refusals FROM outbox WHERE is_aside = 0 \
                  ORDER BY tries, place LIMIT ?";
    db.rows(select, &[limit.into()])
}

/// Forgets an event that the queue has taken.
pub(crate) fn taken(db: &dyn Database, place: i64) -> Result<(), Fault> {
    db.run("DELETE FROM outbox WHERE place = ?", &[place.into()])
}

/// Counts a try at which the queue took nothing.
pub(crate) fn failed(db: &dyn Database, place: i64) -> Result<(), Fault> {
    db.run("UPDATE outbox SET tries = tries + 1 WHERE place = ?", &[place.into()])
}

/// Counts a try at which the queue took others.
pub(crate) fn refused(db: &dyn Database, place: i64) -> Result<(), Fault> {
    let update = "UPDATE outbox SET tries = tries + 1, refusals = refusals + 1 WHERE place = ?";
    db.run(update, &[place.into()])
}

/// Sets an event aside, which is not tried again.
pub(crate) fn set_aside(db: &dyn Database, place: i64) -> Result<(), Fault> {
    db.run("UPDATE outbox SET is_aside = 1 WHERE place = ?", &[place.into()])?;
    let delete = "DELETE FROM outbox WHERE is_aside = 1 AND place NOT IN \
                  (SELECT place FROM outbox WHERE is_aside = 1 ORDER BY place DESC LIMIT ?)";
    db.run(delete, &[ASIDE.into()])
}
