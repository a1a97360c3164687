//! `DELETE /sso/api/v1/accounts/{account}`: the end of an account, and of what is known of its
//! users.

use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::change::Edit;
use crate::account::{change, erasure};
use crate::admin::conditions::require_seen;
use crate::admin::problem::Problem;
use crate::error::Denial;
use crate::http::answer::{Answer, field};
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::ledger::erasure::Erased;
use crate::ledger::narrowing::Ended;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};

/// What ended with an account's metadata.
#[derive(Serialize)]
pub(super) struct Deleted {
    sessions_ended: usize,
    setup_links_revoked: usize,
    /// Published documents that waited for approval.
    staged_dropped: usize,
}

impl Deleted {
    pub(super) const fn of(ended: Ended) -> Self {
        let Ended { sessions, setup_links, staged } = ended;
        Self { sessions_ended: sessions, setup_links_revoked: setup_links, staged_dropped: staged }
    }
}

/// What was erased with it.
#[derive(Serialize)]
struct Gone {
    #[serde(flatten)]
    deleted: Deleted,
    users_erased: usize,
    versions_erased: usize,
    refusals_erased: usize,
    events_dropped: usize,
    /// Whether nothing is left to be erased.
    complete: bool,
}

impl Gone {
    fn of(deleted: Ended, erased: Erased) -> Self {
        let Erased { ended, users, versions, refusals, events, is_complete } = erased;
        let ended = Ended {
            sessions: deleted.sessions.saturating_add(ended.sessions),
            setup_links: deleted.setup_links.saturating_add(ended.setup_links),
            staged: deleted.staged.saturating_add(ended.staged),
        };
        Self {
            deleted: Deleted::of(ended),
            users_erased: users,
            versions_erased: versions,
            refusals_erased: refusals,
            events_dropped: events,
            complete: is_complete,
        }
    }
}

/// Removes metadata and settings, and says what ended with them. What the ledger knows of users and
/// changes stays, unless it is to be erased: then that goes too, also of an account that was
/// deleted before.
pub(super) async fn delete_account(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let is_erased = asks_for_erasure(request.query)?;
    let before = &change::current(cx, account, now).await?;
    let ended = if *before != Stored::default() {
        require_seen(request, before, true)?;
        let after = &Stored::default();
        let edit = Edit { before, after, actor: Actor::Operator, reference };
        change::change(cx, account, &edit, now).await?
    } else if is_erased {
        // What was done already may be asked for again, as it was (RFC 9110 §13.1.1).
        Ended::default()
    } else {
        return Err(Problem::AccountAbsent);
    };
    if !is_erased {
        return Ok(Answer::json(200, &Deleted::of(ended)));
    }
    let erased = erasure::erase_account(cx, account, reference, now).await?;
    let erased = erased.ok_or(Denial::AccountChanged)?;
    Ok(Answer::json(200, &Gone::of(ended, erased)))
}

fn asks_for_erasure(query: Option<&str>) -> Result<bool, Problem> {
    match field(query, "erase").as_deref() {
        None => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::EraseInvalid),
    }
}
