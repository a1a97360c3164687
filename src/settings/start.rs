//! The page that opens a setup link, and what its form does.

use saml_verify::time::UnixTime;

use crate::account::journal;
use crate::encoding::hex;
use crate::error::{Denial, Error};
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::form::OwnForm;
use crate::http::links;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::ledger::port::Ledger;
use crate::ledger::setup_links::OpenSetupLink;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::settings::access::setup_link::{Holder, LinkToken};
use crate::settings::pages;
use crate::settings::pages::{SetupPage, own_page};

/// Shows a button. The link is not used by this.
pub(crate) fn setup_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let link = field(request.query, "link").unwrap_or_default();
    match LinkToken::open(Some(&link), account, cx.config, now) {
        Ok(_) => own_page(200, &SetupPage { account, link: &link }).into(),
        Err(denial) => pages::failed(&denial.into(), account, &hex(&entropy.reference)),
    }
}

/// Exchanges the token of the link for a cookie.
pub(crate) async fn reply_to_setup_form(
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
            answer: Answer::see_other(&links::settings(account)).with_cookies([set_cookie]),
            log: LogLine::settings("setup_link_opened", account, &reference).line(),
        },
        Err(error) => pages::failed(&error, account, &reference),
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
    let token = LinkToken::open(form.field("link"), account, cx.config, now)?;
    current::show_stored(cx, account, now).await?;
    let (id, reference) = (&token.id, &hex(&entropy.reference));
    let holder = Actor::SetupLink(id);
    let noted = journal::noted_setup_link(cx, account, id, "opened", holder, reference, now);
    let open = OpenSetupLink { id: id.to_owned(), noted: Some(noted), now: now.seconds() };
    if !cx.ledger.ask(account, &open).await? {
        return Err(Denial::SetupLinkInvalid.into());
    }
    Ok(Holder::admit(token, account, entropy, cx.config, now)?)
}
