//! How long a ledger keeps what was done to an account, and what was stored for it (row G6).
//!
//! An administrator of an account must not be able to push out entries of their own changes, or
//! versions that others stored. So changes and setup links are kept by time, entries that this
//! service makes by itself have lists of their own, and an actor who makes many changes pushes out
//! their own versions. `tests/service/ledger/audit_retention.rs` tests it on SQLite.

/// For how long changes and setup links are kept, in seconds.
const ENTRIES_AGE: i64 = 90 * DAY;

/// How many of them are kept however old they are.
const ENTRIES: i64 = 1_000;

/// How many of one actor are kept however young they are. It bounds the entries of operators'
/// programs; the account's own administrators make at most 43 200 changes in that time.
const ENTRIES_OF_ACTOR: i64 = 50_000;

/// How many entries are kept of staged metadata, and of certificates that expire.
const LISTED: i64 = 50;

/// For how long versions are kept, in seconds; and how many however old they are.
const VERSIONS_AGE: i64 = 30 * DAY;
const VERSIONS: i64 = 20;

/// How many versions are kept in all. Each may have a megabyte of metadata.
const ALL_VERSIONS: i64 = 100;

const DAY: i64 = 24 * 60 * 60;

/// A statement and its parameters.
pub(crate) type Statement = (&'static str, Vec<i64>);

/// What is deleted at `now`, after an entry was written.
pub(crate) fn of_entries(now: i64) -> Vec<Statement> {
    let old = "DELETE FROM audit WHERE list = 'changes' AND at <= ?1 \
               AND place NOT IN (SELECT place FROM versions) \
               AND place <= (SELECT place FROM audit WHERE list = 'changes' \
                             ORDER BY place DESC LIMIT 1 OFFSET ?2)";
    let many = "DELETE FROM audit WHERE list = 'changes' \
                AND place NOT IN (SELECT place FROM versions) \
                AND actor = (SELECT actor FROM audit ORDER BY place DESC LIMIT 1) \
                AND place <= (SELECT place FROM audit \
                              WHERE actor = (SELECT actor FROM audit ORDER BY place DESC LIMIT 1) \
                              ORDER BY place DESC LIMIT 1 OFFSET ?1)";
    let staging = "DELETE FROM audit WHERE list = 'staging' AND place <= \
                   (SELECT place FROM audit WHERE list = 'staging' \
                    ORDER BY place DESC LIMIT 1 OFFSET ?1)";
    let expiry = "DELETE FROM audit WHERE list = 'expiry' AND place <= \
                  (SELECT place FROM audit WHERE list = 'expiry' \
                   ORDER BY place DESC LIMIT 1 OFFSET ?1)";
    vec![
        (old, vec![now.saturating_sub(ENTRIES_AGE), ENTRIES]),
        (many, vec![ENTRIES_OF_ACTOR]),
        (staging, vec![LISTED]),
        (expiry, vec![LISTED]),
    ]
}

/// What is deleted at `now`, after a version was written.
///
/// The newest of each actor stays. If there are too many, the actor with the most loses their
/// oldest. The only version of an operator or of this service is the last to go.
pub(crate) fn of_versions(now: i64) -> Vec<Statement> {
    let old = "DELETE FROM versions WHERE written <= ?1 \
               AND place NOT IN \
               (SELECT MAX(place) FROM versions JOIN audit USING (place) GROUP BY actor) \
               AND place NOT IN (SELECT place FROM versions ORDER BY place DESC LIMIT ?2)";
    let many = "DELETE FROM versions WHERE (SELECT COUNT(*) FROM versions) > ?1 AND place = \
                (SELECT place FROM versions JOIN audit USING (place) \
                 ORDER BY (COUNT(*) OVER (PARTITION BY actor) = 1 \
                           AND actor NOT LIKE 'user:%' AND actor NOT LIKE 'setup_link:%'), \
                          COUNT(*) OVER (PARTITION BY actor) DESC, place LIMIT 1)";
    vec![
        (old, vec![now.saturating_sub(VERSIONS_AGE), VERSIONS]),
        // One change writes two versions if the store was written to directly before it.
        (many, vec![ALL_VERSIONS]),
        (many, vec![ALL_VERSIONS]),
    ]
}
