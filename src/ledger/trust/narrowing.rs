//! What ends by what an account's ledger has seen of what is stored.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::journal::Journal;
use crate::ledger::database::{Database, unreadable};
use crate::ledger::metadata::refresh_state;
use crate::ledger::query::{Call, Query};
use crate::ledger::sessions::end;
use crate::ledger::sessions::session;
use crate::ledger::setup_links;
use crate::ledger::trust::sightings::{Ends, Sightings, Standing, State};
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

fn kept(db: &dyn Database) -> Result<Sightings, Fault> {
    match db.text("SELECT seen FROM sightings", &[])? {
        Some(seen) => serde_json::from_str(&seen).map_err(unreadable),
        None => Ok(Sightings::default()),
    }
}

fn keep(db: &dyn Database, sightings: &Sightings) -> Result<(), Fault> {
    let seen = serde_json::to_string(sightings).map_err(unreadable)?;
    db.run("INSERT OR REPLACE INTO sightings (only, seen) VALUES (1, ?)", &[seen.into()])
}

pub(crate) fn standing(db: &dyn Database, epoch: &str, now: i64) -> Result<Standing, Fault> {
    Ok(kept(db)?.standing(epoch, UnixTime::from_seconds(now)))
}

/// Takes note of what the store says, which somebody may have written past the ledger.
fn see(db: &dyn Database, state: &State, journal: &Journal) -> Result<Ended, Fault> {
    let mut sightings = kept(db)?;
    let ends = sightings.see(state, journal.cause().now);
    end(db, &sightings, ends, &state.epoch, journal)
}

/// Takes note of all that is stored, which is read only where it is news.
pub(crate) fn see_stored(
    db: &dyn Database,
    stored: &Stored,
    journal: &Journal,
) -> Result<Ended, Fault> {
    match standing(db, &stored.revision(), journal.cause().now.seconds())? {
        Standing::InForce | Standing::JustLeft { .. } => Ok(Ended::default()),
        Standing::Unseen => see(db, &State::of(stored), journal),
    }
}

/// Takes note of what a change has put in force.
pub(crate) fn enter(db: &dyn Database, state: &State, journal: &Journal) -> Result<Ended, Fault> {
    let mut sightings = kept(db)?;
    let ends = sightings.enter(state, journal.cause().now);
    end(db, &sightings, ends, &state.epoch, journal)
}

/// Whether a login that was judged in `epoch` may leave a session.
pub(crate) fn admit(
    db: &dyn Database,
    epoch: &str,
    shown: Option<Trust>,
    now: i64,
) -> Result<bool, Fault> {
    let mut sightings = kept(db)?;
    let (is_admitted, ends) = sightings.admit(epoch, shown, UnixTime::from_seconds(now));
    // Nobody logs in to an account that is switched off, so no link ends here.
    end(db, &sightings, ends, epoch, &Journal::elsewhere("", false, now))?;
    Ok(is_admitted)
}

/// Keeps what was seen, and ends what that ends.
fn end(
    db: &dyn Database,
    sightings: &Sightings,
    ends: Ends,
    epoch: &str,
    journal: &Journal,
) -> Result<Ended, Fault> {
    keep(db, sightings)?;
    let sessions = match ends {
        Ends::Nothing => 0,
        Ends::OthersSessions => end::end_of_others(db, epoch)?,
        Ends::Sessions | Ends::Everything => end::end_every(db)?,
    };
    if ends != Ends::Everything {
        return Ok(Ended { sessions, ..Ended::default() });
    }
    switch_off(db, sessions, journal)
}

/// Ends what else lets anybody in to an account that is off.
pub(crate) fn switch_off(
    db: &dyn Database,
    sessions: usize,
    journal: &Journal,
) -> Result<Ended, Fault> {
    let links = setup_links::end_every(db, journal.cause().now.seconds())?;
    for id in &links {
        journal
            .write(db, &AuditEntry::of_setup_link(id, Action::SetupLinkRevoked, journal.cause()))?;
    }
    let staged = usize::from(refresh_state::forget(db)?);
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
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let journal = Journal::elsewhere(self.account.as_str(), self.is_heard, self.now);
        see(db, &self.state, &journal).map(|_| ())
    }
}

/// Asks whether a session still stands at `now`. One that does was seen then; one that does not is
/// ended. Nothing is said of it where what is stored was not seen yet ([`See`]).
#[derive(Debug, Serialize, Deserialize)]
pub struct Renew {
    /// Names the session.
    pub sid: String,
    /// What the store says that the account is ([`Stored::revision`]).
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
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { sid, epoch, idle, now } = self;
        match standing(db, &epoch, now)? {
            Standing::Unseen => Ok(Renewed::Unseen),
            Standing::InForce | Standing::JustLeft { .. } => {
                Ok(Renewed::Seen { stands: session::renew(db, sid, idle, now)? })
            }
        }
    }
}
