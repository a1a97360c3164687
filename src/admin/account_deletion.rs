//! `DELETE /sso/api/v1/accounts/{account}`: deletes an account, and erases its users if asked to.

use crate::account::change::Edit;
use crate::account::{change, erasure, load};
use crate::admin::wire::account::{Deleted, Erased};
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::conditions::require_seen;
use crate::admin::wire::problem::Problem;
use crate::error::denial::AccountDenial;
use crate::http::answer::{Answer, field};
use crate::ledger::trust::narrowing::Ended;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};

/// Deletes metadata and settings. With `erase=true` it also erases what the ledger knows of the
/// account's users and of its changes; this works for an account that is already deleted, too.
pub(super) async fn delete_account(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let is_erased = asks_for_erasure(call.request.query)?;
    let before = &load::current(cx, account, call.now).await?;
    let ended = if *before != Stored::default() {
        require_seen(call.request, before, true)?;
        let after = &Stored::default();
        change::change(cx, account, Edit { before, after }, call.cause()).await?
    } else if is_erased {
        // Repeating a request that has been carried out succeeds (RFC 9110 §13.1.1).
        Ended::default()
    } else {
        return Err(Problem::AccountAbsent);
    };
    if !is_erased {
        return Ok(Answer::json(200, &Deleted::of(ended)));
    }
    let erased = erasure::erase_account(cx, account, call.cause()).await?;
    let erased = erased.ok_or(AccountDenial::AccountChanged)?;
    Ok(Answer::json(200, &Erased::of(ended, erased)))
}

fn asks_for_erasure(query: Option<&str>) -> Result<bool, Problem> {
    match field(query, "erase").as_deref() {
        None => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::EraseInvalid),
    }
}
