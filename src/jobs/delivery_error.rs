//! Why an event was not delivered, or a task of a round not done.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::Fault;
use crate::log::jobs::{Failure, event_set_aside, task_postponed, webhook_postponed};

/// Why an event was not delivered, or a task not done. Both are retried, but for an event that the
/// queue never takes, which is set aside. `Display` is for the operator's log.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryError {
    /// The message of the queue is no event.
    #[error("the queue holds what is no event")]
    EventMalformed,
    /// The queue takes other events, and never this one. It is set aside.
    #[error("the queue does not take the event: {0}")]
    EventRefused(String),
    /// The event is too large for the queue, and is set aside.
    #[error("the event has {octets} octets, which is too much for the queue")]
    EventTooLarge {
        /// How many octets it has.
        octets: usize,
    },
    /// A part failed that other use cases need as well.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The queue takes no message. Events wait in the ledger.
    #[error("the queue cannot be reached: {0}")]
    QueueUnreachable(String),
    /// `WEBHOOK_URL` is not set any more.
    #[error("there is no WEBHOOK_URL")]
    WebhookAbsent,
    /// The status of the product's answer is not 2xx.
    #[error("the webhook was answered with {status}")]
    WebhookRefused {
        /// The status code.
        status: u16,
    },
    /// The product gave no answer in time.
    #[error("the webhook cannot be reached: {0}")]
    WebhookUnreachable(String),
}

impl DeliveryError {
    /// The stable snake_case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            other => other.into(),
        }
    }

    /// The log line of a task that is retried after `pause` seconds, or of a round that did not
    /// begin.
    pub fn task_retry_line(&self, pause: Option<u32>) -> String {
        task_postponed(self.failure(), pause)
    }

    /// The log line of an event that is retried after `pause` seconds. Its id is absent where it
    /// cannot be read.
    pub fn retry_line(&self, id: Option<&str>, age: Option<i64>, pause: u32) -> String {
        webhook_postponed(self.failure(), id, age, pause)
    }

    /// The log line of an event that was set aside.
    pub(crate) fn set_aside_line(&self, id: &str) -> String {
        event_set_aside(self.failure(), id)
    }

    fn failure(&self) -> Failure {
        Failure { code: self.code(), detail: self.to_string() }
    }
}
