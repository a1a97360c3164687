//! Sessions as they begin and are renewed. A session is valid while the ledger has a row of it.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;

/// A session that begins. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// Names it, as its token does.
    pub sid: String,
    /// Whose it is: [`crate::ledger::logins::users::User::sub`], a digest of Issuer and NameID.
    pub sub: String,
    /// Digest of Issuer and SessionIndex, where the IdP gave one; of another form where it gave no
    /// NameID.
    pub session_index: Option<String>,
    /// Browser and system, in words of our own.
    pub device: String,
    /// What the account was when it began ([`crate::model::stored::Stored::revision`]).
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

/// Writes down that `session` begins at `now`.
pub(crate) fn begin(db: &dyn Database, session: NewSession, now: i64) -> Result<(), Fault> {
    let NewSession { sid, sub, session_index, device, epoch, sealed, expires } = session;
    let insert = "
        INSERT INTO sessions
            (sid, sub, session_index, device, epoch, sealed, created, seen, expires)
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
    db: &dyn Database,
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
    db.run("DELETE FROM sessions WHERE sid = ?", &[sid.into()])?;
    Ok(false)
}
