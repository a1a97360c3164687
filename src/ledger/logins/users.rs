//! Who signed in to an account, as its ledger remembers them.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};

/// A user as a login shows one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Stable for as long as account, Issuer and NameID are (row G3).
    pub sub: String,
    /// Only a label: it may pass on to somebody else.
    pub email: String,
    /// Display name.
    pub name: String,
    /// One of `ROLES`.
    pub role: String,
}

/// A user who signed in at least once. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownUser {
    /// [`User::sub`].
    pub sub: String,
    /// As of the last login.
    pub email: String,
    /// As of the last login.
    pub name: String,
    /// As of the last login.
    pub role: String,
    /// When the user was first seen.
    pub first_login: i64,
    /// When the user was last seen.
    pub last_login: i64,
}

impl KnownUser {
    /// Whether `other` shows the same: the times are not what users are known by.
    pub(crate) fn is_called_as(&self, other: &Self) -> bool {
        (&self.email, &self.name, &self.role) == (&other.email, &other.name, &other.role)
    }

    /// What is known of `user` after a login at `now`, where `before` was known of the same `sub`.
    pub fn after_login(before: Option<&Self>, user: User, now: UnixTime) -> Self {
        let now = now.seconds();
        Self {
            sub: user.sub,
            email: user.email,
            name: user.name,
            role: user.role,
            first_login: before.map_or(now, |it| it.first_login),
            // Clocks of two machines differ, and time goes on.
            last_login: before.map_or(now, |it| now.max(it.last_login)),
        }
    }
}

/// Some of an account's users, in the order of their first logins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPage {
    /// The users.
    pub users: Vec<KnownUser>,
    /// Where the next page begins, if there is more.
    pub next: Option<i64>,
}

/// Writes down that `user` signs in at `now`. Returns what was known before, and what is now.
pub(crate) fn sign_in(
    db: &dyn Database,
    user: User,
    now: UnixTime,
) -> Result<(Option<KnownUser>, KnownUser), Fault> {
    let before = FindUser { sub: user.sub.clone() }.run(db)?;
    let after = KnownUser::after_login(before.as_ref(), user, now);
    let KnownUser { sub, email, name, role, first_login, last_login } = after.clone();
    let upsert = "
        INSERT INTO users (sub, email, name, role, first_login, last_login)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (sub) DO UPDATE SET
            email = excluded.email, name = excluded.name, role = excluded.role,
            last_login = excluded.last_login";
    let row =
        [sub.into(), email.into(), name.into(), role.into(), first_login.into(), last_login.into()];
    db.run(upsert, &row)?;
    Ok((before, after))
}

/// Asks what is known of the user `sub`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindUser {
    pub(crate) sub: String,
}

impl Call for FindUser {
    type Reply = Option<KnownUser>;
    const NAME: &'static str = "user";
    const REPLY: &'static [&'static str] = &["user", "user"];
}

impl Query for FindUser {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        db.row("SELECT * FROM users WHERE sub = ?", &[self.sub.into()])
    }
}

/// Asks for the users who signed in last, at most `limit`, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RecentUsers {
    pub(crate) limit: u32,
}

impl Call for RecentUsers {
    type Reply = UserPage;
    const NAME: &'static str = "recent_users";
    const REPLY: &'static [&'static str] = &["users"];
}

impl Query for RecentUsers {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let select = "SELECT * FROM users ORDER BY last_login DESC, place DESC LIMIT ?";
        Ok(UserPage { users: db.rows(select, &[self.limit.into()])?, next: None })
    }
}

/// Asks for at most `limit` users in the order of their first logins, from behind the place
/// `after`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ListUsers {
    pub(crate) after: i64,
    pub(crate) limit: u32,
}

impl Call for ListUsers {
    type Reply = UserPage;
    const NAME: &'static str = "users";
    const REPLY: &'static [&'static str] = &["users"];
}

impl Query for ListUsers {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { after, limit } = self;
        let select = "SELECT * FROM users WHERE place > ? ORDER BY place LIMIT ?";
        let most = i64::from(limit) + 1;
        let (users, next) = db.page(select, &[after.into(), most.into()], limit)?;
        Ok(UserPage { users, next })
    }
}
