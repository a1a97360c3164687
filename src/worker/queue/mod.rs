//! The consumer of the queues, one message at a time.

mod retry;
mod rounds;
mod webhook;

use worker::{Context, Env, MessageBatch, Result, event};

use crate::jobs::message::QueueMessage;
use crate::worker::ports::bindings::config;

/// Every message is acknowledged or retried. After the last retry the queue moves it to its
/// dead-letter queue. Nothing here returns an error: the runtime would turn it into a panic and
/// forget which messages were acknowledged.
#[event(queue)]
pub(crate) async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
    for message in batch.raw_iter() {
        match QueueMessage::parse(message.body().as_string()) {
            Ok(QueueMessage::Task(task)) => rounds::run(&message, &task, &env).await,
            Ok(QueueMessage::Event(event)) => {
                webhook::send(&message, Ok(event), config(&env)).await
            }
            Err(malformed) => webhook::send(&message, Err(malformed), config(&env)).await,
        }
    }
    Ok(())
}
