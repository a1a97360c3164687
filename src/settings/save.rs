//! From a form to a change: first it is shown what will change, then it is asked, then it is done
//! (row G6).

use saml_verify::time::UnixTime;

use crate::account::change;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;
use crate::http::failure;
use crate::http::form::OwnForm;
use crate::http::reply::Reply;
use crate::ledger::narrowing::Ended;
use crate::ledger::port::Ledger;
use crate::ledger::sessions::CountSessions;
use crate::ledger::turns::Turn;
use crate::log::Event;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::administrator::Administrator;
use crate::settings::access::setup_link;
use crate::settings::edit::Edit;
use crate::settings::edit::unfit::Unfit;
use crate::settings::page::Shown;
use crate::settings::pages::{ReviewPage, SwitchedOffPage, own_page};
use crate::settings::review::{Review, Step};
use crate::settings::typed::Notice;
use crate::settings::{page, resolve};

/// Shows `edit`, or makes it where this very change of this very state was shown before.
pub(crate) async fn reply_to_edit(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    edit: &Edit,
    form: &OwnForm,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Error> {
    let before = change::current(cx, account, now).await?;
    let resolved = match resolve::resolved(cx, account, edit, &before, now).await? {
        Ok(resolved) => resolved,
        Err(unfit) => {
            return reply_to_unfit(cx, account, administrator, edit, &unfit, reference, now).await;
        }
    };
    let edit = &resolved;
    let after = match edit.apply(account, &before, cx.config, now)? {
        Ok(after) => after,
        Err(unfit) => {
            return reply_to_unfit(cx, account, administrator, edit, &unfit, reference, now).await;
        }
    };
    if after == before {
        let shown = Shown { notice: Some(Notice::unchanged()), typed: Some(edit) };
        return Ok(page::settings_answer(cx, 200, account, administrator, shown, now)
            .await?
            .into());
    }
    let actor = administrator.actor();
    let made = change::Edit { before: &before, after: &after, actor, reference };
    if let Err(unfit) = resolve::judged(cx, account, edit, &made, now).await? {
        return reply_to_unfit(cx, account, administrator, edit, &unfit, reference, now).await;
    }
    let is_confirmed = form.field("step") == Some("confirm");
    let step = step(cx, account, administrator, (&before, &after), now).await?;
    let shown = administrator.shown(account, &before, &after, cx.config);
    if !is_confirmed || form.field("shown") != Some(&shown) {
        return Ok(review(cx, administrator, edit, step, is_confirmed, now)?.into());
    }
    if let Err(unfit) = resolve::turn(cx, account, Turn::Change, now).await? {
        return reply_to_unfit(cx, account, administrator, edit, &unfit, reference, now).await;
    }
    match change::change(cx, account, &made, now).await {
        Ok(ended) => {
            let answer = if before.metadata.is_some() && after.metadata.is_none() {
                // No visitor has access to the settings any more.
                switched_off(account, ended, cx.config.sessions.renew_seconds)
            } else {
                Answer::see_other(&format!("{}?done=saved", page(account)))
            };
            let log = Event::settings("settings_changed", account, reference).line();
            Ok(Reply { answer, log })
        }
        Err(Error::Denied(Denial::AccountChanged)) => {
            review_again(cx, account, administrator, edit, now).await
        }
        Err(error) => Err(error),
    }
}

/// Says why something typed cannot be stored, and shows it to be mended.
async fn reply_to_unfit(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    edit: &Edit,
    unfit: &Unfit,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Error> {
    let shown = Shown { notice: Some(Notice::of_unfit(unfit)), typed: Some(edit) };
    shown_unfit(cx, account, administrator, unfit, shown, reference, now).await
}

/// The page that says so, beside what else is `shown`.
pub(crate) async fn shown_unfit(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    unfit: &Unfit,
    shown: Shown<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Reply, Error> {
    let status = if matches!(unfit, Unfit::TooOften(_)) { 429 } else { 400 };
    let answer = page::settings_answer(cx, status, account, administrator, shown, now).await?;
    let (answer, log) = match unfit {
        // What a server said is said to operators alone.
        Unfit::Address(denial) | Unfit::TooOften(denial) => {
            let log = Event::settings_failure(&denial.clone().into(), account, reference);
            (failure::after(answer, denial), log.line())
        }
        Unfit::AddressAbsent
        | Unfit::Domain
        | Unfit::DomainNotAllowed
        | Unfit::EntityId(_)
        | Unfit::EntityIdTaken(_)
        | Unfit::IdpInitiatedNotAllowed
        | Unfit::Metadata(_)
        | Unfit::MetadataAbsent
        | Unfit::Mistaken(_)
        | Unfit::Published(_)
        | Unfit::StagedUnknown
        | Unfit::VersionUnknown => (answer, None),
    };
    Ok(Reply { answer, log })
}

/// Another change was made in between (compare-and-swap failed).
async fn review_again(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    edit: &Edit,
    now: UnixTime,
) -> Result<Reply, Error> {
    let before = &change::current(cx, account, now).await?;
    let Ok(after) = edit.apply(account, before, cx.config, now)? else {
        return Err(Denial::AccountChanged.into());
    };
    let step = step(cx, account, administrator, (before, &after), now).await?;
    Ok(review(cx, administrator, edit, step, true, now)?.into())
}

async fn step<'a>(
    cx: &Service<'_, impl Platform>,
    account: &'a AccountId,
    administrator: &'a Administrator,
    (before, after): (&'a Stored, &'a Stored),
    now: UnixTime,
) -> Result<Step<'a>, Fault> {
    let count = CountSessions { idle: current::idle(cx), now: now.seconds() };
    let standing = cx.ledger.ask(account, &count).await?;
    Ok(Step { account, before, after, user: administrator.user(), standing })
}

fn review(
    cx: &Service<'_, impl Platform>,
    administrator: &Administrator,
    edit: &Edit,
    step: Step<'_>,
    again: bool,
    now: UnixTime,
) -> Result<Answer, Fault> {
    let Step { account, before, after, .. } = step;
    let page = ReviewPage {
        account,
        review: &Review::of(edit, step, cx.config, now)?,
        fields: &edit.fields(),
        form_token: &administrator.form_token(account, cx.config),
        shown: &administrator.shown(account, before, after, cx.config),
        again,
    };
    Ok(own_page(200, &page))
}

fn switched_off(account: &AccountId, ended: Ended, delay: i64) -> Answer {
    own_page(200, &SwitchedOffPage { account, ended, delay }).with_cookies([setup_link::clear()])
}
