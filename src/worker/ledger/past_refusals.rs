//! The last refusals of an account, in its ledger.

use worker::{Result, SqlStorage};

use crate::ledger::past_refusals::PastRefusal;

pub(super) fn keep(sql: &SqlStorage, refusal: PastRefusal) -> Result<()> {
    let PastRefusal { at, code, detail, reference } = refusal;
    let insert = "INSERT INTO past_refusals (at, code, detail, reference) SELECT ?1, ?2, ?3, ?4 \
                  WHERE NOT EXISTS (SELECT 1 FROM past_refusals WHERE code = ?2 AND at > ?5)";
    let since = at.saturating_sub(PastRefusal::PAUSE);
    let row = vec![at.into(), code.into(), detail.into(), reference.into(), since.into()];
    sql.exec(insert, row)?;
    let delete = "DELETE FROM past_refusals \
                  WHERE place <= (SELECT MAX(place) FROM past_refusals) - ?";
    sql.exec(delete, vec![PastRefusal::KEPT.into()])?;
    Ok(())
}

/// Newest first.
pub(super) fn all(sql: &SqlStorage) -> Result<Vec<PastRefusal>> {
    let select = "SELECT at, code, detail, reference FROM past_refusals ORDER BY place DESC";
    sql.exec(select, None)?.to_array()
}
