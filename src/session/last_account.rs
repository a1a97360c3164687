//! The account that was last signed in to on this device, which the login page offers first.
//!
//! In plain text: it is an account's id and no user's name, and the login it leads to asks the IdP
//! as any other does. Sealing it would hide nothing that the address bar does not show.

use crate::http::cookie;
use crate::http::cookie::SameSite;
use crate::model::account_id::AccountId;

const COOKIE: &str = cookie::ACCOUNT;

/// A year.
const LIFETIME: u32 = 365 * 24 * 60 * 60;

/// The Set-Cookie header that remembers `account`.
pub(crate) fn set(account: &AccountId) -> String {
    cookie::set(COOKIE, account.as_str(), SameSite::Lax, Some(LIFETIME))
}

/// The account that the cookies remember.
pub(crate) fn of(cookies: Option<&str>) -> Option<AccountId> {
    AccountId::parse(cookie::value(cookies, COOKIE)?)
}

/// The Set-Cookie header that forgets it.
pub(crate) fn forget() -> String {
    cookie::clear(COOKIE)
}
