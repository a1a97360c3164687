//! `/sso/api/v1/accounts/{account}/users`: who has signed in, and to be forgotten.

use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::erasure;
use crate::admin::page::{cursor, limit};
use crate::admin::problem::Problem;
use crate::http::answer::Answer;
use crate::ledger::erasure::Erased;
use crate::ledger::port::Ledger;
use crate::ledger::users::{KnownUser, ListUsers};
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

#[derive(Serialize)]
struct Users {
    users: Vec<KnownUser>,
    next_cursor: Option<String>,
}

/// What went with a user.
#[derive(Serialize)]
struct DeletedUser {
    sessions_ended: usize,
    events_dropped: usize,
}

/// One page. An account without users is an empty list, whether it exists or not: users outlast
/// the metadata, and their ledger knows nothing of it.
pub(super) async fn users(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    query: Option<&str>,
) -> Result<Answer, Problem> {
    let (after, limit) = (cursor(query)?, limit(query)?);
    let page = cx.ledger.ask(account, &ListUsers { after, limit }).await?;
    let next_cursor = page.next.map(|next| next.to_string());
    Ok(Answer::json(200, &Users { users: page.users, next_cursor }))
}

/// Erases what is known of a user. One who signs in again is a new one.
pub(super) async fn delete_user(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    sub: &str,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let erased = erasure::erase_user(cx, account, sub, reference, now).await?;
    let Erased { ended, events, .. } = erased.ok_or(Problem::UserUnknown)?;
    let deleted = DeletedUser { sessions_ended: ended.sessions, events_dropped: events };
    Ok(Answer::json(200, &deleted))
}
