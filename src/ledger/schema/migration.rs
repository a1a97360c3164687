//! A ledger's tables, brought up to date.

use serde::Deserialize;

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::schema::steps;

/// How far an object's tables have come.
#[derive(Deserialize)]
struct Schema {
    version: usize,
    oldest: Option<usize>,
}

/// Applies the steps that the tables have not seen, in one transaction. Fails where a newer version
/// of this code has changed them in a way that this one does not know.
pub fn migrate(db: &dyn Database) -> Result<(), Fault> {
    db.transaction(|| {
        db.batch(steps::VERSION)?;
        let select = "SELECT version, oldest FROM schema LEFT JOIN schema_reader USING (only)";
        let schema = db.row::<Schema>(select, &[])?;
        let Schema { version, oldest } = schema.ok_or_else(|| failed("there is no version"))?;
        let due = due(version, oldest);
        for step in due.ok_or_else(|| failed("a newer version has the ledger"))? {
            db.batch(step)?;
            db.run("UPDATE schema SET version = version + 1", &[])?;
        }
        let keep = "INSERT INTO schema_reader (only, oldest) VALUES (1, ?1) \
                    ON CONFLICT (only) DO UPDATE SET oldest = ?1 WHERE oldest < ?1";
        db.run(keep, &[steps::OLDEST.into()])
    })
}

/// The steps that an object at `version` has not seen. Where newer code has applied more steps than
/// there are here, there are none; `None` where code must know more (`oldest`) than this code does.
fn due(version: usize, oldest: Option<usize>) -> Option<&'static [&'static str]> {
    let may_use = || oldest.is_some_and(|it| it <= steps::MIGRATIONS.len());
    steps::MIGRATIONS.get(version..).or_else(|| may_use().then_some(&[]))
}

fn failed(why: &str) -> Fault {
    Fault::LedgerUnreachable(why.to_owned())
}
