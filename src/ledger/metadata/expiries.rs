//! Of which certificates of an account's IdP notice was given that they expire.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::record::AuditRecord;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::model::certificate_expiry::Expiry;

/// How many certificates of an account are remembered: as many as there are versions of its
/// metadata that can be restored.
const KEPT: i64 = 20;

/// Records that a certificate expires, unless notice was given of it before, or of a nearer end.
/// Answers whether it was recorded.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NoteExpiry {
    pub(crate) expiry: Expiry,
    #[serde(rename = "noted")]
    pub(crate) record: AuditRecord,
}

impl Call for NoteExpiry {
    type Reply = bool;
    const NAME: &'static str = "note_expiry";
    const REPLY: &'static [&'static str] = &["expiry_noted", "is_new"];
}

impl Query for NoteExpiry {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { expiry, record } = self;
        let insert = "
            INSERT INTO expiries (certificate, days) VALUES (?1, ?2)
            ON CONFLICT (certificate) DO UPDATE SET days = ?2 WHERE days > ?2 RETURNING 1";
        if !db.any(insert, &[expiry.certificate.as_str().into(), expiry.days.into()])? {
            return Ok(false);
        }
        let delete = "DELETE FROM expiries WHERE place NOT IN \
                      (SELECT place FROM expiries ORDER BY place DESC LIMIT ?)";
        db.run(delete, &[KEPT.into()])?;
        let action =
            if expiry.is_past() { Action::CertificateExpired } else { Action::CertificateExpiring };
        record.write(db, |cause| AuditEntry {
            expiry: Some(expiry),
            ..AuditEntry::new(action, cause)
        })?;
        Ok(true)
    }
}
