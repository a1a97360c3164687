//! What is done without a request: rounds over all accounts, and events on their way to the
//! product.

pub(crate) mod delivery_error;
pub mod outbox;
pub mod rounds;
pub mod webhook;
