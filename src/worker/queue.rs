//! The other end of the queues: what waits there, one message at a time.

use worker::{
    Context, Env, MessageBatch, MessageExt as _, QueueRetryOptionsBuilder, RawMessage, Result,
    event,
};

use crate::service::Task;
use crate::worker::{upkeep, webhook};

/// Every message is either taken or tried again; after the last try the queue hands it on to its
/// dead-letter queue. Nothing here returns an error: the runtime would make a panic of it, and
/// forget which messages were taken.
#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
    for message in batch.raw_iter() {
        // The Worker knows its queues by their bindings, and batches come with a queue's name.
        match message.body().as_string().as_deref().and_then(Task::parse) {
            Some(task) => upkeep::carry(&message, &task, &env).await,
            // Parsed once for all of them, and for the requests.
            None => webhook::carry(&message, super::config(&env)).await,
        }
    }
    Ok(())
}

/// For how many seconds `message` has been in the queue.
pub(super) fn age(message: &RawMessage) -> i64 {
    let sent = i64::try_from(message.timestamp().as_millis() / 1000).unwrap_or(i64::MAX);
    super::now().seconds().saturating_sub(sent)
}

/// Has `message` come again after `pause` seconds.
pub(super) fn try_again(message: &RawMessage, pause: u32) {
    message.retry_with_options(&QueueRetryOptionsBuilder::new().with_delay_seconds(pause).build());
}
