//! The page that tests the sign-in: by a real one that ends in a report, or by a response that
//! somebody pastes.

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service;
use crate::service::account::AccountId;
use crate::service::body::Body;
use crate::service::context::{Platform, Service};
use crate::service::error::Error;
use crate::service::ledger::Ledger;
use crate::service::log::Event;
use crate::service::own_form::OwnForm;
use crate::service::pages::{PastLine, TestPage};
use crate::service::past_refusals::PastRefusal;
use crate::service::report::{mend, trial};
use crate::service::settings::authorise::Administrator;
use crate::service::settings::{authorise, form};
use crate::service::start::Start;
use crate::service::{Answer, Entropy, Reply, Request, start};

pub(super) async fn test_page(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let administrator = match authorise::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(barred) => return Reply::barred(&barred, account, entropy),
    };
    show_test_page(cx, &administrator, account, None)
        .await
        .unwrap_or_else(|error| Reply::settings_failed(&error, account, &hex(&entropy.reference)))
}

async fn show_test_page(
    cx: &Service<'_, impl Platform>,
    administrator: &Administrator,
    account: &AccountId,
    unread_time: Option<&str>,
) -> Result<Reply, Error> {
    let past = cx.ledger.past_refusals(account).await?;
    let past: Vec<_> = past.into_iter().map(PastLine::of).collect();
    let form_token = &administrator.form_token(account, cx.config);
    let status = if unread_time.is_some() { 400 } else { 200 };
    let page = TestPage { account, form_token, unread_time, past: &past };
    Ok(Answer::test_page(status, &page, cx.config).into())
}

pub(super) async fn reply_to_test_form(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let (administrator, form) = match form::settings_form(cx, account, request, body, now).await {
        Ok(read) => read,
        Err(barred) => return Reply::barred(&barred, account, &entropy),
    };
    let reference = hex(&entropy.reference);
    let reply = if form.field("action") == Some("inspect") {
        let time = form.field("at").map(str::trim).filter(|time| !time.is_empty());
        match time.map_or(Ok(now), UnixTime::parse) {
            Ok(at) => inspect(cx, account, &form, &entropy, at, now).await,
            Err(_) => show_test_page(cx, &administrator, account, time).await,
        }
    } else {
        start_test(cx, account, request, entropy, now).await
    };
    reply.unwrap_or_else(|error| Reply::settings_failed(&error, account, &reference))
}

/// A sign-in whose request says in this browser that it ends in a report.
async fn start_test(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Reply, Error> {
    let reference = hex(&entropy.reference);
    let return_to = super::page(account);
    let stored = &service::account(cx, account.clone(), now).await?;
    let (test, upgrade, force_authn, email) = (true, false, false, None);
    let start = Start { account: stored, return_to, test, upgrade, force_authn, request, email };
    let answer = Answer::to_idp(start::start(cx, start, entropy, now).await?);
    Ok(Reply { answer, log: Event::settings("test_started", account, &reference).line() })
}

async fn inspect(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    form: &OwnForm,
    entropy: &Entropy,
    at: UnixTime,
    now: UnixTime,
) -> Result<Reply, Error> {
    let stored = &service::account(cx, account.clone(), now).await?;
    let pasted = form.field("response").unwrap_or_default();
    let report = trial::dry_run(cx, pasted, stored, entropy, at).await?;
    Ok(Reply::report(&report, account, &hex(&entropy.reference)))
}

impl PastLine {
    fn of(refusal: PastRefusal) -> Self {
        let time = UnixTime::from_seconds(refusal.at).to_xml().unwrap_or_default();
        let mend = mend(&refusal.code).map_or("", |mend| mend.anyone());
        Self { refusal, time, mend }
    }
}
