//! Deletes waiting events that hold a user's name and address.
//! `tests/service/ledger/audit_retention.rs` tests it on SQLite.

/// Drops all of them.
pub(crate) const DROP: &str =
    "DELETE FROM outbox WHERE json_extract(body, '$.data.user.email') IS NOT NULL";

/// Drops those of the users in a JSON list of their `sub`.
pub(crate) const DROP_OF_USERS: &str = "DELETE FROM outbox \
     WHERE json_extract(body, '$.data.user.email') IS NOT NULL \
     AND json_extract(body, '$.data.user.sub') IN (SELECT value FROM json_each(?))";
