//! Requests and answers of the runtime.

pub(super) mod body;
pub(super) mod head;
mod message;
mod orders;
pub(super) mod origin;
pub(super) mod received;
pub(super) mod respond;
