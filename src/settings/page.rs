//! The settings page.

use saml_verify::time::UnixTime;

use crate::account::change;
use crate::encoding::hex;
use crate::error::Fault;
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator;
use crate::settings::edit::Edit;
use crate::settings::pages;
use crate::settings::pages::{SettingsPage, own_page};
use crate::settings::typed::{Notice, Typed};
use crate::settings::view::settings::SettingsView;
use crate::settings::view::{published, sign_ins, versions};
use crate::settings::visit::Visit;

pub(crate) async fn settings_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let administrator = match administrator::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(denied) => return Reply::denied(&denied, account, entropy),
    };
    let notice = field(request.query, "done").and_then(|done| Notice::of_outcome_key(&done));
    let state = PageState { notice, typed: None };
    let reference = &hex(&entropy.reference);
    let visit = Visit { account, administrator: &administrator, reference, now };
    let answer = settings_answer(cx, 200, visit, state).await;
    answer.map_or_else(|fault| pages::failed(&fault.into(), account, reference), Reply::from)
}

/// The page of what is stored, with the notice and the typed text of `state`.
pub(crate) async fn settings_answer(
    cx: &Service<'_, impl Platform>,
    status: u16,
    Visit { account, administrator, now, .. }: Visit<'_>,
    state: PageState<'_>,
) -> Result<Answer, Fault> {
    let stored = change::current(cx, account, now).await?;
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
