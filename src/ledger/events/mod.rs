//! Events for the product's webhook, from the change to the queue.

pub(crate) mod event;
pub(crate) mod outbox;
pub(crate) mod personal;
