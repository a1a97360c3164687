//! Changes of what is stored for an account: one at a time, and each written down.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::journal::Journal;
use crate::ledger::changes::exclusive::Exclusive;
use crate::ledger::changes::store::AccountStore;
use crate::ledger::changes::versions;
use crate::ledger::database::Database;
use crate::ledger::query::Call;
use crate::ledger::setup_links;
use crate::ledger::trust::narrowing;
use crate::ledger::trust::narrowing::Ended;
use crate::ledger::trust::sightings::{Standing, State};
use crate::limits::STALE;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;

/// Writes to the store what the account is to be, and writes that down, with the events of it.
/// Where that narrows trust, its sessions end in the same step; where it has no metadata any more,
/// so do its setup links, and what is staged.
#[derive(Debug, Serialize, Deserialize)]
pub struct Put {
    /// The account.
    pub account: AccountId,
    /// [`Stored::revision`] of what it was made from.
    pub expected: String,
    /// All that is stored afterwards.
    pub after: Stored,
    /// Who makes the change.
    pub actor: Actor,
    /// Names the request in the log.
    pub reference: String,
    /// Whether the product hears of it.
    pub is_heard: bool,
    /// When it is, in Unix seconds.
    pub now: i64,
}

/// What a change came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// False where nothing was done: anything else is stored than was expected, another change is
    /// under way, or the setup link that asks is over.
    pub made: bool,
    /// What ended with it.
    #[serde(default)]
    pub ended: Ended,
}

impl Call for Put {
    type Reply = Changed;
    const NAME: &'static str = "put";
    const REPLY: &'static [&'static str] = &["changed"];
}

impl Put {
    /// What a change leaves: the store first, then, in one transaction, what is written down of it.
    ///
    /// An object that stops between the two leaves a store with the change in it, which was
    /// accepted, and logins go by it. Whoever asked is told that the ledger cannot be reached.
    /// Trying again makes the same change of the same state, or finds it made; and the next change
    /// writes it down as made elsewhere.
    pub(crate) async fn make(
        self,
        db: &dyn Database,
        store: &impl AccountStore,
        changing: &Exclusive,
    ) -> Result<Changed, Fault> {
        let Self { account, expected, after, actor, reference, is_heard, now } = &self;
        let (is_heard, now) = (*is_heard, *now);
        let refused = Ok(Changed::default());
        // The store is awaited below, and the input gate lets other calls in meanwhile. What they
        // find is about to be something else, so no second change is made of it.
        let Some(_taken) = changing.take() else { return refused };
        let before = stored(db, store, account, now).await?;
        db.transaction(|| {
            narrowing::see_stored(db, &before, &Journal::elsewhere(account.as_str(), is_heard, now))
        })?;
        // What was just seen may have ended the very link that asks.
        if before.revision() != *expected || !may(db, actor, now)? {
            return refused;
        }
        store.write(account, &before, after).await?;
        // No `await` from here on.
        let cause = Cause { actor, reference, now: UnixTime::from_seconds(now) };
        let journal = Journal::of(account.as_str(), cause, is_heard);
        db.transaction(|| {
            let ended = narrowing::enter(db, &State::of(after), &journal)?;
            let last = versions::last(db, None)?;
            for (entry, stored) in self.entries(last, &before, ended.sessions, cause) {
                versions::write(db, journal.write(db, &entry)?, stored, now)?;
            }
            Ok(Changed { made: true, ended })
        })
    }

    /// What a ledger writes down of the change of `before`, each with what was stored then. `last`
    /// is what it wrote down before: where that is not what was changed, somebody wrote to the
    /// store itself, or this ledger did and stopped before it could say so. `ended` sessions ended
    /// with it.
    fn entries(
        &self,
        last: Option<Stored>,
        before: &Stored,
        ended: usize,
        cause: Cause<'_>,
    ) -> Vec<(AuditEntry, Stored)> {
        let last = last.unwrap_or_default();
        let elsewhere = Cause { actor: &Actor::Elsewhere, ..cause };
        let ended = Some(ended).filter(|count| *count > 0);
        let steps = [(&last, before, elsewhere, None), (before, &self.after, cause, ended)];
        let steps = steps.into_iter().filter(|(from, to, ..)| from != to);
        let entry = |(from, to, cause, sessions_ended): (&Stored, &Stored, _, _)| {
            (AuditEntry { sessions_ended, ..AuditEntry::of_change(from, to, cause) }, to.clone())
        };
        steps.map(entry).collect()
    }
}

/// Asks for everything stored for the account, its last change included: the store may be stale.
#[derive(Debug, Serialize, Deserialize)]
pub struct Current {
    /// The account.
    pub account: AccountId,
    /// Whether the product hears of what ends by what is read.
    #[serde(default)]
    pub is_heard: bool,
    /// When it is, in Unix seconds.
    pub now: i64,
}

impl Call for Current {
    type Reply = Stored;
    const NAME: &'static str = "current";
    const REPLY: &'static [&'static str] = &["current"];
}

impl Current {
    pub(crate) async fn read(
        self,
        db: &dyn Database,
        store: &impl AccountStore,
    ) -> Result<Stored, Fault> {
        let Self { account, is_heard, now } = self;
        let stored = stored(db, store, &account, now).await?;
        let journal = Journal::elsewhere(account.as_str(), is_heard, now);
        db.transaction(|| narrowing::see_stored(db, &stored, &journal))?;
        Ok(stored)
    }
}

/// Whether whoever asks may still: a setup link may be over by now.
fn may(db: &dyn Database, actor: &Actor, now: i64) -> Result<bool, Fault> {
    match actor {
        Actor::SetupLink(id) => setup_links::stands(db, id, now),
        Actor::Elsewhere
        | Actor::Operator
        | Actor::Refresh
        | Actor::Upkeep
        | Actor::User(_)
        | Actor::Other(_) => Ok(true),
    }
}

/// What is stored: by the ledger's word where that is younger than what the store may say.
async fn stored(
    db: &dyn Database,
    store: &impl AccountStore,
    account: &AccountId,
    now: i64,
) -> Result<Stored, Fault> {
    match versions::last(db, Some(now.saturating_sub(STALE)))? {
        // Unless somebody has written to the store since.
        Some(stored) if narrowing::standing(db, &stored.revision(), now)? == Standing::InForce => {
            Ok(stored)
        }
        Some(_) | None => store.stored(account).await,
    }
}
