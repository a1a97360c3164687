//! The tables of a ledger, as numbered steps.
//!
//! An object is brought up to date when it is first asked after a start, in one transaction. Objects
//! live as long as their accounts, so a step that was released never changes: a change of tables is a
//! new step at the end. `tests/schema.rs` holds the steps to SQLite itself, from the tables on that
//! objects had before their version was written down.
//!
//! While a release is rolled out, Cloudflare runs an object under one version of this code at a time. A
//! newer version takes over what an older one left. An older version does not touch what a newer one
//! has taken over, for it would write rows that lack what the newer one relies on: it fails, and so
//! closes, until the newer version is back.

/// Where an object's version is: the number of steps that were applied.
pub(crate) const VERSION: &str = "
    CREATE TABLE IF NOT EXISTS schema (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL);
    INSERT INTO schema (only, version) VALUES (1, 0) ON CONFLICT DO NOTHING;
";

/// The steps that an object at `version` has not seen; `None` where it is newer than this code.
pub(crate) fn due(version: usize) -> Option<&'static [&'static str]> {
    MIGRATIONS.get(version..)
}

/// The first step is what there was before versions were: objects without one may have its tables.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];
