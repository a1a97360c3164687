//! What is done without a request: rounds over all accounts, and the delivery of events.

pub(crate) mod delivery_error;
pub(crate) mod message;
pub mod outbox;
pub(crate) mod rounds;
pub mod webhook;
