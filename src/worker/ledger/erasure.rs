//! What is known of users, erased from their ledger. What keeps a message from being used twice is
//! digests, and stays; so does who changed the account.

use serde::de::IgnoredAny;
use worker::{Result, SqlStorage, SqlStorageValue};

use crate::ledger::port::Erased;
use crate::ledger::sightings::Standing;
use crate::model::stored::Stored;
use crate::worker::ledger::call::Erase;
use crate::worker::ledger::sightings::Cause;
use crate::worker::ledger::{audit_log, personal_events, sessions, sightings};

/// All or nothing; `None`, and nothing, where a whole account is meant that is not deleted.
pub(super) fn erase(sql: &SqlStorage, erase: Erase) -> Result<Option<Erased>> {
    let Erase { account, subs, is_whole, noted, now } = erase;
    let is_deleted = || -> Result<bool> {
        Ok(sightings::standing(sql, &Stored::default().epoch(), now)? == Standing::InForce)
    };
    if is_whole && !is_deleted()? {
        return Ok(None);
    }
    let mut erased = users(sql, &subs)?;
    if is_whole && !any_user(sql)? {
        let (actor, reference) = (&*noted.entry.actor, &*noted.entry.reference);
        let is_heard = noted.event.is_some();
        let cause = Cause { account: &account, actor, reference, is_heard, now };
        rest(sql, &mut erased, cause)?;
        erased.is_complete = true;
    }
    let is_noted = if is_whole { erased.is_complete && erased.is_any() } else { erased.users > 0 };
    if is_noted {
        audit_log::note(sql, Some(noted))?;
    }
    Ok(Some(erased))
}

fn users(sql: &SqlStorage, subs: &[String]) -> Result<Erased> {
    let subs = serde_json::to_string(subs)?;
    let those = |delete: &str| count(sql, delete, vec![subs.clone().into()]);
    let mut erased = Erased {
        users: those("DELETE FROM users WHERE sub IN (SELECT value FROM json_each(?))")?,
        events: those(personal_events::DROP_OF_USERS)?,
        ..Erased::default()
    };
    erased.ended.sessions =
        those("DELETE FROM sessions WHERE sub IN (SELECT value FROM json_each(?))")?;
    Ok(erased)
}

/// What is left of a deleted account without users. That it is deleted is its last version, which stays.
fn rest(sql: &SqlStorage, erased: &mut Erased, cause: Cause<'_>) -> Result<()> {
    let all = |delete: &str| count(sql, delete, vec![]);
    erased.versions =
        all("DELETE FROM versions WHERE metadata IS NOT NULL OR settings IS NOT NULL")?;
    erased.refusals = all("DELETE FROM past_refusals")?;
    erased.events = erased.events.saturating_add(all(personal_events::DROP)?);
    all("DELETE FROM signers")?;
    let sessions = sessions::end_every(sql)?.saturating_add(erased.ended.sessions);
    erased.ended = sightings::switch_off(sql, sessions, cause)?;
    Ok(())
}

fn any_user(sql: &SqlStorage) -> Result<bool> {
    Ok(!sql.exec("SELECT 1 FROM users LIMIT 1", None)?.to_array::<IgnoredAny>()?.is_empty())
}

fn count(sql: &SqlStorage, delete: &str, bindings: Vec<SqlStorageValue>) -> Result<usize> {
    Ok(sql.exec(&format!("{delete} RETURNING 1"), bindings)?.to_array::<IgnoredAny>()?.len())
}
