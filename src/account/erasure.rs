//! Erasing what is known of users: of one of them, or of all of a deleted account.
//!
//! The directory comes first, and then the ledger, in one step: as long as the ledger knows a user,
//! it knows the address whose entry may be left. So what fails half-way is done by doing it again.

use saml_verify::time::UnixTime;

use crate::account::{directory, journal};
use crate::error::Fault;
use crate::ledger::audit::cause::Cause;
use crate::ledger::erasure::{Erase, Erased};
use crate::ledger::logins::users::{FindUser, KnownUser, ListUsers};
use crate::ledger::port::Ledger;
use crate::limits::ERASED_USERS;
use crate::model::account_id::AccountId;
use crate::model::email::Email;
use crate::platform::context::{Platform, Service};

/// Erases the user `sub`. Returns what is gone; `None` where there is no such user.
pub(crate) async fn erase_user(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    sub: &str,
    cause: Cause<'_>,
) -> Result<Option<Erased>, Fault> {
    let find = FindUser { sub: sub.to_owned() };
    let Some(user) = cx.ledger.ask(account, &find).await? else { return Ok(None) };
    leave_by(cx, account, &user, cause.now).await?;
    let (record, now) = (journal::record(cx, account, cause), cause.now.seconds());
    let (account_id, subs) = (account.clone(), vec![user.sub]);
    let erase = Erase { account: account_id, subs, is_whole: false, record, now };
    let erased = cx.ledger.ask(account, &erase).await?;
    Ok(erased.filter(|erased| erased.users > 0))
}

/// Erases [`ERASED_USERS`] users of a deleted account, and with the last of them the rest. Returns
/// what is gone; `None` where the account is not deleted.
pub(crate) async fn erase_account(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    cause: Cause<'_>,
) -> Result<Option<Erased>, Fault> {
    let page = cx.ledger.ask(account, &ListUsers { after: 0, limit: ERASED_USERS }).await?;
    for user in &page.users {
        leave_by(cx, account, user, cause.now).await?;
    }
    let subs = page.users.into_iter().map(|user| user.sub).collect();
    let (record, now) = (journal::record(cx, account, cause), cause.now.seconds());
    let erase = Erase { account: account.clone(), subs, is_whole: true, record, now };
    cx.ledger.ask(account, &erase).await
}

async fn leave_by(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    user: &KnownUser,
    now: UnixTime,
) -> Result<(), Fault> {
    match Email::parse(&user.email) {
        Some(email) => directory::leave(cx, account, &email, now).await,
        None => Ok(()),
    }
}
