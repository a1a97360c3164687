//! What became of the address that an account's metadata follows: one row.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit_log;
use crate::ledger::database::Database;
use crate::ledger::following::{Following, LastRefresh, Staged};
use crate::ledger::noted::Noted;
use crate::ledger::query::{Call, Query};

#[derive(Deserialize)]
struct Row {
    last_at: Option<i64>,
    last_code: Option<String>,
    id: Option<String>,
    url: Option<String>,
    metadata: Option<String>,
    at: Option<i64>,
    is_dismissed: Option<i64>,
}

impl From<Row> for Following {
    fn from(row: Row) -> Self {
        let Row { last_at, last_code, id, url, metadata, at, is_dismissed } = row;
        let last = last_at.zip(last_code).map(|(at, code)| LastRefresh { at, code });
        let staged = || {
            let is_dismissed = is_dismissed? != 0;
            Some(Staged { id: id?, url: url?, metadata: metadata?, at: at?, is_dismissed })
        };
        Self { last, staged: staged() }
    }
}

/// Forgets it. Returns whether something was staged.
pub(crate) fn forget(db: &impl Database) -> Result<bool, Fault> {
    #[derive(Deserialize)]
    struct Gone {
        id: Option<String>,
    }
    let gone = db.row::<Gone>("DELETE FROM following RETURNING id", &[])?;
    Ok(gone.is_some_and(|it| it.id.is_some()))
}

/// Asks what became of the account's `metadata_url`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindFollowing;

impl Call for FindFollowing {
    type Reply = Following;
    const NAME: &'static str = "following";
    const REPLY: &'static [&'static str] = &["following"];
}

impl Query for FindFollowing {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let row = db.row::<Row>("SELECT * FROM following", &[])?;
        Ok(row.map(Following::from).unwrap_or_default())
    }
}

/// Keeps what became of it instead of what was kept before. `noted` is written down where something
/// else is staged, or was dismissed: the same is not told twice.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Follow {
    pub(crate) following: Following,
    pub(crate) noted: Option<Noted>,
}

impl Call for Follow {
    type Reply = ();
    const NAME: &'static str = "follow";
    const REPLY: &'static [&'static str] = &["followed"];
}

impl Query for Follow {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let (following, is_news) = self.following.instead_of(&FindFollowing.run(db)?);
        audit_log::note(db, self.noted.filter(|_| is_news))?;
        let Following { last, staged } = following;
        let (last, staged) = (last.as_ref(), staged.as_ref());
        let insert = "INSERT OR REPLACE INTO following \
                      (only, last_at, last_code, id, url, metadata, at, is_dismissed) \
                      VALUES (1, ?, ?, ?, ?, ?, ?, ?)";
        let row = [
            last.map(|it| it.at).into(),
            last.map(|it| it.code.as_str()).into(),
            staged.map(|it| it.id.as_str()).into(),
            staged.map(|it| it.url.as_str()).into(),
            staged.map(|it| it.metadata.as_str()).into(),
            staged.map(|it| it.at).into(),
            staged.map(|it| i64::from(it.is_dismissed)).into(),
        ];
        db.run(insert, &row)
    }
}
