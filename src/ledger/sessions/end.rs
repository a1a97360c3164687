//! Ends sessions before their time.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::{Database, unreadable};
use crate::ledger::query::{Call, Query};

/// Ends all sessions. Returns how many.
pub(crate) fn end_every(db: &dyn Database) -> Result<usize, Fault> {
    db.count("DELETE FROM sessions RETURNING sid", &[])
}

/// Ends the sessions that began in another epoch. Returns how many.
pub(crate) fn end_of_others(db: &dyn Database, epoch: &str) -> Result<usize, Fault> {
    db.count("DELETE FROM sessions WHERE epoch <> ? RETURNING sid", &[epoch.into()])
}

/// Ends the sessions of a user; where there are indexes, only those that have one of them or none.
/// Ends those of users without a NameID as well.
pub(crate) fn end_all(
    db: &dyn Database,
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
    let ended = db.texts(delete, &[sub.into(), indexes.into(), nameless.into()])?;
    Ok(ended.into_iter().flatten().collect())
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

impl Query for EndSession {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        db.text("DELETE FROM sessions WHERE sid = ? RETURNING sealed", &[self.sid.into()])
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

impl Query for EndSessions {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { sub, sid, but, idle, now } = self;
        let delete = "
            DELETE FROM sessions
            WHERE (?1 IS NULL OR sub = ?1) AND (?2 IS NULL OR sid = ?2)
                AND (?3 IS NULL OR sid <> ?3)
            RETURNING expires > ?4 AND (?5 IS NULL OR seen + ?5 > ?4) AS stood";
        let row = [sub.into(), sid.into(), but.into(), now.into(), idle.into()];
        let stood = db.integers(delete, &row)?;
        Ok(stood.into_iter().filter(|stood| *stood != 0).count())
    }
}
