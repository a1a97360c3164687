//! The tables of a ledger, and how they are brought up to date.

pub(crate) mod migration;
pub(crate) mod steps;
