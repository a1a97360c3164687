//! Which certificates of an account's IdP were said to expire, in its ledger.

use serde::de::IgnoredAny;
use worker::{Result, SqlStorage};

use crate::ledger::expiries::Expiry;
use crate::ledger::noted::Noted;
use crate::worker::ledger::audit_log;

/// Returns whether it is told for the first time.
pub(super) fn note(sql: &SqlStorage, expiry: Expiry, noted: Noted) -> Result<bool> {
    let insert = "INSERT INTO expiries (certificate, days) VALUES (?1, ?2) \
                  ON CONFLICT (certificate) DO UPDATE SET days = ?2 WHERE days > ?2 RETURNING 1";
    let row = vec![expiry.certificate.into(), expiry.days.into()];
    if sql.exec(insert, row)?.to_array::<IgnoredAny>()?.is_empty() {
        return Ok(false);
    }
    let delete = "DELETE FROM expiries WHERE place NOT IN \
                  (SELECT place FROM expiries ORDER BY place DESC LIMIT ?)";
    sql.exec(delete, vec![Expiry::KEPT.into()])?;
    audit_log::note(sql, Some(noted))?;
    Ok(true)
}
