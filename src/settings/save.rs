//! From a form to a change, which is made only after a review of it was confirmed (row G6).

use crate::account::{change, load};
use crate::error::denial::AccountDenial;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;
use crate::http::failure;
use crate::http::form::OwnForm;
use crate::http::links;
use crate::http::reply::Reply;
use crate::ledger::audit::cause::Cause;
use crate::ledger::changes::turns::Turn;
use crate::ledger::port::Ledger;
use crate::ledger::sessions::list::CountSessions;
use crate::ledger::trust::narrowing::Ended;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::setup_link;
use crate::settings::call::Visit;
use crate::settings::edit::Edit;
use crate::settings::edit::invalid::{EditError, InvalidEdit};
use crate::settings::page::PageState;
use crate::settings::pages::{ReviewPage, SwitchedOffPage, own_page};
use crate::settings::review::{Proposal, Review};
use crate::settings::typed::Notice;
use crate::settings::{page, resolve};

/// Shows the review of `edit`, or makes the edit if `form` confirms the review of this very change
/// of this very state.
pub(crate) async fn reply_to_edit(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    edit: &Edit,
    form: &OwnForm,
) -> Result<Reply, Error> {
    let Visit { account, now, .. } = visit;
    let before = load::current(cx, account, now).await?;
    let resolved = match resolve::resolve(cx, account, edit, &before, now).await {
        Ok(resolved) => resolved,
        Err(error) => return refuse(cx, visit, Some(edit), error).await,
    };
    match review_or_save(cx, visit, &resolved, &before, form).await {
        Ok(reply) => Ok(reply),
        Err(error) => refuse(cx, visit, Some(&resolved), error).await,
    }
}

async fn review_or_save(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    edit: &Edit,
    before: &Stored,
    form: &OwnForm,
) -> Result<Reply, EditError> {
    let Visit { account, administrator, reference, now } = visit;
    let after = edit.apply(account, before, cx.config, now)?;
    if after == *before {
        let state = PageState { notice: Some(Notice::unchanged()), typed: Some(edit) };
        return Ok(page::settings_answer(cx, 200, visit, state).await?.into());
    }
    let cause = Cause { actor: &administrator.actor(), reference, now };
    let made = change::Edit { before, after: &after };
    resolve::judge(cx, account, edit, made, cause).await?;
    let is_confirmed = form.field("step") == Some("confirm");
    let shown = administrator.review_token(account, before, &after, cx.config);
    if !is_confirmed || form.field("shown") != Some(&shown) {
        return Ok(review(cx, visit, edit, (before, &after), is_confirmed).await?.into());
    }
    resolve::take_turn(cx, account, Turn::Change, now).await?;
    let ended = match change::change(cx, account, made, cause).await {
        Err(Error::Denied(Denial::Account(AccountDenial::AccountChanged))) => {
            return review_again(cx, visit, edit).await;
        }
        changed => changed?,
    };
    let answer = if before.metadata.is_some() && after.metadata.is_none() {
        // No visitor has access to the settings any more.
        switched_off(account, ended, cx.config.sessions.renew_seconds)
    } else {
        Answer::see_other(&links::settings_after(account, "saved"))
    };
    let log = LogLine::settings("settings_changed", account, reference).line();
    Ok(Reply { answer, log })
}

/// Shows the page again with what was typed and why it cannot be stored.
pub(crate) async fn refuse(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    typed: Option<&Edit>,
    error: EditError,
) -> Result<Reply, Error> {
    let invalid = match error {
        EditError::Invalid(invalid) => invalid,
        EditError::Failed(error) => return Err(error),
    };
    let status = if matches!(invalid, InvalidEdit::TooOften(_)) { 429 } else { 400 };
    let state = PageState { notice: Some(Notice::of_invalid(&invalid)), typed };
    let answer = page::settings_answer(cx, status, visit, state).await?;
    match invalid {
        // The answer of another server is told to operators alone.
        InvalidEdit::Address(denial) | InvalidEdit::TooOften(denial) => {
            let error = denial.into();
            let log = LogLine::settings_failure(&error, visit.account, visit.reference).line();
            Ok(Reply { answer: failure::after(answer, &error), log })
        }
        InvalidEdit::AddressAbsent
        | InvalidEdit::Domain
        | InvalidEdit::DomainNotAllowed
        | InvalidEdit::EntityId(_)
        | InvalidEdit::EntityIdTaken(_)
        | InvalidEdit::IdpInitiatedNotAllowed
        | InvalidEdit::Metadata(_)
        | InvalidEdit::MetadataAbsent
        | InvalidEdit::Mistaken(_)
        | InvalidEdit::Published(_)
        | InvalidEdit::StagedUnknown
        | InvalidEdit::VersionUnknown => Ok(answer.into()),
    }
}

/// Shows the review again because another change was made meanwhile (compare-and-swap failed).
async fn review_again(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    edit: &Edit,
) -> Result<Reply, EditError> {
    let before = load::current(cx, visit.account, visit.now).await?;
    let after = match edit.apply(visit.account, &before, cx.config, visit.now) {
        Err(EditError::Invalid(_)) => return Err(AccountDenial::AccountChanged.into()),
        applied => applied?,
    };
    Ok(review(cx, visit, edit, (&before, &after), true).await?.into())
}

async fn review(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    edit: &Edit,
    (before, after): (&Stored, &Stored),
    again: bool,
) -> Result<Answer, Fault> {
    let Visit { account, administrator, now, .. } = visit;
    let count = CountSessions { idle: current::idle(cx), now: now.seconds() };
    let sessions = cx.ledger.ask(account, &count).await?;
    let proposal = Proposal { account, before, after, user: administrator.user(), sessions };
    let page = ReviewPage {
        account,
        review: &Review::of(edit, proposal, cx.config, now)?,
        fields: &edit.fields(),
        form_token: &administrator.form_token(account, cx.config),
        shown: &administrator.review_token(account, before, after, cx.config),
        again,
    };
    Ok(own_page(200, &page))
}

fn switched_off(account: &AccountId, ended: Ended, delay: i64) -> Answer {
    own_page(200, &SwitchedOffPage { account, ended, delay }).with_cookies([setup_link::clear()])
}
