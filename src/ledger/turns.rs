//! How often an account's own people may do what costs others something (row G6): what they change is kept
//! for months, and the addresses that they name are asked from here.
//!
//! The account's ledger counts, so it is exact, and for all of them together. Operators are not counted.

use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// A change of what is stored or of what waits.
    Change,
    /// A request to the server at an address.
    Look,
}

impl Turn {
    /// How many there may be, and within how many seconds. Whoever sets an IdP up makes five changes and
    /// mistypes an address some times.
    pub const fn limit(self) -> (u32, i64) {
        match self {
            Self::Change => (20, 60 * 60),
            Self::Look => (10, 5 * 60),
        }
    }

    /// As a ledger says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Look => "look",
        }
    }
}
