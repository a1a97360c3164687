//! What is known of users, erased. What keeps a message from being used twice is digests, and
//! stays; so does who changed the account.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::journal::Journal;
use crate::ledger::audit::record::AuditRecord;
use crate::ledger::database::{Database, unreadable};
use crate::ledger::events::personal;
use crate::ledger::query::{Call, Query};
use crate::ledger::sessions::end;
use crate::ledger::trust::narrowing;
use crate::ledger::trust::narrowing::Ended;
use crate::ledger::trust::sightings::Standing;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;

/// Erases users; of a deleted account, with the last of them all that says anything of its people
/// or its IdP. Answers what is gone; nothing where a whole account is meant that is not deleted,
/// and then nothing was done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Erase {
    pub(crate) account: AccountId,
    /// [`crate::ledger::logins::users::User::sub`] of some users.
    pub(crate) subs: Vec<String>,
    /// Whether the whole account is meant, and these are some of its users.
    pub(crate) is_whole: bool,
    /// How it is recorded that a user was erased, or the last of an account.
    #[serde(rename = "noted")]
    pub(crate) record: AuditRecord,
    pub(crate) now: i64,
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// What ended with it.
    pub ended: Ended,
    /// How many users.
    pub users: usize,
    /// How many versions of the account.
    pub versions: usize,
    /// How many of its last refusals.
    pub refusals: usize,
    /// How many events that waited and said what a user is called.
    pub events: usize,
    /// Whether nothing is left of the account.
    pub is_complete: bool,
}

impl Erased {
    /// Whether there was anything to erase or to end.
    pub fn is_any(&self) -> bool {
        let nothing = Self { is_complete: self.is_complete, ..Self::default() };
        *self != nothing
    }
}

impl Call for Erase {
    type Reply = Option<Erased>;
    const NAME: &'static str = "erase";
    const REPLY: &'static [&'static str] = &["erased", "erased"];
}

impl Query for Erase {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { account, subs, is_whole, record, now } = self;
        let deleted = Stored::default().revision();
        if is_whole && narrowing::standing(db, &deleted, now)? != Standing::InForce {
            return Ok(None);
        }
        let journal = record.journal(account.as_str());
        let mut erased = users(db, &subs)?;
        if is_whole && !db.any("SELECT 1 FROM users LIMIT 1", &[])? {
            rest(db, &mut erased, &journal)?;
            erased.is_complete = true;
        }
        if erased.is_complete && erased.is_any() {
            journal.write(db, &AuditEntry::new(Action::AccountErased, journal.cause()))?;
        }
        if !is_whole && erased.users > 0 {
            let entry = AuditEntry::new(Action::UserDeleted, journal.cause());
            let [sub] = &*subs else { return Err(one_at_a_time()) };
            journal.write_deletion(db, &entry, sub)?;
        }
        Ok(Some(erased))
    }
}

fn one_at_a_time() -> Fault {
    Fault::LedgerUnreachable("users are erased one at a time".to_owned())
}

fn users(db: &dyn Database, subs: &[String]) -> Result<Erased, Fault> {
    let subs = serde_json::to_string(subs).map_err(unreadable)?;
    let those = |delete: &str| db.count(&format!("{delete} RETURNING 1"), &[subs.as_str().into()]);
    let mut erased = Erased {
        users: those("DELETE FROM users WHERE sub IN (SELECT value FROM json_each(?))")?,
        events: those(personal::DROP_OF_USERS)?,
        ..Erased::default()
    };
    erased.ended.sessions =
        those("DELETE FROM sessions WHERE sub IN (SELECT value FROM json_each(?))")?;
    Ok(erased)
}

/// What is left of a deleted account without users. That it is deleted is its last version, which
/// stays.
fn rest(db: &dyn Database, erased: &mut Erased, journal: &Journal) -> Result<(), Fault> {
    let all = |delete: &str| db.count(&format!("{delete} RETURNING 1"), &[]);
    erased.versions =
        all("DELETE FROM versions WHERE metadata IS NOT NULL OR settings IS NOT NULL")?;
    erased.refusals = all("DELETE FROM past_refusals")?;
    erased.events = erased.events.saturating_add(all(personal::DROP)?);
    all("DELETE FROM signers")?;
    let sessions = end::end_every(db)?.saturating_add(erased.ended.sessions);
    erased.ended = narrowing::switch_off(db, sessions, journal)?;
    Ok(())
}
