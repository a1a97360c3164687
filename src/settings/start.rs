//! The page that opens a setup link, and what its form does.

use crate::account::journal;
use crate::error::Error;
use crate::error::denial::SettingsDenial;
use crate::http::answer::{Answer, field};
use crate::http::form::OwnForm;
use crate::http::links;
use crate::http::reply::Reply;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::OpenSetupLink;
use crate::log::LogLine;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::setup_link::{LinkHolder, LinkToken};
use crate::settings::call::SettingsCall;
use crate::settings::pages::{SetupPage, own_page};

/// Shows a button. The link is not used by this.
pub(crate) fn setup_page(cx: &Service<'_, impl Platform>, call: &SettingsCall<'_>) -> Reply {
    let &SettingsCall { account, request, now, .. } = call;
    let link = field(request.query, "link").unwrap_or_default();
    match LinkToken::open(Some(&link), account, cx.config, now) {
        Ok(_) => own_page(200, &SetupPage { account, link: &link }).into(),
        Err(denial) => call.failed(&denial.into()),
    }
}

/// Exchanges the token of the link for a cookie.
pub(crate) async fn reply_to_setup_form(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
    body: impl Body,
) -> Reply {
    let (account, reference) = (call.account, call.reference());
    match open_setup_link(cx, call, body).await {
        Ok(set_cookie) => Reply {
            answer: Answer::see_other(&links::settings(account)).with_cookies([set_cookie]),
            log: LogLine::settings("setup_link_opened", account, &reference).line(),
        },
        Err(error) => call.failed(&error),
    }
}

async fn open_setup_link(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
    body: impl Body,
) -> Result<String, Error> {
    let SettingsCall { account, request, ref entropy, now } = *call;
    let form = OwnForm::read_own(request, body, cx.config).await?;
    let token = LinkToken::open(form.field("link"), account, cx.config, now)?;
    current::show_stored(cx, account, now).await?;
    let actor = &Actor::SetupLink(token.id.clone());
    let cause = Cause { actor, reference: &call.reference(), now };
    let (id, record) = (token.id.clone(), Some(journal::record(cx, account, cause)));
    let open = OpenSetupLink { id, record, now: now.seconds() };
    if !cx.ledger.ask(account, &open).await? {
        return Err(SettingsDenial::SetupLinkInvalid.into());
    }
    Ok(LinkHolder::admit(token, account, entropy, cx.config, now)?)
}
