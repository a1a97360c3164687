//! `/sso/api/v1/accounts/{account}/users`: lists the users who have signed in, and erases one.

use crate::account::erasure;
use crate::admin::wire::account::ErasedUser;
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::lists::Users;
use crate::admin::wire::paging::{cursor, limit};
use crate::admin::wire::problem::Problem;
use crate::http::answer::Answer;
use crate::ledger::erasure::Erased;
use crate::ledger::logins::users::ListUsers;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// Returns one page. An account without users has an empty list, whether it exists or not: users
/// outlast the metadata, and their ledger does not know of it.
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

/// Erases what is known of a user, who is a new user at the next sign-in.
pub(super) async fn delete_user(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    sub: &str,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let erased = erasure::erase_user(cx, account, sub, call.cause()).await?;
    let Erased { ended, events, .. } = erased.ok_or(Problem::UserUnknown)?;
    let erased = ErasedUser { sessions_ended: ended.sessions, events_dropped: events };
    Ok(Answer::json(200, &erased))
}
