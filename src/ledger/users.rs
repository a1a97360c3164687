//! Who signed in to an account, as its ledger remembers them.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

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
