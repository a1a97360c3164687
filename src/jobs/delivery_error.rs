//! Why an event, or a task of a round, is still on its way.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::Fault;

/// What keeps an event from the product, or a task from being done. Nothing is lost by it: the
/// event waits, and the next round comes; but for an event that no queue takes. `Display` is for
/// the operator's log.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum Undelivered {
    /// What came out of the queue is no event of ours.
    #[error("the queue holds what is no event")]
    EventMalformed,
    /// The queue takes others, and this one never. It is set aside.
    #[error("the queue does not take the event: {0}")]
    EventRefused(String),
    /// The event is too large for the queue, and is set aside.
    #[error("the event has {octets} octets, which is too much for the queue")]
    EventTooLarge {
        /// How many.
        octets: usize,
    },
    /// Something that is needed for more than that failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The queue takes nothing. Events wait in the ledger.
    #[error("the queue cannot be reached: {0}")]
    QueueUnreachable(String),
    /// There is no `WEBHOOK_URL` any more.
    #[error("there is no WEBHOOK_URL")]
    WebhookAbsent,
    /// The product's answer is not 2xx.
    #[error("the webhook was answered with {status}")]
    WebhookRefused {
        /// Status code.
        status: u16,
    },
    /// The product gave no answer in time.
    #[error("the webhook cannot be reached: {0}")]
    WebhookUnreachable(String),
}

impl Undelivered {
    /// The stable snake_case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.code(),
            other => other.into(),
        }
    }
}
