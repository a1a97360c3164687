//! The page that opens a setup link, and what its form does.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service::account::AccountId;
use crate::service::answer::field;
use crate::service::audit::Actor;
use crate::service::body::Body;
use crate::service::context::{Platform, Service};
use crate::service::error::{Denial, Error};
use crate::service::ledger::Ledger;
use crate::service::log::Event;
use crate::service::own_form::OwnForm;
use crate::service::pages::SetupPage;
use crate::service::settings::setup_link::{Holder, Token};
use crate::service::{Answer, Entropy, Reply, Request, audit, presence};

/// Shows a button and uses nothing.
pub(super) fn setup_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let link = field(request.query, "link").unwrap_or_default();
    match Token::open(Some(&link), account, cx.config, now) {
        Ok(_) => Answer::settings_page(200, &SetupPage { account, link: &link }).into(),
        Err(denial) => Reply::settings_failed(&denial.into(), account, &hex(&entropy.reference)),
    }
}

/// Exchanges the link for a cookie.
pub(super) async fn reply_to_setup_form(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    match open_setup_link(cx, account, request, body, entropy, now).await {
        Ok(set_cookie) => Reply {
            answer: Answer::see_other(&super::page(account)).with_cookies([set_cookie]),
            log: Event::settings("setup_link_opened", account, &reference).line(),
        },
        Err(error) => Reply::settings_failed(&error, account, &reference),
    }
}

async fn open_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<String, Error> {
    let form = OwnForm::read_own(request, body, cx.config).await?;
    let token = Token::open(form.field("link"), account, cx.config, now)?;
    presence::show_stored(cx, account, now).await?;
    let (id, reference) = (&token.id, &hex(&entropy.reference));
    let holder = Actor::SetupLink(id);
    let noted = audit::noted_setup_link(cx, account, id, "opened", holder, reference, now);
    if !cx.ledger.open_setup_link(account, id, &noted, now).await? {
        return Err(Denial::SetupLinkInvalid.into());
    }
    Ok(Holder::admit(token, account, entropy, cx.config, now)?)
}
