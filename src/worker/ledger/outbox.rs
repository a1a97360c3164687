//! The rows of events that wait in a ledger for the queue.

use std::time::Duration;

use serde::de::DeserializeOwned;
use worker::wasm_bindgen::JsValue;
use worker::{Queue, QueueContentType, RawMessageBuilder, console_log};

use crate::error::Fault;
use crate::jobs::outbox;
use crate::jobs::outbox::{TooLarge, Waiting};
use crate::ledger::database::Database;
use crate::worker::ledger::database::ObjectDatabase;

/// How many are kept of those that were set aside: for somebody to see what they were.
const ASIDE: i64 = 20;

/// Whether anything is to be carried at once: not while the queue was just found to fail, for which
/// an alarm is set already.
pub(super) fn is_due(db: &ObjectDatabase) -> Result<bool, Fault> {
    let due = "SELECT 1 FROM outbox WHERE tries = 0 AND is_aside = 0 AND NOT EXISTS \
               (SELECT 1 FROM outbox WHERE tries IN (1, 2) AND refusals = 0 AND is_aside = 0) \
               LIMIT 1";
    db.any(due, &[])
}

/// Carries all that waits to `queue`. Returns after how long to try again where something is left.
pub(super) async fn carry(db: &ObjectDatabase, queue: &Queue) -> Result<Option<Duration>, Fault> {
    outbox::carry(&Outbox { db, queue }, &|line| console_log!("{line}")).await
}

struct Outbox<'a> {
    db: &'a ObjectDatabase,
    queue: &'a Queue,
}

impl Outbox<'_> {
    fn all<T: DeserializeOwned>(&self, select: &str, most: usize) -> Result<Vec<T>, Fault> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.db.rows(select, &[most.into()])
    }

    fn update(&self, update: &str, place: i64) -> Result<(), Fault> {
        self.db.run(update, &[place.into()])
    }
}

impl outbox::Outbox for Outbox<'_> {
    type Error = Fault;

    fn too_large(&self, octets: usize) -> Result<Vec<TooLarge>, Fault> {
        let select = "SELECT place, id, length(CAST(body AS BLOB)) AS octets FROM outbox \
                      WHERE is_aside = 0 AND length(CAST(body AS BLOB)) > ? ORDER BY place";
        self.all(select, octets)
    }

    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, Fault> {
        let select = "SELECT place, id, body, tries, refusals FROM outbox WHERE is_aside = 0 \
                      ORDER BY tries, place LIMIT ?";
        self.all(select, limit)
    }

    fn taken(&self, place: i64) -> Result<(), Fault> {
        self.update("DELETE FROM outbox WHERE place = ?", place)
    }

    fn failed(&self, place: i64) -> Result<(), Fault> {
        self.update("UPDATE outbox SET tries = tries + 1 WHERE place = ?", place)
    }

    fn refused(&self, place: i64) -> Result<(), Fault> {
        let update = "UPDATE outbox SET tries = tries + 1, refusals = refusals + 1 WHERE place = ?";
        self.update(update, place)
    }

    fn set_aside(&self, place: i64) -> Result<(), Fault> {
        self.update("UPDATE outbox SET is_aside = 1 WHERE place = ?", place)?;
        let delete = "DELETE FROM outbox WHERE is_aside = 1 AND place NOT IN \
                      (SELECT place FROM outbox WHERE is_aside = 1 ORDER BY place DESC LIMIT ?)";
        self.update(delete, ASIDE)
    }

    async fn send(&self, events: &[Waiting]) -> Result<(), String> {
        let message = |event: &Waiting| {
            RawMessageBuilder::new(JsValue::from(&event.body))
                .build_with_content_type(QueueContentType::Text)
        };
        let sent = self.queue.send_raw_batch(events.iter().map(message)).await;
        sent.map_err(|error| error.to_string())
    }
}
