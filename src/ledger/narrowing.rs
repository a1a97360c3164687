//! What ends by what an account's ledger has seen of what is stored.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::Entry;
use crate::ledger::database::{Database, unreadable};
use crate::ledger::events::Event;
use crate::ledger::noted::Noted;
use crate::ledger::query::{Call, Query};
use crate::ledger::sightings::{Ends, Sightings, Standing, State};
use crate::ledger::{audit_log, followed, sessions, setup_links};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::model::trust::Trust;

/// What has ended by a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How many sessions.
    pub sessions: usize,
    /// How many setup links.
    pub setup_links: usize,
    /// How many published documents that waited for approval: none or one.
    pub staged: usize,
}

/// Why something ends, for what is written down of it.
#[derive(Clone, Copy)]
pub(crate) struct Cause<'a> {
    pub(crate) account: &'a str,
    /// An [`crate::ledger::audit::Actor`].
    pub(crate) actor: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) is_heard: bool,
    pub(crate) now: i64,
}

impl<'a> Cause<'a> {
    /// Somebody has written to the store.
    pub(crate) const fn elsewhere(account: &'a str, is_heard: bool, now: i64) -> Self {
        Self { account, actor: "elsewhere", reference: "", is_heard, now }
    }

    fn time(&self) -> UnixTime {
        UnixTime::from_seconds(self.now)
    }
}

#[derive(Deserialize)]
struct Row {
    seen: String,
}

fn kept(db: &impl Database) -> Result<Sightings, Fault> {
    match db.row::<Row>("SELECT seen FROM sightings", &[])? {
        Some(row) => serde_json::from_str(&row.seen).map_err(unreadable),
        None => Ok(Sightings::default()),
    }
}

fn keep(db: &impl Database, sightings: &Sightings) -> Result<(), Fault> {
    let seen = serde_json::to_string(sightings).map_err(unreadable)?;
    db.run("INSERT OR REPLACE INTO sightings (only, seen) VALUES (1, ?)", &[seen.into()])
}

pub(crate) fn standing(db: &impl Database, epoch: &str, now: i64) -> Result<Standing, Fault> {
    Ok(kept(db)?.standing(epoch, UnixTime::from_seconds(now)))
}

/// Takes note of what the store says, which somebody may have written past the ledger.
fn see(db: &impl Database, state: &State, cause: Cause<'_>) -> Result<Ended, Fault> {
    let mut sightings = kept(db)?;
    let ends = sightings.see(state, cause.time());
    end(db, &sightings, ends, &state.epoch, cause)
}

/// Takes note of all that is stored, which is read only where it is news.
pub(crate) fn see_stored(
    db: &impl Database,
    stored: &Stored,
    cause: Cause<'_>,
) -> Result<Ended, Fault> {
    match standing(db, &stored.epoch(), cause.now)? {
        Standing::InForce | Standing::JustLeft { .. } => Ok(Ended::default()),
        Standing::Unseen => see(db, &State::of(stored), cause),
    }
}

/// Takes note of what a change has put in force.
pub(crate) fn enter(db: &impl Database, state: &State, cause: Cause<'_>) -> Result<Ended, Fault> {
    let mut sightings = kept(db)?;
    let ends = sightings.enter(state, cause.time());
    end(db, &sightings, ends, &state.epoch, cause)
}

/// Whether a login that was judged in `epoch` may leave a session.
pub(crate) fn admit(
    db: &impl Database,
    epoch: &str,
    shown: Option<Trust>,
    now: i64,
) -> Result<bool, Fault> {
    let mut sightings = kept(db)?;
    let (is_admitted, ends) = sightings.admit(epoch, shown, UnixTime::from_seconds(now));
    // Nobody logs in to an account that is switched off, so no link ends here.
    end(db, &sightings, ends, epoch, Cause::elsewhere("", false, now))?;
    Ok(is_admitted)
}

/// Keeps what was seen, and ends what that ends.
fn end(
    db: &impl Database,
    sightings: &Sightings,
    ends: Ends,
    epoch: &str,
    cause: Cause<'_>,
) -> Result<Ended, Fault> {
    keep(db, sightings)?;
    let sessions = match ends {
        Ends::Nothing => 0,
        Ends::OthersSessions => sessions::end_of_others(db, epoch)?,
        Ends::Sessions | Ends::Everything => sessions::end_every(db)?,
    };
    if ends != Ends::Everything {
        return Ok(Ended { sessions, ..Ended::default() });
    }
    switch_off(db, sessions, cause)
}

/// Ends what else lets anybody in to an account that is off.
pub(crate) fn switch_off(
    db: &impl Database,
    sessions: usize,
    cause: Cause<'_>,
) -> Result<Ended, Fault> {
    let Cause { account, actor, reference, is_heard, now } = cause;
    let links = setup_links::end_every(db, now)?;
    for id in &links {
        let entry = Entry::of_setup_link(id, "revoked", actor, reference, cause.time());
        let event = Event::of_change(account, &entry).filter(|_| is_heard);
        audit_log::note(db, Some(Noted { entry, event }))?;
    }
    let staged = usize::from(followed::forget(db)?);
    Ok(Ended { sessions, setup_links: links.len(), staged })
}

/// Takes note of what is stored, and ends what began under more than that.
#[derive(Debug, Serialize, Deserialize)]
pub struct See {
    /// All of what is stored.
    pub state: State,
    /// The account.
    pub account: AccountId,
    /// Whether the product hears of what ends by it.
    pub is_heard: bool,
    /// When it is, in Unix seconds.
    pub now: i64,
}

impl Call for See {
    type Reply = ();
    const NAME: &'static str = "see";
    const REPLY: &'static [&'static str] = &["seen"];
}

impl Query for See {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let cause = Cause::elsewhere(self.account.as_str(), self.is_heard, self.now);
        see(db, &self.state, cause).map(|_| ())
    }
}

/// Asks whether a session still stands at `now`. One that does was seen then; one that does not is
/// ended. Nothing is said of it where what is stored was not seen yet ([`See`]).
#[derive(Debug, Serialize, Deserialize)]
pub struct Renew {
    /// Names the session.
    pub sid: String,
    /// What the store says that the account is ([`Stored::epoch`]).
    pub epoch: String,
    /// For how many seconds it may not have been seen.
    pub idle: Option<i64>,
    /// When it is, in Unix seconds.
    pub now: i64,
}

/// The answer to [`Renew`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Renewed {
    /// Whether it goes on.
    #[serde(rename = "renewed")]
    Seen {
        /// Whether it does; otherwise it is over.
        stands: bool,
    },
    /// What is stored must be seen first.
    Unseen,
}

impl Call for Renew {
    type Reply = Renewed;
    const NAME: &'static str = "renew";
    const REPLY: &'static [&'static str] = &[];
}

impl Query for Renew {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let Self { sid, epoch, idle, now } = self;
        match standing(db, &epoch, now)? {
            Standing::Unseen => Ok(Renewed::Unseen),
            Standing::InForce | Standing::JustLeft { .. } => {
                Ok(Renewed::Seen { stands: sessions::renew(db, sid, idle, now)? })
            }
        }
    }
}
