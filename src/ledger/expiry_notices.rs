//! Which certificates of an account's IdP were said to expire.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit_log;
use crate::ledger::database::Database;
use crate::ledger::expiries::Expiry;
use crate::ledger::noted::Noted;
use crate::ledger::query::{Call, Query};

/// Writes `noted` down, which tells of `expiry`, unless that was told before or is nearer than
/// that. Answers whether it was written. The last [`Expiry::KEPT`] certificates are remembered.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NoteExpiry {
    pub(crate) expiry: Expiry,
    pub(crate) noted: Noted,
}

impl Call for NoteExpiry {
    type Reply = bool;
    const NAME: &'static str = "note_expiry";
    const REPLY: &'static [&'static str] = &["expiry_noted", "is_new"];
}

impl Query for NoteExpiry {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let Self { expiry, noted } = self;
        let insert = "
            INSERT INTO expiries (certificate, days) VALUES (?1, ?2)
            ON CONFLICT (certificate) DO UPDATE SET days = ?2 WHERE days > ?2 RETURNING 1";
        if !db.any(insert, &[expiry.certificate.into(), expiry.days.into()])? {
            return Ok(false);
        }
        let delete = "DELETE FROM expiries WHERE place NOT IN \
                      (SELECT place FROM expiries ORDER BY place DESC LIMIT ?)";
        db.run(delete, &[Expiry::KEPT.into()])?;
        audit_log::note(db, Some(noted)).map(|()| true)
    }
}
