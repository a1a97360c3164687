//! `/sso/api/v1/accounts/{account}/sessions`: who is signed in where, and its end.

use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::admin::page::{cursor, limit};
use crate::admin::problem::Problem;
use crate::http::answer::{Answer, field};
use crate::ledger::port::{Ending, Ledger, Listing};
use crate::ledger::sessions::KnownSession;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::session::current;

#[derive(Serialize)]
struct Sessions {
    sessions: Vec<KnownSession>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Ended {
    ended: usize,
}

/// One page of those that stand, oldest first; of one user where `sub` is given.
pub(super) async fn sessions(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    query: Option<&str>,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let (after, limit) = (cursor(query)?, limit(query)?);
    let sub = field(query, "sub");
    let listing = Listing { sub: sub.as_deref(), sid: None, idle: current::idle(cx), after, limit };
    let page = cx.ledger.sessions(account, &listing, now).await?;
    let next_cursor = page.next.map(|next| next.to_string());
    Ok(Answer::json(200, &Sessions { sessions: page.sessions, next_cursor }))
}

/// Ends one session.
pub(super) async fn end_session(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    sid: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    end_those(cx, account, Ending { sid: Some(sid), ..Ending::default() }, now).await
}

/// Ends all sessions of a user, or of the account where nothing is asked for: a parameter that
/// is misspelt must not sign everybody out.
pub(super) async fn end_sessions(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    query: Option<&str>,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let sub = field(query, "sub");
    if sub.is_none() && query.is_some_and(|query| !query.is_empty()) {
        return Err(Problem::SubMissing);
    }
    end_those(cx, account, Ending { sub: sub.as_deref(), ..Ending::default() }, now).await
}

/// Tells how many ended that stood, as [`sessions`] lists them.
async fn end_those(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    ending: Ending<'_>,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let ending = Ending { idle: current::idle(cx), ..ending };
    let ended = cx.ledger.end_sessions(account, &ending, now).await?;
    Ok(Answer::json(200, &Ended { ended }))
}
