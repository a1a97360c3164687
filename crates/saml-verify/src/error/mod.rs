//! What can go wrong, each with a stable code: [`Refusal`] when the message is at fault.

pub(crate) mod refusal;
pub(crate) mod rule;

pub use crate::error::refusal::Refusal;
pub use crate::error::rule::{Kind, Rule, Step};
