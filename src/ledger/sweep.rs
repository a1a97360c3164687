//! What a ledger forgets by itself.

use crate::error::Fault;
use crate::ledger::database::Database;

/// Removes what has expired at `now`.
pub fn sweep(db: &dyn Database, now: i64) -> Result<(), Fault> {
    for (table, end) in [
        ("assertions", "until"),
        ("refusals", "until"),
        ("used_requests", "until"),
        ("sessions", "expires"),
        ("setup_links", "expires"),
    ] {
        db.run(&format!("DELETE FROM {table} WHERE {end} <= ?"), &[now.into()])?;
    }
    Ok(())
}

/// Whether anything is left that expires, or that waits for the queue.
pub fn is_left(db: &dyn Database) -> Result<bool, Fault> {
    let left = "SELECT 1 FROM assertions UNION ALL SELECT 1 FROM refusals \
                UNION ALL SELECT 1 FROM used_requests \
                UNION ALL SELECT 1 FROM outbox WHERE is_aside = 0 \
                UNION ALL SELECT 1 FROM sessions UNION ALL SELECT 1 FROM setup_links LIMIT 1";
    db.any(left, &[])
}
