//! Which keys have signed somebody in to an account, in its ledger.

use serde::Deserialize;
use worker::{Result, SqlStorage};

/// How many are remembered: several times what metadata lists. One that is forgotten and still in use
/// is remembered anew by the next login.
const KEPT: i64 = 32;

#[derive(Deserialize)]
struct Row {
    key: String,
}

/// Remembers `keys`. Where they are known, nothing is written.
pub(super) fn note(sql: &SqlStorage, keys: Vec<String>) -> Result<()> {
    for key in keys {
        let insert = "INSERT INTO signers (key) VALUES (?) ON CONFLICT DO NOTHING RETURNING key";
        if sql.exec(insert, vec![key.into()])?.to_array::<Row>()?.is_empty() {
            continue;
        }
        let delete = "DELETE FROM signers WHERE place NOT IN \
                      (SELECT place FROM signers ORDER BY place DESC LIMIT ?)";
        sql.exec(delete, vec![KEPT.into()])?;
    }
    Ok(())
}

pub(super) fn all(sql: &SqlStorage) -> Result<Vec<String>> {
    let rows = sql.exec("SELECT key FROM signers", None)?.to_array::<Row>()?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}
