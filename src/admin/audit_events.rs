//! `/sso/api/v1/accounts/{account}/audit-events`: who changed an account, when, and what.

use crate::admin::wire::lists::AuditEvents;
use crate::admin::wire::paging::{cursor, limit};
use crate::admin::wire::problem::Problem;
use crate::http::answer::Answer;
use crate::ledger::audit::log::ListEntries;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// Returns one page, newest first.
pub(super) async fn audit_events(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    query: Option<&str>,
) -> Result<Answer, Problem> {
    let (before, limit) = (cursor(query)?, limit(query)?);
    let page = cx.ledger.ask(account, &ListEntries { before, limit }).await?;
    let next_cursor = page.next.map(|next| next.to_string());
    Ok(Answer::json(200, &AuditEvents { audit_events: page.events, next_cursor }))
}
