//! Which of the events that wait in a ledger say what a user is called. `tests/service/ledger/audit_retention.rs` holds this to
//! SQLite itself.

/// Drops all of them.
pub(crate) const DROP: &str =
    "DELETE FROM outbox WHERE json_extract(body, '$.data.user.email') IS NOT NULL";

/// Drops those of the users in a JSON list of their `sub`.
pub(crate) const DROP_OF_USERS: &str = "DELETE FROM outbox WHERE json_extract(body, '$.data.user.email') IS NOT NULL \
     AND json_extract(body, '$.data.user.sub') IN (SELECT value FROM json_each(?))";
