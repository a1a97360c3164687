//! What a ledger has seen of what is stored for its account.
//!
//! A state of an account has a name, its revision ([`Stored::revision`]). Each request brings the
//! revision that the store returns in its location, which may be a stale read. The ledger tells
//! three cases apart. The revision that it saw last is in force. A revision that was in force a
//! moment ago is a stale read, and changes nothing. A revision that it has not seen, or not lately,
//! was written to the store directly: the ledger is shown the state, compares it with the one it
//! saw last, and takes it as seen.
//!
//! The store has a key each for metadata and settings, and one of them alone may be stale. Such a
//! state was never in force: it is recognised by its parts, each of which was, a moment ago.
//!
//! A session is valid as long as it has a row. A state that narrows trust deletes the rows in the
//! step in which it is seen, so that no later change brings a session back.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::limits::{EPOCHS, STALE};
use crate::model::stored::Stored;
use crate::model::trust::Trust;

/// What is stored, by its name and by what it trusts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// [`Stored::revision`].
    pub epoch: String,
    /// What it comes to.
    pub trust: Trust,
}

impl State {
    /// The state in which that is stored.
    pub fn of(stored: &Stored) -> Self {
        Self { epoch: stored.revision(), trust: Trust::of(stored) }
    }
}

/// What a ledger has seen, oldest first. The last is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sightings {
    known: Vec<Epoch>,
    /// What the last one trusts.
    trust: Trust,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Epoch {
    epoch: String,
    /// How often trust had been narrowed when it came.
    narrowings: u64,
    /// When another took its place.
    left: Option<i64>,
}

/// How an epoch stands to what a ledger has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is in force.
    InForce,
    /// It was in force a moment ago, or each of its parts was. Whether trust was narrowed since.
    JustLeft {
        /// Whether it was.
        narrowed: bool,
    },
    /// Somebody wrote it past the ledger.
    Unseen,
}

/// What ends with a state that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Nothing.
    Nothing,
    /// Sessions that began in another epoch: nothing is known of what they began under.
    OthersSessions,
    /// All sessions.
    Sessions,
    /// All sessions, all setup links and what is staged: the account is switched off.
    Everything,
}

impl Sightings {
    /// How `epoch` stands at `now`.
    pub fn standing(&self, epoch: &str, now: UnixTime) -> Standing {
        let narrowings = self.known.last().map_or(0, |last| last.narrowings);
        let just_left = |then| Standing::JustLeft { narrowed: then < narrowings };
        match self.lately(now).find(|it| it.epoch == epoch) {
            Some(Epoch { left: None, .. }) => Standing::InForce,
            Some(known) => just_left(known.narrowings),
            None => self.mixed(epoch, now).map_or(Standing::Unseen, just_left),
        }
    }

    /// What is in force and what was a moment ago, newest first.
    fn lately(&self, now: UnixTime) -> impl Iterator<Item = &Epoch> {
        let stale = move |left: i64| now.seconds() < left.saturating_add(STALE);
        self.known.iter().rev().filter(move |it| it.left.is_none_or(stale))
    }

    /// Of a revision whose parts were both in force lately, but not together: how often trust had
    /// been narrowed when the earlier part was last in force.
    fn mixed(&self, epoch: &str, now: UnixTime) -> Option<u64> {
        let (metadata, settings) = Stored::parts_of(epoch)?;
        let known = || self.lately(now).filter_map(|it| Some((it, Stored::parts_of(&it.epoch)?)));
        let (with_metadata, _) = known().find(|(_, (it, _))| *it == metadata)?;
        let (with_settings, _) = known().find(|(_, (_, it))| *it == settings)?;
        Some(with_metadata.narrowings.min(with_settings.narrowings))
    }

    /// Takes note of what the store says. What was in force a moment ago is no news.
    pub fn see(&mut self, state: &State, now: UnixTime) -> Ends {
        match self.standing(&state.epoch, now) {
            Standing::InForce | Standing::JustLeft { .. } => Ends::Nothing,
            Standing::Unseen => self.enter(state, now),
        }
    }

    /// Takes note of what a change has put in force, whether or not it was in force before.
    pub fn enter(&mut self, state: &State, now: UnixTime) -> Ends {
        let State { epoch, trust } = state;
        let Some(last) = self.known.last_mut() else {
            self.put(epoch, trust, 0);
            return Ends::OthersSessions;
        };
        if last.epoch == *epoch {
            return Ends::Nothing;
        }
        last.left = Some(now.seconds());
        let narrowings = last.narrowings;
        let ends = match &self.trust {
            before if before.is_switched_off_by(trust) => Ends::Everything,
            before if before.is_narrowed_by(trust) => Ends::Sessions,
            _ => Ends::Nothing,
        };
        let is_narrowed = ends != Ends::Nothing;
        self.put(epoch, trust, narrowings.saturating_add(u64::from(is_narrowed)));
        ends
    }

    fn put(&mut self, epoch: &str, trust: &Trust, narrowings: u64) {
        self.known.push(Epoch { epoch: epoch.to_owned(), narrowings, left: None });
        let oldest = self.known.len().saturating_sub(EPOCHS);
        self.known.drain(..oldest);
        self.trust = trust.clone();
    }

    /// Whether a login that was verified under the revision `epoch` may begin a session. It may not
    /// if trust was narrowed since, which ended all earlier sessions. A state that was not seen is
    /// taken as seen if it is shown.
    pub fn admit(&mut self, epoch: &str, shown: Option<Trust>, now: UnixTime) -> (bool, Ends) {
        match (self.standing(epoch, now), shown) {
            (Standing::InForce, _) => (true, Ends::Nothing),
            (Standing::JustLeft { narrowed }, _) => (!narrowed, Ends::Nothing),
            (Standing::Unseen, Some(trust)) => {
                (true, self.enter(&State { epoch: epoch.to_owned(), trust }, now))
            }
            // An older Worker shows no state. Its login counts if there is no state to compare.
            (Standing::Unseen, None) => (self.known.is_empty(), Ends::Nothing),
        }
    }
}
