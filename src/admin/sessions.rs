//! `/sso/api/v1/accounts/{account}/sessions`: who is signed in where, and its end.

use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::admin::page::{cursor, limit};
use crate::admin::problem::Problem;
use crate::http::answer::{Answer, field};
use crate::ledger::port::Ledger;
use crate::ledger::sessions::{EndSessions, KnownSession, ListSessions};
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
    let (sub, idle, now) = (field(query, "sub"), current::idle(cx), now.seconds());
    let list = ListSessions { sub, idle, after, limit, now, ..ListSessions::default() };
    let page = cx.ledger.ask(account, &list).await?;
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
    end_those(cx, account, EndSessions { sid: Some(sid.to_owned()), ..EndSessions::default() }, now)
        .await
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
    end_those(cx, account, EndSessions { sub, ..EndSessions::default() }, now).await
}

/// Tells how many ended that stood, as [`sessions`] lists them.
async fn end_those(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    end: EndSessions,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let end = EndSessions { idle: current::idle(cx), now: now.seconds(), ..end };
    let ended = cx.ledger.ask(account, &end).await?;
    Ok(Answer::json(200, &Ended { ended }))
}
