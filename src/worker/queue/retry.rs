//! Retries of messages of queues.

use worker::{MessageExt as _, QueueRetryOptionsBuilder, RawMessage};

use crate::worker::ports::clock::now;

/// For how many seconds `message` has been in the queue.
pub(super) fn age(message: &RawMessage) -> i64 {
    let sent = i64::try_from(message.timestamp().as_millis() / 1000).unwrap_or(i64::MAX);
    now().seconds().saturating_sub(sent)
}

/// Has the queue deliver `message` again after `pause` seconds.
pub(super) fn retry(message: &RawMessage, pause: u32) {
    message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(pause).build());
}
