//! Forms of the settings, and what must hold before anything in them counts (row H12).

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::error::{Denial, Error};
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::form::{OwnForm, require_own};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::START_PAGE;
use crate::limits::SETTINGS_FORM_OCTETS;
use crate::log::Event;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator::{Administrator, Barred};
use crate::settings::access::{administrator, setup_link};
use crate::settings::act::Act;
use crate::settings::edit::Edit;
use crate::settings::page::Shown;
use crate::settings::typed::Notice;
use crate::settings::{act, page, pages, save};

/// A form that a page of ours has shown to this very browser, and who posts it.
pub(crate) async fn settings_form(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    now: UnixTime,
) -> Result<(Administrator, OwnForm), Barred> {
    let (administrator, form) = own_settings_form(cx, account, request, body, now).await?;
    administrator.require_form_token(form.field("form_token"), account, cx.config)?;
    Ok((administrator, form))
}

/// A form that a page of ours has shown. The body of any other request is not read.
async fn own_settings_form(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    now: UnixTime,
) -> Result<(Administrator, OwnForm), Barred> {
    require_own(request, cx.config)?;
    let administrator = administrator::administrator(cx, account, request, now).await?;
    let form = OwnForm::read_with_files(SETTINGS_FORM_OCTETS, request, body).await?;
    Ok((administrator, form))
}

pub(crate) async fn reply_to_settings_form(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = &hex(&entropy.reference);
    let read = own_settings_form(cx, account, request, body, now).await;
    let (administrator, form) = match read {
        Ok(read) => read,
        Err(barred) => return Reply::barred(&barred, account, entropy),
    };
    let (edit, act) = (Edit::read(&form), Act::read(&form));
    let changes = edit.is_some() || act.is_some();
    if let Err(denial) = require_settled(cx, &administrator, account, &form, changes, now) {
        return match edit {
            Some(edit) => {
                mind_typed(cx, account, &administrator, denial, &edit, reference, now).await
            }
            None => pages::failed(&denial.into(), account, reference),
        };
    }
    if let Some(act) = act {
        let done = act::reply_to_act(cx, account, &administrator, &act, reference, now).await;
        return done.unwrap_or_else(|error| pages::failed(&error, account, reference));
    }
    let Some(edit) = edit else {
        let leaves = (form.field("action") == Some("leave")).then(setup_link::clear);
        let to = if leaves.is_some() { START_PAGE.to_owned() } else { page(account) };
        return Answer::see_other(&to).with_cookies(leaves).into();
    };
    let answered = save::reply_to_edit(cx, account, &administrator, &edit, &form, reference, now);
    match answered.await {
        Ok(reply) => reply,
        Err(error) => pages::failed(&error, account, reference),
    }
}

/// Denies a form of another browser or sign-in, and one that changes something too late.
fn require_settled(
    cx: &Service<'_, impl Platform>,
    administrator: &Administrator,
    account: &AccountId,
    form: &OwnForm,
    changes: bool,
    now: UnixTime,
) -> Result<(), Denial> {
    if changes {
        administrator.require_proof(now)?;
    }
    administrator.require_form_token(form.field("form_token"), account, cx.config)
}

/// Shows the page once more, so that a user who must sign in first keeps what was typed.
async fn mind_typed(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    administrator: &Administrator,
    denial: Denial,
    edit: &Edit,
    reference: &str,
    now: UnixTime,
) -> Reply {
    let is_stale = denial == Denial::ReauthenticationDue;
    let notice = if is_stale { Notice::stale() } else { Notice::of_old_form() };
    let shown = Shown { notice: Some(notice), typed: Some(edit) };
    let error = Error::Denied(denial);
    match page::settings_answer(cx, 403, account, administrator, shown, now).await {
        Ok(answer) => {
            let log = Event::settings_failure(&error, account, reference).line();
            Reply { answer, log }
        }
        Err(fault) => pages::failed(&fault.into(), account, reference),
    }
}
