//! The sessions of an account, in its ledger.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::sessions::{KnownSession, NewSession, SessionPage};
use crate::worker::ledger::call::{EndSessions, Renew, Sessions};

/// Writes down that `session` begins at `now`.
pub(super) fn begin(sql: &SqlStorage, session: NewSession, now: i64) -> Result<()> {
    let NewSession { sid, sub, session_index, device, epoch, sealed, expires } = session;
    let insert = "
        INSERT INTO sessions (sid, sub, session_index, device, epoch, sealed, created, seen, expires)
        VALUES (?, ?, ?, ?, ?, ?, ?7, ?7, ?8)";
    let row = vec![
        sid.into(),
        sub.into(),
        session_index.into(),
        device.into(),
        epoch.into(),
        sealed.into(),
        now.into(),
        expires.into(),
    ];
    sql.exec(insert, row)?;
    Ok(())
}

/// Notes that a session was seen, if it still stands; else ends it.
pub(super) fn renew(sql: &SqlStorage, renew: Renew) -> Result<bool> {
    let Renew { sid, epoch: _, idle, now } = renew;
    let update = "
        UPDATE sessions SET seen = MAX(seen, ?1)
        WHERE sid = ?2 AND expires > ?1 AND (?3 IS NULL OR seen + ?3 > ?1)
        RETURNING sid";
    let row = vec![now.into(), sid.clone().into(), idle.into()];
    if !sql.exec(update, row)?.to_array::<Sid>()?.is_empty() {
        return Ok(true);
    }
    end(sql, sid)?;
    Ok(false)
}

#[derive(Deserialize)]
struct Ended {
    sealed: String,
}

/// Ends the session `sid`, if there is one.
pub(super) fn end(sql: &SqlStorage, sid: String) -> Result<Option<String>> {
    let delete = "DELETE FROM sessions WHERE sid = ? RETURNING sealed";
    let ended = sql.exec(delete, vec![sid.into()])?.to_array::<Ended>()?;
    Ok(ended.into_iter().next().map(|row| row.sealed))
}

/// Ends all sessions. Returns how many.
pub(super) fn end_every(sql: &SqlStorage) -> Result<usize> {
    Ok(sql.exec("DELETE FROM sessions RETURNING sid", None)?.to_array::<Sid>()?.len())
}

/// Ends the sessions that began in another epoch. Returns how many.
pub(super) fn end_of_others(sql: &SqlStorage, epoch: &str) -> Result<usize> {
    let delete = "DELETE FROM sessions WHERE epoch <> ? RETURNING sid";
    Ok(sql.exec(delete, vec![epoch.into()])?.to_array::<Sid>()?.len())
}

#[derive(Deserialize)]
struct Count {
    count: usize,
}

/// How many sessions [`renew`] would let stand.
pub(super) fn standing(sql: &SqlStorage, idle: Option<i64>, now: i64) -> Result<usize> {
    let select = "SELECT COUNT(*) AS count FROM sessions \
                  WHERE expires > ?1 AND (?2 IS NULL OR seen + ?2 > ?1)";
    let Count { count } = sql.exec(select, vec![now.into(), idle.into()])?.one()?;
    Ok(count)
}

#[derive(Deserialize)]
struct Sid {
    sid: String,
}

/// Ends the sessions of a user; where there are indexes, only those that have one of them or none.
/// Ends those of users without a NameID as well.
pub(super) fn end_all(
    sql: &SqlStorage,
    sub: String,
    session_indexes: &[String],
    nameless_sessions: &[String],
) -> Result<Vec<String>> {
    let delete = "
        DELETE FROM sessions WHERE sub = ?1 AND (
            ?2 = '[]' OR session_index IS NULL OR session_index IN (SELECT value FROM json_each(?2))
        ) OR session_index IN (SELECT value FROM json_each(?3)) RETURNING sid";
    let indexes = serde_json::to_string(session_indexes)?;
    let nameless = serde_json::to_string(nameless_sessions)?;
    let row = vec![sub.into(), indexes.into(), nameless.into()];
    let ended = sql.exec(delete, row)?.to_array::<Sid>()?;
    Ok(ended.into_iter().map(|row| row.sid).collect())
}

#[derive(Deserialize)]
struct Stood {
    /// A truth value of SQLite.
    stood: i64,
}

/// Ends the sessions that are meant. Returns how many of them [`renew`] would have let stand.
pub(super) fn end_those(sql: &SqlStorage, ending: EndSessions) -> Result<usize> {
    let EndSessions { sub, sid, but, idle, now } = ending;
    let delete = "
        DELETE FROM sessions
        WHERE (?1 IS NULL OR sub = ?1) AND (?2 IS NULL OR sid = ?2) AND (?3 IS NULL OR sid <> ?3)
        RETURNING expires > ?4 AND (?5 IS NULL OR seen + ?5 > ?4) AS stood";
    let row = vec![sub.into(), sid.into(), but.into(), now.into(), idle.into()];
    let ended = sql.exec(delete, row)?.to_array::<Stood>()?;
    Ok(ended.iter().filter(|row| row.stood != 0).count())
}

#[derive(Deserialize)]
struct Row {
    place: i64,
    #[serde(flatten)]
    session: KnownSession,
}

/// A page of those that [`renew`] would let stand.
pub(super) fn page(sql: &SqlStorage, listing: Sessions) -> Result<SessionPage> {
    let Sessions { sub, sid, epoch: _, idle, after, limit, now } = listing;
    // One more than asked for tells whether there are more.
    let select = "
        SELECT place, sid, sub, device, created, seen, expires FROM sessions
        WHERE place > ?1 AND (?2 IS NULL OR sub = ?2)
            AND expires > ?3 AND (?4 IS NULL OR seen + ?4 > ?3)
            AND (?6 IS NULL OR sid = ?6)
        ORDER BY place LIMIT ?5";
    let row = vec![
        after.into(),
        sub.into(),
        now.into(),
        idle.into(),
        (i64::from(limit) + 1).into(),
        sid.into(),
    ];
    let mut rows = sql.exec(select, row)?.to_array::<Row>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| is_more).map(|row| row.place);
    Ok(SessionPage { sessions: rows.into_iter().map(|row| row.session).collect(), next })
}
