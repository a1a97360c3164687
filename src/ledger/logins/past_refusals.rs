//! The last sign-ins that were refused, for the account's administrators.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};

/// A sign-in that was refused. Nothing of its message is in it: code and words are ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRefusal {
    /// When, in Unix seconds.
    pub at: i64,
    /// The rule that it broke.
    pub code: String,
    /// The same in words.
    pub detail: String,
    /// Names it in the log and on its error page.
    pub reference: String,
}

impl PastRefusal {
    /// Most that an account keeps: a page of them.
    pub const KEPT: i64 = 20;

    /// For how many seconds no second one is kept of a code: whoever has one message that the IdP
    /// signed can post it all day.
    pub const PAUSE: i64 = 60;
}

/// Keeps a refusal among the last [`PastRefusal::KEPT`], unless one of its code was kept within
/// [`PastRefusal::PAUSE`].
#[derive(Debug, Serialize, Deserialize)]
pub struct NoteRefusal(pub PastRefusal);

impl Call for NoteRefusal {
    type Reply = ();
    const NAME: &'static str = "note";
    const REPLY: &'static [&'static str] = &["noted"];
}

impl Query for NoteRefusal {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self(PastRefusal { at, code, detail, reference }) = self;
        let insert = "
            INSERT INTO past_refusals (at, code, detail, reference) SELECT ?1, ?2, ?3, ?4
            WHERE NOT EXISTS (SELECT 1 FROM past_refusals WHERE code = ?2 AND at > ?5)";
        let since = at.saturating_sub(PastRefusal::PAUSE);
        let row = [at.into(), code.into(), detail.into(), reference.into(), since.into()];
        db.run(insert, &row)?;
        let delete = "DELETE FROM past_refusals \
                      WHERE place <= (SELECT MAX(place) FROM past_refusals) - ?";
        db.run(delete, &[PastRefusal::KEPT.into()])
    }
}

/// Asks for the last refusals, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListRefusals;

impl Call for ListRefusals {
    type Reply = Vec<PastRefusal>;
    const NAME: &'static str = "past_refusals";
    const REPLY: &'static [&'static str] = &["past_refusals", "refusals"];
}

impl Query for ListRefusals {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let select = "SELECT at, code, detail, reference FROM past_refusals ORDER BY place DESC";
        db.rows(select, &[])
    }
}
