//! Which keys have signed somebody in to an account.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};

/// How many are remembered: several times what metadata lists. One that is forgotten and still in
/// use is remembered anew by the next login.
const KEPT: i64 = 32;

/// Remembers `keys`. Where they are known, nothing is written.
pub(crate) fn note(db: &dyn Database, keys: &[String]) -> Result<(), Fault> {
    for key in keys {
        let insert = "INSERT INTO signers (key) VALUES (?) ON CONFLICT DO NOTHING RETURNING key";
        if !db.any(insert, &[key.as_str().into()])? {
            continue;
        }
        let delete = "DELETE FROM signers WHERE place NOT IN \
                      (SELECT place FROM signers ORDER BY place DESC LIMIT ?)";
        db.run(delete, &[KEPT.into()])?;
    }
    Ok(())
}

/// Asks for the fingerprints of the last keys that signed somebody in, some tens of them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListSigners;

impl Call for ListSigners {
    type Reply = Vec<String>;
    const NAME: &'static str = "signers";
    const REPLY: &'static [&'static str] = &["signers", "keys"];
}

impl Query for ListSigners {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        Ok(db.texts("SELECT key FROM signers", &[])?.into_iter().flatten().collect())
    }
}
