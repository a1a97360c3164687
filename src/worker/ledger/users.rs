//! The users of an account, in its ledger.

use saml_verify::time::UnixTime;
use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::ledger::users::{KnownUser, User, UserPage};

#[derive(Deserialize)]
struct Row {
    place: i64,
    sub: String,
    email: String,
    name: String,
    role: String,
    first_login: i64,
    last_login: i64,
}

impl From<Row> for KnownUser {
    fn from(row: Row) -> Self {
        let Row { place: _, sub, email, name, role, first_login, last_login } = row;
        Self { sub, email, name, role, first_login, last_login }
    }
}

/// Writes down that `user` signs in at `now`. Returns what was known before, and what is now.
pub(super) fn sign_in(
    sql: &SqlStorage,
    user: User,
    now: UnixTime,
) -> Result<(Option<KnownUser>, KnownUser)> {
    let before = known(sql, &user.sub)?;
    let after = KnownUser::after_login(before.as_ref(), user, now);
    let KnownUser { sub, email, name, role, first_login, last_login } = after.clone();
    let upsert = "
        INSERT INTO users (sub, email, name, role, first_login, last_login)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (sub) DO UPDATE SET
            email = excluded.email, name = excluded.name, role = excluded.role,
            last_login = excluded.last_login";
    let row = vec![
        sub.into(),
        email.into(),
        name.into(),
        role.into(),
        first_login.into(),
        last_login.into(),
    ];
    sql.exec(upsert, row)?;
    Ok((before, after))
}

/// What is known of the user `sub`.
pub(super) fn known(sql: &SqlStorage, sub: &str) -> Result<Option<KnownUser>> {
    let rows = sql.exec("SELECT * FROM users WHERE sub = ?", vec![sub.into()])?;
    Ok(rows.to_array::<Row>()?.into_iter().next().map(KnownUser::from))
}

/// The users who signed in last.
pub(super) fn recent(sql: &SqlStorage, limit: u32) -> Result<UserPage> {
    let select = "SELECT * FROM users ORDER BY last_login DESC, place DESC LIMIT ?";
    let rows = sql.exec(select, vec![i64::from(limit).into()])?.to_array::<Row>()?;
    Ok(UserPage { users: rows.into_iter().map(KnownUser::from).collect(), next: None })
}

/// At most `limit` users from behind `after`.
pub(super) fn page(sql: &SqlStorage, after: i64, limit: u32) -> Result<UserPage> {
    // One more than asked for tells whether there are more.
    let select = "SELECT * FROM users WHERE place > ? ORDER BY place LIMIT ?";
    let most = i64::from(limit);
    let rows = sql.exec(select, vec![after.into(), (most + 1).into()])?.to_array::<Row>()?;
    let is_more = i64::try_from(rows.len()).is_ok_and(|count| count > most);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = limit.checked_sub(1).filter(|_| is_more).and_then(|last| rows.get(last));
    let next = next.map(|row| row.place);
    Ok(UserPage { users: rows.into_iter().take(limit).map(KnownUser::from).collect(), next })
}
