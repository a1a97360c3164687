//! How often an account's own people may do what costs others something (row G6): what they change
//! is kept for months, and the addresses that they name are asked from here.
//!
//! The account's ledger counts, so it is exact, and for all of them together. Operators are not
//! counted.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};

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
    /// How many there may be, and within how many seconds. Whoever sets an IdP up makes five
    /// changes and mistypes an address some times.
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

/// Takes a turn. Answers after how many seconds there is one where there were too many within
/// [`Turn::limit`]; then none is taken.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TakeTurn {
    pub(crate) turn: Turn,
    pub(crate) now: i64,
}

impl Call for TakeTurn {
    type Reply = Option<i64>;
    const NAME: &'static str = "take_turn";
    const REPLY: &'static [&'static str] = &["turn", "wait"];
}

impl Query for TakeTurn {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { turn, now } = self;
        let (most, within) = turn.limit();
        let kind = turn.as_str();
        let delete = "DELETE FROM turns WHERE kind = ? AND at <= ?";
        db.run(delete, &[kind.into(), now.saturating_sub(within).into()])?;
        let select = "SELECT at FROM turns WHERE kind = ? ORDER BY place DESC LIMIT 1 OFFSET ?";
        let offset = i64::from(most).saturating_sub(1);
        if let Some(at) = db.integers(select, &[kind.into(), offset.into()])?.into_iter().next() {
            return Ok(Some(at.saturating_add(within).saturating_sub(now).max(1)));
        }
        db.run("INSERT INTO turns (kind, at) VALUES (?, ?)", &[kind.into(), now.into()])?;
        Ok(None)
    }
}
