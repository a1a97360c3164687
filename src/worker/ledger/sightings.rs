//! What an account's ledger has seen of what is stored, and what ends by what it sees.

use saml_verify::time::UnixTime;
use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::audit::Entry;
use crate::ledger::events::Event;
use crate::ledger::noted::Noted;
use crate::ledger::port::Ended;
use crate::ledger::sightings::{Ends, Sightings, Standing, State};
use crate::model::stored::Stored;
use crate::model::trust::Trust;
use crate::worker::ledger::call::Renew;
use crate::worker::ledger::{audit_log, sessions, setup_links};

/// Why something ends, for what is written down of it.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) account: &'a str,
    /// An [`crate::ledger::audit::Actor`].
    pub(super) actor: &'a str,
    pub(super) reference: &'a str,
    pub(super) is_heard: bool,
    pub(super) now: i64,
}

impl<'a> Cause<'a> {
    /// Somebody has written to the store.
    pub(super) const fn elsewhere(account: &'a str, is_heard: bool, now: i64) -> Self {
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

fn kept(sql: &SqlStorage) -> Result<Sightings> {
    let row: Option<Row> = sql.exec("SELECT seen FROM sightings", None)?.to_array()?.pop();
    row.map_or_else(|| Ok(Sightings::default()), |row| Ok(serde_json::from_str(&row.seen)?))
}

fn keep(sql: &SqlStorage, sightings: &Sightings) -> Result<()> {
    let seen = serde_json::to_string(sightings)?;
    sql.exec("INSERT OR REPLACE INTO sightings (only, seen) VALUES (1, ?)", vec![seen.into()])?;
    Ok(())
}

pub(super) fn standing(sql: &SqlStorage, epoch: &str, now: i64) -> Result<Standing> {
    Ok(kept(sql)?.standing(epoch, UnixTime::from_seconds(now)))
}

/// Takes note of what the store says, which somebody may have written past the ledger.
pub(super) fn see(sql: &SqlStorage, state: &State, cause: Cause<'_>) -> Result<Ended> {
    let mut sightings = kept(sql)?;
    let ends = sightings.see(state, cause.time());
    end(sql, &sightings, ends, &state.epoch, cause)
}

/// The same of all that is stored, which is read only where it is news.
pub(super) fn see_stored(sql: &SqlStorage, stored: &Stored, cause: Cause<'_>) -> Result<Ended> {
    match standing(sql, &stored.epoch(), cause.now)? {
        Standing::InForce | Standing::JustLeft { .. } => Ok(Ended::default()),
        Standing::Unseen => see(sql, &State::of(stored), cause),
    }
}

/// Takes note of what a change has put in force.
pub(super) fn enter(sql: &SqlStorage, state: &State, cause: Cause<'_>) -> Result<Ended> {
    let mut sightings = kept(sql)?;
    let ends = sightings.enter(state, cause.time());
    end(sql, &sightings, ends, &state.epoch, cause)
}

/// Whether a login that was judged in `epoch` may leave a session.
pub(super) fn admit(sql: &SqlStorage, epoch: &str, shown: Option<Trust>, now: i64) -> Result<bool> {
    let mut sightings = kept(sql)?;
    let (is_admitted, ends) = sightings.admit(epoch, shown, UnixTime::from_seconds(now));
    // Nobody logs in to an account that is switched off, so no link ends here.
    end(sql, &sightings, ends, epoch, Cause::elsewhere("", false, now))?;
    Ok(is_admitted)
}

/// Whether a session goes on; `None` where what is stored must be seen first.
pub(super) fn renew(sql: &SqlStorage, renew: Renew) -> Result<Option<bool>> {
    match standing(sql, &renew.epoch, renew.now)? {
        Standing::Unseen => Ok(None),
        Standing::InForce | Standing::JustLeft { .. } => sessions::renew(sql, renew).map(Some),
    }
}

/// Keeps what was seen, and ends what that ends.
fn end(
    sql: &SqlStorage,
    sightings: &Sightings,
    ends: Ends,
    epoch: &str,
    cause: Cause<'_>,
) -> Result<Ended> {
    keep(sql, sightings)?;
    let sessions = match ends {
        Ends::Nothing => 0,
        Ends::OthersSessions => sessions::end_of_others(sql, epoch)?,
        Ends::Sessions | Ends::Everything => sessions::end_every(sql)?,
    };
    if ends != Ends::Everything {
        return Ok(Ended { sessions, ..Ended::default() });
    }
    switch_off(sql, sessions, cause)
}

/// Ends what else lets anybody in to an account that is off.
pub(super) fn switch_off(sql: &SqlStorage, sessions: usize, cause: Cause<'_>) -> Result<Ended> {
    let Cause { account, actor, reference, is_heard, now } = cause;
    let links = setup_links::end_every(sql, now)?;
    for id in &links {
        let entry = Entry::of_setup_link(id, "revoked", actor, reference, cause.time());
        let event = Event::of_change(account, &entry).filter(|_| is_heard);
        audit_log::note(sql, Some(Noted { entry, event }))?;
    }
    let delete = "DELETE FROM following RETURNING id";
    let staged = sql.exec(delete, None)?.to_array::<Staged>()?;
    let staged = staged.iter().filter(|it| it.id.is_some()).count();
    Ok(Ended { sessions, setup_links: links.len(), staged })
}

#[derive(Deserialize)]
struct Staged {
    id: Option<String>,
}
