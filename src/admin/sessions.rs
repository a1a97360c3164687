//! `/sso/api/v1/accounts/{account}/sessions`: lists sessions, and ends them.

use saml_verify::time::UnixTime;

use crate::admin::wire::account::EndedSessions;
use crate::admin::wire::lists::Sessions;
use crate::admin::wire::paging::{cursor, limit};
use crate::admin::wire::problem::Problem;
use crate::http::answer::{Answer, field};
use crate::ledger::port::Ledger;
use crate::ledger::sessions::end::EndSessions;
use crate::ledger::sessions::list::ListSessions;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::session::current;

/// Returns one page of the valid sessions, oldest first; with `sub`, those of one user.
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
    let end = EndSessions { sid: Some(sid.to_owned()), ..EndSessions::default() };
    end_matching(cx, account, end, now).await
}

/// Ends all sessions of the user `sub`, or without a query all of the account. Any other query is
/// refused: a misspelt parameter must not sign everyone out.
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
    end_matching(cx, account, EndSessions { sub, ..EndSessions::default() }, now).await
}

/// Returns how many valid sessions ended, by the same rule as [`sessions`] lists them.
async fn end_matching(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    end: EndSessions,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let end = EndSessions { idle: current::idle(cx), now: now.seconds(), ..end };
    let ended = cx.ledger.ask(account, &end).await?;
    Ok(Answer::json(200, &EndedSessions { ended }))
}
