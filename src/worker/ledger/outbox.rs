//! The rows of events that wait in a ledger for the queue.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use worker::wasm_bindgen::JsValue;
use worker::{Queue, QueueContentType, RawMessageBuilder, Result, SqlStorage, console_log};

use crate::jobs::outbox;
use crate::jobs::outbox::{TooLarge, Waiting};
use crate::ledger::events::Event;

/// How many are kept of those that were set aside: for somebody to see what they were.
const ASIDE: i64 = 20;

/// Lets `events` wait for the alarm.
pub(super) fn write(sql: &SqlStorage, events: impl IntoIterator<Item = Event>) -> Result<()> {
    for Event { id, body } in events {
        let insert = "INSERT INTO outbox (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING";
        sql.exec(insert, vec![id.into(), body.into()])?;
    }
    Ok(())
}

/// Whether anything is to be carried at once: not while the queue was just found to fail, for which an
/// alarm is set already.
pub(super) fn is_due(sql: &SqlStorage) -> Result<bool> {
    let due = "SELECT 1 FROM outbox WHERE tries = 0 AND is_aside = 0 AND NOT EXISTS \
               (SELECT 1 FROM outbox WHERE tries IN (1, 2) AND refusals = 0 AND is_aside = 0) LIMIT 1";
    Ok(!sql.exec(due, None)?.to_array::<IgnoredAny>()?.is_empty())
}

/// Carries all that waits to `queue`. Returns after how long to try again where something is left.
pub(super) async fn carry(sql: &SqlStorage, queue: &Queue) -> Result<Option<Duration>> {
    outbox::carry(&Outbox { sql, queue }, &|line| console_log!("{line}")).await
}

struct Outbox<'a> {
    sql: &'a SqlStorage,
    queue: &'a Queue,
}

impl Outbox<'_> {
    fn all<T: for<'de> Deserialize<'de>>(&self, select: &str, most: usize) -> Result<Vec<T>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.sql.exec(select, vec![most.into()])?.to_array()
    }

    fn update(&self, update: &str, place: i64) -> Result<()> {
        self.sql.exec(update, vec![place.into()]).map(|_| ())
    }
}

impl outbox::Outbox for Outbox<'_> {
    type Error = worker::Error;

    fn too_large(&self, octets: usize) -> Result<Vec<TooLarge>> {
        let select = "SELECT place, id, length(CAST(body AS BLOB)) AS octets FROM outbox \
                      WHERE is_aside = 0 AND length(CAST(body AS BLOB)) > ? ORDER BY place";
        self.all(select, octets)
    }

    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>> {
        let select = "SELECT place, id, body, tries, refusals FROM outbox WHERE is_aside = 0 \
                      ORDER BY tries, place LIMIT ?";
        self.all(select, limit)
    }

    fn taken(&self, place: i64) -> Result<()> {
        self.update("DELETE FROM outbox WHERE place = ?", place)
    }

    fn failed(&self, place: i64) -> Result<()> {
        self.update("UPDATE outbox SET tries = tries + 1 WHERE place = ?", place)
    }

    fn refused(&self, place: i64) -> Result<()> {
        let update = "UPDATE outbox SET tries = tries + 1, refusals = refusals + 1 WHERE place = ?";
        self.update(update, place)
    }

    fn set_aside(&self, place: i64) -> Result<()> {
        self.update("UPDATE outbox SET is_aside = 1 WHERE place = ?", place)?;
        let delete = "DELETE FROM outbox WHERE is_aside = 1 AND place NOT IN \
                      (SELECT place FROM outbox WHERE is_aside = 1 ORDER BY place DESC LIMIT ?)";
        self.update(delete, ASIDE)
    }

    async fn send(&self, events: &[Waiting]) -> std::result::Result<(), String> {
        let message = |event: &Waiting| {
            RawMessageBuilder::new(JsValue::from(&event.body))
                .build_with_content_type(QueueContentType::Text)
        };
        let sent = self.queue.send_raw_batch(events.iter().map(message)).await;
        sent.map_err(|error| error.to_string())
    }
}
