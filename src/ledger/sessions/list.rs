//! Which sessions an account has.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};

/// A session that has begun and is not over. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSession {
    /// [`super::session::NewSession::sid`].
    pub sid: String,
    /// [`super::session::NewSession::sub`].
    pub sub: String,
    /// [`super::session::NewSession::device`].
    pub device: String,
    /// When it began.
    pub created: i64,
    /// When it was last renewed.
    pub seen: i64,
    /// [`super::session::NewSession::expires`].
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
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let select = "SELECT 1 FROM sessions \
                      WHERE expires > ?1 AND (?2 IS NULL OR seen + ?2 > ?1)";
        db.count(select, &[self.now.into(), self.idle.into()])
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

impl Query for ListSessions {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { sub, sid, epoch: _, idle, after, limit, now } = self;
        let select = "
            SELECT place, sid, sub, device, created, seen, expires FROM sessions
            WHERE place > ?1 AND (?2 IS NULL OR sub = ?2)
                AND expires > ?3 AND (?4 IS NULL OR seen + ?4 > ?3)
                AND (?6 IS NULL OR sid = ?6)
            ORDER BY place LIMIT ?5";
        let most = i64::from(limit) + 1;
        let row = [after.into(), sub.into(), now.into(), idle.into(), most.into(), sid.into()];
        let (sessions, next) = db.page(select, &row, limit)?;
        Ok(SessionPage { sessions, next })
    }
}
