//! The other end of the queues: what waits there, one message at a time.

use worker::{Context, Env, MessageBatch, Result, event};

use crate::jobs::rounds::Task;
use crate::worker::{upkeep, webhook};

/// Every message is either taken or tried again; after the last try the queue hands it on to its
/// dead-letter queue. Nothing here returns an error: the runtime would make a panic of it, and
/// forget which messages were taken.
#[event(queue)]
pub(crate) async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
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
