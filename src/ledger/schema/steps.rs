//! The tables of a ledger, as numbered steps.
//!
//! An object is brought up to date when it is first asked after a start, in one transaction.
//! Objects live as long as their accounts, so a step that was released never changes: a change of
//! tables is a new step at the end. `tests/service/ledger/migrations.rs` holds the steps to SQLite
//! itself, from the tables on that objects had before their version was written down.
//!
//! While a release is rolled out, or rolled back, Cloudflare runs an object under one version of
//! this code at a time. A newer version takes over what an older one left, and writes down which
//! code may still use the tables ([`OLDEST`]). An older version goes on with the tables of a newer
//! one that has only added to them: so a rollback leaves sign-ins open. Where a step has changed
//! what older code relies on, or what older code writes lacks what the newer one relies on, the
//! older version fails, and so closes, until the newer version is back.

/// Where an object's version is: the number of steps that were applied, and how many of them code
/// must know to use the tables.
pub(crate) const VERSION: &str = "
    CREATE TABLE IF NOT EXISTS schema (
        only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL
    );
    INSERT INTO schema (only, version) VALUES (1, 0) ON CONFLICT DO NOTHING;
    CREATE TABLE IF NOT EXISTS schema_reader (
        only INTEGER PRIMARY KEY CHECK (only = 1), oldest INTEGER NOT NULL
    );
";

/// The number of the last step that does more than add a table, an index, or a column that is
/// optional. A new step that does more raises it to its own number; one that only adds leaves it.
pub(crate) const OLDEST: u32 = 5;

/// The first step is what there was before versions were: objects without one may have its tables.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("1.sql"),
    include_str!("2.sql"),
    include_str!("3.sql"),
    include_str!("4.sql"),
    include_str!("5.sql"),
];
