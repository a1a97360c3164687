//! Events on their way from the ledger to the queue.
//!
//! They leave the ledger only after the queue has taken them. Where that is not heard of, they are
//! carried again, under the same ids.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use worker::wasm_bindgen::JsValue;
use worker::{Queue, QueueContentType, RawMessageBuilder, Result, SqlStorage, console_log};

use crate::service::{Event, Undelivered, webhook};

/// The limits of one batch to a queue are 100 messages and 256 KB; some of it is the queue's own.
const BATCH: &str = "SELECT place, body, tries FROM outbox ORDER BY place LIMIT 100";
const BATCH_OCTETS: usize = 200_000;

/// Longest pause before the queue is asked again, as a power of two: 512 seconds.
const LONGEST: u32 = 9;

#[derive(Deserialize)]
struct Row {
    place: i64,
    body: String,
    tries: u32,
}

/// Lets `events` wait for the alarm.
pub(super) fn write(sql: &SqlStorage, events: impl IntoIterator<Item = Event>) -> Result<()> {
    for Event { id, body } in events {
        let insert = "INSERT INTO outbox (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING";
        sql.exec(insert, vec![id.into(), body.into()])?;
    }
    Ok(())
}

/// Whether anything is to be carried at once: not while the queue is known to fail, which has set
/// an alarm already.
pub(super) fn is_due(sql: &SqlStorage) -> Result<bool> {
    let due = "SELECT 1 WHERE (SELECT MAX(tries) FROM outbox) = 0";
    Ok(!sql.exec(due, None)?.to_array::<IgnoredAny>()?.is_empty())
}

/// Carries all that waits to `queue`. Returns after how long to try again where it takes nothing.
pub(super) async fn carry(sql: &SqlStorage, queue: &Queue) -> Result<Option<Duration>> {
    loop {
        let rows = batch(sql)?;
        let Some(last) = rows.last().map(|row| row.place) else { return Ok(None) };
        let tries = rows.iter().map(|row| row.tries).max().unwrap_or_default();
        let message = |row: Row| {
            RawMessageBuilder::new(JsValue::from(row.body))
                .build_with_content_type(QueueContentType::Text)
        };
        if let Err(error) = queue.send_raw_batch(rows.into_iter().map(message)).await {
            sql.exec("UPDATE outbox SET tries = tries + 1 WHERE place <= ?", vec![last.into()])?;
            let seconds = 2_u32.pow(tries.saturating_add(1).min(LONGEST));
            let why = Undelivered::QueueUnreachable(error.to_string());
            if let Some(line) = webhook::postponed(&why, None, None, seconds) {
                console_log!("{line}");
            }
            return Ok(Some(Duration::from_secs(seconds.into())));
        }
        sql.exec("DELETE FROM outbox WHERE place <= ?", vec![last.into()])?;
    }
}

/// The oldest events, as many as the queue takes at once.
fn batch(sql: &SqlStorage) -> Result<Vec<Row>> {
    let mut octets = 0;
    let fits = |row: &Row| {
        octets += row.body.len();
        octets <= BATCH_OCTETS
    };
    Ok(sql.exec(BATCH, None)?.to_array::<Row>()?.into_iter().take_while(fits).collect())
}
