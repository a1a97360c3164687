//! Changes of an account, in its ledger: one at a time, and each written down.

use saml_verify::time::UnixTime;
use serde::Deserialize;
use worker::{Env, Result, SqlStorage, Storage};

use crate::error::Fault;
use crate::ledger::audit::{AuditEvent, AuditPage, Entry};
use crate::ledger::change::Change;
use crate::ledger::events::Event;
use crate::ledger::exclusive::Exclusive;
use crate::ledger::port::Ended;
use crate::ledger::sightings::{Standing, State};
use crate::limits::{STALE, STORED_METADATA_OCTETS};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::accounts::Accounts;
use crate::worker::ledger::audit_log::{forget, write_entry};
use crate::worker::ledger::call::Outcome;
use crate::worker::ledger::sightings::Cause;
use crate::worker::ledger::transaction::transaction;
use crate::worker::ledger::{call, outbox, retention, setup_links, sightings};
use crate::worker::store::Store;

/// What a change leaves: the store first, then, in one transaction, what is written down of it.
///
/// An object that stops between the two leaves a store with the change in it, which was accepted, and
/// logins go by it. Whoever asked is told that the ledger cannot be reached. Trying again makes the same
/// change of the same state, or finds it made; and the next change writes it down as made elsewhere.
pub(super) async fn change(
    storage: &Storage,
    sql: &SqlStorage,
    env: &Env,
    changing: &Exclusive,
    asked: call::Change,
) -> Result<Outcome> {
    let call::Change { account, expected, after, actor, reference, is_heard, now } = asked;
    let refused = Ok(Outcome::Changed { made: false, ended: Ended::default() });
    // The store is awaited below, and the input gate lets other calls in meanwhile. What they find is about
    // to be something else, so no second change is made of it.
    let Some(_taken) = changing.take() else { return refused };
    let (store, id) = match Store::of(env).and_then(|store| Ok((store, id(&account)?))) {
        Ok(found) => found,
        Err(fault) => return Ok(unreachable(&fault)),
    };
    let before = match read(sql, &store, &id, now).await {
        Ok(before) => before,
        Err(fault) => return Ok(unreachable(&fault)),
    };
    transaction(storage, || {
        sightings::see_stored(sql, &before, Cause::elsewhere(&account, is_heard, now))
    })?;
    // What was just seen may have ended the very link that asks.
    if before.epoch() != expected || !may(sql, &actor, now)? {
        return refused;
    }
    if let Err(fault) = store.write(&id, &before, &after).await {
        return Ok(unreachable(&fault));
    }
    // No `await` from here on.
    let change = Change {
        expected: &expected,
        after: &after,
        actor: &actor,
        reference: &reference,
        is_heard,
    };
    let cause = Cause { account: &account, actor: &actor, reference: &reference, is_heard, now };
    transaction(storage, || {
        let ended = sightings::enter(sql, &State::of(&after), cause)?;
        let time = UnixTime::from_seconds(now);
        for (entry, stored) in change.entries(last(sql)?, &before, ended.sessions, time) {
            if is_heard {
                outbox::write(sql, Event::of_change(&account, &entry))?;
            }
            write(sql, &entry, stored, now)?;
        }
        Ok(Outcome::Changed { made: true, ended })
    })
}

/// Whether whoever asks may still: a setup link may be over by now.
fn may(sql: &SqlStorage, actor: &str, now: i64) -> Result<bool> {
    match actor.strip_prefix("setup_link:") {
        Some(id) => setup_links::stands(sql, id, now),
        None => Ok(true),
    }
}

pub(super) async fn current(
    storage: &Storage,
    sql: &SqlStorage,
    env: &Env,
    account: &str,
    now: i64,
) -> Result<Outcome> {
    let current = async {
        let (store, account) = (Store::of(env)?, id(account)?);
        read(sql, &store, &account, now).await
    };
    match current.await {
        Ok(stored) => {
            let cause = Cause::elsewhere(account, false, now);
            transaction(storage, || sightings::see_stored(sql, &stored, cause))?;
            Ok(Outcome::Current(stored))
        }
        Err(fault) => Ok(unreachable(&fault)),
    }
}

fn id(account: &str) -> std::result::Result<AccountId, Fault> {
    let none = || Fault::StoreUnreachable("no account has such an id".to_owned());
    AccountId::parse(account).ok_or_else(none)
}

fn unreachable(fault: &Fault) -> Outcome {
    let detail = match fault {
        Fault::StoreUnreachable(detail) => detail.clone(),
        fault => fault.to_string(),
    };
    Outcome::StoreUnreachable { detail }
}

/// What is stored: by the ledger's word where that is younger than what the store may say.
async fn read(
    sql: &SqlStorage,
    store: &Store,
    account: &AccountId,
    now: i64,
) -> std::result::Result<Stored, Fault> {
    let select =
        "SELECT metadata, settings FROM versions WHERE written > ? ORDER BY place DESC LIMIT 1";
    let recent = sql.exec(select, vec![now.saturating_sub(STALE).into()]);
    let recent = recent.and_then(|rows| rows.to_array::<Stored>());
    let recent = recent.map_err(|error| Fault::LedgerUnreachable(error.to_string()))?;
    let left = |error: worker::Error| Fault::LedgerUnreachable(error.to_string());
    match recent.into_iter().next() {
        // Unless somebody has written to the store since.
        Some(stored)
            if sightings::standing(sql, &stored.epoch(), now).map_err(left)?
                == Standing::InForce =>
        {
            Ok(stored)
        }
        Some(_) | None => store.stored(account).await,
    }
}

fn last(sql: &SqlStorage) -> Result<Option<Stored>> {
    let select = "SELECT metadata, settings FROM versions ORDER BY place DESC LIMIT 1";
    Ok(sql.exec(select, None)?.to_array()?.pop())
}

pub(crate) fn write(sql: &SqlStorage, entry: &Entry, stored: Stored, now: i64) -> Result<()> {
    let place = write_entry(sql, entry)?;
    let Stored { metadata, settings } = stored;
    // What operators upload themselves may be larger than a row.
    if metadata.as_ref().is_some_and(|xml| xml.len() > STORED_METADATA_OCTETS) {
        return Ok(());
    }
    let insert = "INSERT INTO versions (place, metadata, settings, written) VALUES (?, ?, ?, ?)";
    sql.exec(insert, vec![place.into(), metadata.into(), settings.into(), now.into()])?;
    forget(sql, retention::of_versions(now))
}

#[derive(Deserialize)]
struct Row {
    place: i64,
    entry: String,
}

fn events(rows: Vec<Row>) -> Result<Vec<AuditEvent>> {
    let event =
        |row: Row| Ok(AuditEvent { id: row.place, entry: serde_json::from_str(&row.entry)? });
    rows.into_iter().map(event).collect()
}

/// At most `limit` entries from before `before`, newest first.
pub(super) fn page(sql: &SqlStorage, before: i64, limit: u32) -> Result<AuditPage> {
    let select = "SELECT place, entry FROM audit WHERE ?1 = 0 OR place < ?1 \
                  ORDER BY place DESC LIMIT ?2";
    // One more than asked for tells whether there are more.
    let most = i64::from(limit);
    let mut rows = sql.exec(select, vec![before.into(), (most + 1).into()])?.to_array::<Row>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_more).map(|row| row.place);
    Ok(AuditPage { events: events(rows)?, next })
}

/// The entries of which the outcome is kept, newest first.
pub(super) fn versions(sql: &SqlStorage) -> Result<Vec<AuditEvent>> {
    let select = "SELECT place, entry FROM audit JOIN versions USING (place) ORDER BY place DESC";
    events(sql.exec(select, None)?.to_array()?)
}

pub(super) fn version(sql: &SqlStorage, id: i64) -> Result<Option<Stored>> {
    let select = "SELECT metadata, settings FROM versions WHERE place = ?";
    Ok(sql.exec(select, vec![id.into()])?.to_array()?.pop())
}
