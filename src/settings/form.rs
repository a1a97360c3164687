//! Forms of the settings, and what must hold before a form has an effect (row H12).

use crate::error::Error;
use crate::error::denial::SettingsDenial;
use crate::http::answer::Answer;
use crate::http::form::{OwnForm, require_own};
use crate::http::links;
use crate::http::reply::Reply;
use crate::limits::SETTINGS_FORM_OCTETS;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator::{AccessDenied, Administrator};
use crate::settings::access::{administrator, setup_link};
use crate::settings::action::Action;
use crate::settings::call::{SettingsCall, Visit};
use crate::settings::edit::Edit;
use crate::settings::page::PageState;
use crate::settings::typed::Notice;
use crate::settings::{action, page, save};

/// A form that was shown to this browser, and the administrator who posts it.
pub(crate) async fn settings_form(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
    body: impl Body,
) -> Result<(Administrator, OwnForm), AccessDenied> {
    let (administrator, form) = own_settings_form(cx, call, body).await?;
    administrator.require_form_token(form.field("form_token"), call.account, cx.config)?;
    Ok((administrator, form))
}

/// A form of one of our pages. The body of any other request is not read.
async fn own_settings_form(
    cx: &Service<'_, impl Platform>,
    &SettingsCall { account, request, now, .. }: &SettingsCall<'_>,
    body: impl Body,
) -> Result<(Administrator, OwnForm), AccessDenied> {
    require_own(request, cx.config)?;
    let administrator = administrator::administrator(cx, account, request, now).await?;
    let form = OwnForm::read_with_files(SETTINGS_FORM_OCTETS, request, body).await?;
    Ok((administrator, form))
}

pub(crate) async fn reply_to_settings_form(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
    body: impl Body,
) -> Reply {
    let (administrator, form) = match own_settings_form(cx, call, body).await {
        Ok(read) => read,
        Err(denied) => return call.denied(&denied),
    };
    let &SettingsCall { account, now, .. } = call;
    let reference = &call.reference();
    let visit = Visit { account, administrator: &administrator, reference, now };
    let replied = if let Some(edit) = Edit::read(&form) {
        match require_settled(cx, visit, &form, true) {
            Ok(()) => save::reply_to_edit(cx, visit, &edit, &form).await,
            Err(denial) => redisplay(cx, visit, denial, &edit).await,
        }
    } else if let Some(action) = Action::read(&form) {
        match require_settled(cx, visit, &form, true) {
            Ok(()) => action::reply_to_action(cx, visit, &action).await,
            Err(denial) => Err(denial.into()),
        }
    } else {
        require_settled(cx, visit, &form, false)
            .map(|()| leave(account, &form))
            .map_err(Error::from)
    };
    replied.unwrap_or_else(|error| call.failed(&error))
}

fn leave(account: &AccountId, form: &OwnForm) -> Reply {
    let clears = (form.field("action") == Some("leave")).then(setup_link::clear);
    let to = if clears.is_some() { links::start() } else { links::settings(account) };
    Answer::see_other(&to).with_cookies(clears).into()
}

/// Denies a form of another browser or sign-in, and a change after too old a sign-in.
fn require_settled(
    cx: &Service<'_, impl Platform>,
    Visit { account, administrator, now, .. }: Visit<'_>,
    form: &OwnForm,
    changes: bool,
) -> Result<(), SettingsDenial> {
    if changes {
        administrator.require_proof(now)?;
    }
    administrator.require_form_token(form.field("form_token"), account, cx.config)
}

/// Shows the page again, so that a user who must sign in first keeps what was typed.
async fn redisplay(
    cx: &Service<'_, impl Platform>,
    visit: Visit<'_>,
    denial: SettingsDenial,
    edit: &Edit,
) -> Result<Reply, Error> {
    let is_stale = denial == SettingsDenial::ReauthenticationDue;
    let notice = if is_stale { Notice::stale() } else { Notice::of_old_form() };
    let state = PageState { notice: Some(notice), typed: Some(edit) };
    let answer = page::settings_answer(cx, 403, visit, state).await?;
    let log = LogLine::settings_failure(&denial.into(), visit.account, visit.reference).line();
    Ok(Reply { answer, log })
}
