//! The sessions of an account, as its ledger keeps them: what can be ended before its time.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::{Database, page, unreadable};
use crate::ledger::query::{Call, Query};

/// A session that begins. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// Names it, as its token does.
    pub sid: String,
    /// Whose it is: [`crate::ledger::users::User::sub`], a digest of Issuer and NameID.
    pub sub: String,
    /// Digest of Issuer and SessionIndex, where the IdP gave one; of another form where it gave no
    /// NameID.
    pub session_index: Option<String>,
    /// Browser and system, in words of our own.
    pub device: String,
    /// What the account was when it began ([`crate::model::stored::Stored::epoch`]).
    pub epoch: String,
    /// What the IdP knows it by, sealed.
    pub sealed: String,
    /// From when on it is over, whatever happens.
    pub expires: i64,
}

/// Whether `text` is shaped as [`NewSession::sid`].
pub(crate) fn is_sid(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
}

/// A session that has begun and is not over. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSession {
    /// [`NewSession::sid`].
    pub sid: String,
    /// [`NewSession::sub`].
    pub sub: String,
    /// [`NewSession::device`].
    pub device: String,
    /// When it began.
    pub created: i64,
    /// When it was last renewed.
    pub seen: i64,
    /// [`NewSession::expires`].
    pub expires: i64,
}

/// Some of an account's sessions, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<KnownSession>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

/// Writes down that `session` begins at `now`.
pub(crate) fn begin(db: &impl Database, session: NewSession, now: i64) -> Result<(), Fault> {
    let NewSession { sid, sub, session_index, device, epoch, sealed, expires } = session;
    let insert = "
        INSERT INTO sessions (sid, sub, session_index, device, epoch, sealed, created, seen, expires)
        VALUES (?, ?, ?, ?, ?, ?, ?7, ?7, ?8)";
    let row = [
        sid.into(),
        sub.into(),
        session_index.into(),
        device.into(),
        epoch.into(),
        sealed.into(),
        now.into(),
        expires.into(),
    ];
    db.run(insert, &row)
}

/// Notes that a session was seen, if it still stands; else ends it.
pub(crate) fn renew(
    db: &impl Database,
    sid: String,
    idle: Option<i64>,
    now: i64,
) -> Result<bool, Fault> {
    let update = "
        UPDATE sessions SET seen = MAX(seen, ?1)
        WHERE sid = ?2 AND expires > ?1 AND (?3 IS NULL OR seen + ?3 > ?1)
        RETURNING sid";
    if db.any(update, &[now.into(), sid.as_str().into(), idle.into()])? {
        return Ok(true);
    }
    EndSession { sid }.run(db)?;
    Ok(false)
}

/// Ends all sessions. Returns how many.
pub(crate) fn end_every(db: &impl Database) -> Result<usize, Fault> {
    db.count("DELETE FROM sessions RETURNING sid", &[])
}

/// Ends the sessions that began in another epoch. Returns how many.
pub(crate) fn end_of_others(db: &impl Database, epoch: &str) -> Result<usize, Fault> {
    db.count("DELETE FROM sessions WHERE epoch <> ? RETURNING sid", &[epoch.into()])
}

#[derive(Deserialize)]
struct Sid {
    sid: String,
}

/// Ends the sessions of a user; where there are indexes, only those that have one of them or none.
/// Ends those of users without a NameID as well.
pub(crate) fn end_all(
    db: &impl Database,
    sub: String,
    session_indexes: &[String],
    nameless_sessions: &[String],
) -> Result<Vec<String>, Fault> {
    let delete = "
        DELETE FROM sessions WHERE sub = ?1 AND (
            ?2 = '[]' OR session_index IS NULL OR session_index IN (SELECT value FROM json_each(?2))
        ) OR session_index IN (SELECT value FROM json_each(?3)) RETURNING sid";
    let indexes = serde_json::to_string(session_indexes).map_err(unreadable)?;
    let nameless = serde_json::to_string(nameless_sessions).map_err(unreadable)?;
    let ended = db.rows::<Sid>(delete, &[sub.into(), indexes.into(), nameless.into()])?;
    Ok(ended.into_iter().map(|row| row.sid).collect())
}

/// Ends the session `sid`. Answers what the IdP knows it by, sealed, if there was such a session.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EndSession {
    pub(crate) sid: String,
}

impl Call for EndSession {
    type Reply = Option<String>;
    const NAME: &'static str = "end";
    const REPLY: &'static [&'static str] = &["ended", "sealed"];
}

#[derive(Deserialize)]
struct Sealed {
    sealed: String,
}

impl Query for EndSession {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let delete = "DELETE FROM sessions WHERE sid = ? RETURNING sealed";
        Ok(db.row::<Sealed>(delete, &[self.sid.into()])?.map(|row| row.sealed))
    }
}

/// Asks how many sessions stand at `now` that were seen within `idle` seconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CountSessions {
    pub(crate) idle: Option<i64>,
    pub(crate) now: i64,
}

impl Call for CountSessions {
    type Reply = usize;
    const NAME: &'static str = "standing";
    const REPLY: &'static [&'static str] = &["standing", "count"];
}

impl Query for CountSessions {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let select = "SELECT 1 FROM sessions \
                      WHERE expires > ?1 AND (?2 IS NULL OR seen + ?2 > ?1)";
        db.count(select, &[self.now.into(), self.idle.into()])
    }
}

/// Ends the sessions for which all of this holds that is given. Answers how many of them stood at
/// `now`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct EndSessions {
    /// Whose they are.
    pub(crate) sub: Option<String>,
    /// Its id.
    pub(crate) sid: Option<String>,
    /// The id of one that stays.
    pub(crate) but: Option<String>,
    /// After how many seconds without a renewal one is over already.
    #[serde(default)]
    pub(crate) idle: Option<i64>,
    #[serde(default)]
    pub(crate) now: i64,
}

impl Call for EndSessions {
    type Reply = usize;
    const NAME: &'static str = "end_sessions";
    const REPLY: &'static [&'static str] = &["ended_sessions", "count"];
}

#[derive(Deserialize)]
struct Stood {
    /// A truth value of SQLite.
    stood: i64,
}

impl Query for EndSessions {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let Self { sub, sid, but, idle, now } = self;
        let delete = "
            DELETE FROM sessions
            WHERE (?1 IS NULL OR sub = ?1) AND (?2 IS NULL OR sid = ?2) AND (?3 IS NULL OR sid <> ?3)
            RETURNING expires > ?4 AND (?5 IS NULL OR seen + ?5 > ?4) AS stood";
        let row = [sub.into(), sid.into(), but.into(), now.into(), idle.into()];
        let ended = db.rows::<Stood>(delete, &row)?;
        Ok(ended.iter().filter(|row| row.stood != 0).count())
    }
}

/// Asks for sessions that would be renewed at `now`, oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ListSessions {
    /// Those of one user alone.
    pub(crate) sub: Option<String>,
    /// The one of this id alone. Older objects list those of any id.
    #[serde(default)]
    pub(crate) sid: Option<String>,
    /// Older objects list the sessions of one epoch.
    #[serde(default)]
    pub(crate) epoch: String,
    /// For how many seconds they may not have been seen.
    pub(crate) idle: Option<i64>,
    /// Those from behind this place.
    pub(crate) after: i64,
    /// At most so many.
    pub(crate) limit: u32,
    pub(crate) now: i64,
}

impl Call for ListSessions {
    type Reply = SessionPage;
    const NAME: &'static str = "sessions";
    const REPLY: &'static [&'static str] = &["sessions"];
}

#[derive(Deserialize)]
struct Row {
    place: i64,
    #[serde(flatten)]
    session: KnownSession,
}

impl Query for ListSessions {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let Self { sub, sid, epoch: _, idle, after, limit, now } = self;
        let select = "
            SELECT place, sid, sub, device, created, seen, expires FROM sessions
            WHERE place > ?1 AND (?2 IS NULL OR sub = ?2)
                AND expires > ?3 AND (?4 IS NULL OR seen + ?4 > ?3)
                AND (?6 IS NULL OR sid = ?6)
            ORDER BY place LIMIT ?5";
        let most = i64::from(limit) + 1;
        let row = [after.into(), sub.into(), now.into(), idle.into(), most.into(), sid.into()];
        let mut rows = db.rows::<Row>(select, &row)?;
        let next = page(&mut rows, limit, |row| row.place);
        Ok(SessionPage { sessions: rows.into_iter().map(|row| row.session).collect(), next })
    }
}
