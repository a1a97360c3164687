//! Messages of queues that are tried again.

use worker::{MessageExt as _, QueueRetryOptionsBuilder, RawMessage};
/// For how many seconds `message` has been in the queue.
pub(crate) fn age(message: &RawMessage) -> i64 {
    let sent = i64::try_from(message.timestamp().as_millis() / 1000).unwrap_or(i64::MAX);
    super::now().seconds().saturating_sub(sent)
}

/// Has `message` come again after `pause` seconds.
pub(crate) fn try_again(message: &RawMessage, pause: u32) {
    message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(pause).build());
}
