//! The page that tests the sign-in: by a real sign-in that ends in a report, or by a pasted
//! response.

use saml_verify::time::UnixTime;

use crate::account::load;
use crate::error::Error;
use crate::http::form::OwnForm;
use crate::http::links;
use crate::http::reply::Reply;
use crate::ledger::logins::past_refusals::{ListRefusals, PastRefusal};
use crate::ledger::port::Ledger;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::report::remedy::remedy;
use crate::report::{page, run_test};
use crate::settings::access::administrator;
use crate::settings::access::administrator::Administrator;
use crate::settings::call::SettingsCall;
use crate::settings::pages::{PastLine, TestPage, test_form_page};
use crate::settings::{form, pages};
use crate::signin::pending::Purpose;
use crate::signin::start;
use crate::signin::start::{Start, to_idp};

pub(crate) async fn test_page(cx: &Service<'_, impl Platform>, call: &SettingsCall<'_>) -> Reply {
    let &SettingsCall { account, request, now, .. } = call;
    let administrator = match administrator::administrator(cx, account, request, now).await {
        Ok(administrator) => administrator,
        Err(denied) => return call.denied(&denied),
    };
    let page = show_test_page(cx, &administrator, account, None).await;
    page.unwrap_or_else(|error| call.failed(&error))
}

async fn show_test_page(
    cx: &Service<'_, impl Platform>,
    administrator: &Administrator,
    account: &AccountId,
    unread_time: Option<&str>,
) -> Result<Reply, Error> {
    let past = cx.ledger.ask(account, &ListRefusals).await?;
    let past: Vec<_> = past.into_iter().map(PastLine::of).collect();
    let form_token = &administrator.form_token(account, cx.config);
    let status = if unread_time.is_some() { 400 } else { 200 };
    let page = TestPage { account, form_token, unread_time, past: &past };
    Ok(test_form_page(status, &page, cx.config).into())
}

pub(crate) async fn reply_to_test_form(
    cx: &Service<'_, impl Platform>,
    call: SettingsCall<'_>,
    body: impl Body,
) -> Reply {
    let (administrator, form) = match form::settings_form(cx, &call, body).await {
        Ok(read) => read,
        Err(denied) => return call.denied(&denied),
    };
    let (account, reference) = (call.account, call.reference());
    let reply = if form.field("action") == Some("inspect") {
        let time = form.field("at").map(str::trim).filter(|time| !time.is_empty());
        match time.map_or(Ok(call.now), UnixTime::parse) {
            Ok(at) => inspect(cx, &call, &form, at).await,
            Err(_) => show_test_page(cx, &administrator, account, time).await,
        }
    } else {
        start_test(cx, call).await
    };
    reply.unwrap_or_else(|error| pages::failed(&error, account, &reference))
}

/// Starts a sign-in whose pending request, in this browser's cookie, makes it end in a report.
async fn start_test(
    cx: &Service<'_, impl Platform>,
    call: SettingsCall<'_>,
) -> Result<Reply, Error> {
    let reference = call.reference();
    let SettingsCall { account, request, entropy, now } = call;
    let return_to = links::settings(account);
    let stored = &load::load(cx, account.clone(), now).await?;
    let (purpose, force_authn, email) = (Purpose::Test, false, None);
    let start = Start { account: stored, return_to, purpose, force_authn, request, email };
    let answer = to_idp(start::begin(cx, start, entropy, now).await?);
    Ok(Reply { answer, log: LogLine::settings("test_started", account, &reference).line() })
}

async fn inspect(
    cx: &Service<'_, impl Platform>,
    call: &SettingsCall<'_>,
    form: &OwnForm,
    at: UnixTime,
) -> Result<Reply, Error> {
    let account = &load::load(cx, call.account.clone(), call.now).await?;
    let pasted = form.field("response").unwrap_or_default();
    let report = run_test::dry_run(cx, pasted, account, &call.entropy, at).await?;
    Ok(page::reply(&report, call.account, &call.reference()))
}

impl PastLine {
    fn of(refusal: PastRefusal) -> Self {
        let time = UnixTime::from_seconds(refusal.at).to_xml().unwrap_or_default();
        let remedy = remedy(&refusal.code).map_or("", |it| it.general);
        Self { refusal, time, remedy }
    }
}
