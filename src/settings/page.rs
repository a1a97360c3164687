//! The settings page.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::account::change;
use crate::error::Fault;
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator;
use crate::settings::access::administrator::Administrator;
use crate::settings::edit::Edit;
use crate::settings::pages;
use crate::settings::pages::{SettingsPage, own_page};
use crate::settings::typed::{Notice, Typed};
use crate::settings::view::settings::SettingsView;
use crate::settings::view::{published, sign_ins, versions};

pub(crate) async fn settings_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let administrator = match administrator::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(barred) => return Reply::barred(&barred, account, entropy),
    };
    let notice = field(request.query, "done").and_then(|done| Notice::of_deed(&done));
    let shown = Shown { notice, typed: None };
    let answer = settings_answer(cx, 200, account, &administrator, shown, now).await;
    answer.map_or_else(
        |fault| pages::failed(&fault.into(), account, &hex(&entropy.reference)),
        Reply::from,
    )
}

/// The page as it is stored, but for what is `shown` beyond that.
pub(crate) async fn settings_answer(
    cx: &Service<'_, impl Platform>,
    status: u16,
    account: &AccountId,
    administrator: &Administrator,
    shown: Shown<'_>,
    now: UnixTime,
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
        may_change: shown.typed.is_some() || administrator.require_proof(now).is_ok(),
        typed: Typed::of(view, shown.typed),
        notice: shown.notice,
    };
    Ok(own_page(status, &page))
}

/// What a page shows beyond what is stored.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) notice: Option<Notice>,
    /// What was typed before and must be mended.
    pub(crate) typed: Option<&'a Edit>,
}
