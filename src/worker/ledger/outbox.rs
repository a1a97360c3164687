//! The queue of events, as a ledger sends to it.

use std::time::Duration;

use worker::wasm_bindgen::JsValue;
use worker::{Queue, QueueContentType, RawMessageBuilder, console_log};

use crate::error::Fault;
use crate::jobs::outbox;
use crate::jobs::outbox::Waiting;
use crate::ledger::database::Database;

/// Carries all that waits to `queue`. Returns after how long to try again where something is left.
pub(super) async fn carry(db: &dyn Database, queue: &Queue) -> Result<Option<Duration>, Fault> {
    outbox::carry(db, &Events(queue), &|line| console_log!("{line}")).await
}

struct Events<'a>(&'a Queue);

impl outbox::Queue for Events<'_> {
    async fn send(&self, events: &[Waiting]) -> Result<(), String> {
        let message = |event: &Waiting| {
            RawMessageBuilder::new(JsValue::from(&event.body))
                .build_with_content_type(QueueContentType::Text)
        };
        let sent = self.0.send_raw_batch(events.iter().map(message)).await;
        sent.map_err(|error| error.to_string())
    }
}
