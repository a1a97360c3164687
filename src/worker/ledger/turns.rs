//! What the account's own people have done lately, in its ledger.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::turns::Turn;

#[derive(Deserialize)]
struct Taken {
    at: i64,
}

/// Takes a turn at `now`; or returns after how many seconds there is one.
pub(super) fn take(sql: &SqlStorage, turn: Turn, now: i64) -> Result<Option<i64>> {
    let (most, within) = turn.limit();
    let kind = turn.as_str();
    let delete = "DELETE FROM turns WHERE kind = ? AND at <= ?";
    sql.exec(delete, vec![kind.into(), now.saturating_sub(within).into()])?;
    let select = "SELECT at FROM turns WHERE kind = ? ORDER BY place DESC LIMIT 1 OFFSET ?";
    let offset = i64::from(most).saturating_sub(1);
    let first: Option<Taken> =
        sql.exec(select, vec![kind.into(), offset.into()])?.to_array()?.pop();
    if let Some(Taken { at }) = first {
        return Ok(Some(at.saturating_add(within).saturating_sub(now).max(1)));
    }
    sql.exec("INSERT INTO turns (kind, at) VALUES (?, ?)", vec![kind.into(), now.into()])?;
    Ok(None)
}
