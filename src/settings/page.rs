//! The settings page.

use crate::account::load;
use crate::error::Fault;
use crate::http::answer::{Answer, field};
use crate::http::reply::Reply;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator;
use crate::settings::call::{SettingsCall, Visit};
use crate::settings::edit::Edit;
use crate::settings::pages::{SettingsPage, own_page};
use crate::settings::typed::{Notice, Typed};
use crate::settings::view::settings::SettingsView;
use crate::settings::view::{published, sign_ins, versions};

pub(crate) async fn settings_page(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
) -> Reply {
    let &SettingsCall { account, request, now, .. } = call;
    let administrator = match administrator::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(denied) => return call.denied(&denied),
    };
    let notice = field(request.query, "done").and_then(|done| Notice::of_outcome_key(&done));
    let state = PageState { notice, typed: None };
    let reference = &call.reference();
    let visit = Visit { account, administrator: &administrator, reference, now };
    let answer = settings_answer(cx, 200, visit, state).await;
    answer.map_or_else(|fault| call.failed(&fault.into()), Reply::from)
}

/// The page of what is stored, with the notice and the typed text of `state`.
pub(crate) async fn settings_answer(
    cx: &Service<'_, impl Platform>,
    status: u16,
    Visit { account, administrator, now, .. }: Visit<'_>,
    state: PageState<'_>,
) -> Result<Answer, Fault> {
    let stored = load::current(cx, account, now).await?;
    let view = &SettingsView::of(account, &stored, cx.config, now)?;
    let user = administrator.user();
    let sign_ins = &sign_ins::last_sign_ins(cx, account, administrator).await?;
    let page = SettingsPage {
        account,
        view,
        published: published::published(cx, account, &stored, &view.settings, now).await?,
        sign_ins,
        user,
        versions: &versions::earlier_versions(cx, account, &stored, user).await?,
        form_token: &administrator.form_token(account, cx.config),
        may_change: state.typed.is_some() || administrator.require_proof(now).is_ok(),
        typed: Typed::of(view, state.typed),
        notice: state.notice,
    };
    Ok(own_page(status, &page))
}

/// What a page shows beyond what is stored.
#[derive(Debug)]
pub(crate) struct PageState<'a> {
    pub(crate) notice: Option<Notice>,
    /// What was typed before and must be corrected.
    pub(crate) typed: Option<&'a Edit>,
}
