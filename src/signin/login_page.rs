//! The login page, and where its form leads.

use saml_verify::time::UnixTime;

use crate::account::directory;
use crate::encoding::hex;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::{Exchange, Request};
use crate::http::routes::Route;
use crate::http::routes::return_to;
use crate::http::{answer, failure};
use crate::model::account_id::AccountId;
use crate::model::email::Email;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::last_account;
use crate::signin::discovery::{LoginForm, Named};
use crate::signin::page::{ChoicePage, FirstPage, LoginPage, Unread};
use crate::signin::start;

/// Asks who wants in; a link that names the account goes on to its login.
pub(crate) fn login_page(cx: &Service<'_, impl Platform>, request: &Request<'_>) -> Answer {
    let return_to = request.return_to(cx.config);
    match answer::field(request.query, "account") {
        None => ask(cx, request, &return_to, "", None),
        Some(typed) => match AccountId::parse(typed.trim()) {
            Some(account) => Answer::see_other(&Route::Login(account).with_return_to(&return_to)),
            None => ask(cx, request, &return_to, &typed, Some(Unread::of(&typed))),
        },
    }
}

/// Takes the form of the login page or of the choice between accounts.
pub(crate) async fn reply_to_login_form(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let form = match LoginForm::read(request, body).await {
        Ok(form) => form,
        Err(error) => return failure::reply(&error, None, &hex(&entropy.reference)),
    };
    let return_to = return_to::same_site(form.return_to.as_deref(), &cx.config.site.base);
    if form.forget {
        let answer = Answer::see_other(&Route::LoginPage.with_return_to(&return_to));
        return answer.with_cookies([last_account::forget()]).into();
    }
    // As it was typed: the IdP may tell capitals apart.
    let hint = Email::parse(&form.login).map(|_| &*form.login);
    let email = match form.names() {
        Some(Named::Account(id)) => {
            let exchange = Exchange { request, entropy, now };
            return start::reply_to_login(cx, id, return_to, hint, exchange).await;
        }
        Some(Named::Email(email)) => email,
        None => {
            let unread = Unread::of(&form.login);
            return ask(cx, request, &return_to, &form.login, Some(unread)).into();
        }
    };
    let accounts = match directory::accounts_of(cx, &email, now).await {
        Ok(accounts) => accounts,
        Err(fault) => return failure::reply(&fault.into(), None, &hex(&entropy.reference)),
    };
    match &*accounts {
        [] => Answer::form_page(200, &FirstPage { return_to: &return_to }, cx.config).into(),
        [id] => {
            let exchange = Exchange { request, entropy, now };
            start::reply_to_login(cx, id.clone(), return_to, hint, exchange).await
        }
        accounts => {
            let page = ChoicePage { accounts, login: &form.login, return_to: &return_to };
            Answer::form_page(200, &page, cx.config).into()
        }
    }
}

fn ask(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    return_to: &str,
    typed: &str,
    unread: Option<Unread>,
) -> Answer {
    let last_account = last_account::of(request.cookies);
    let known = last_account
        .as_ref()
        .map(|account| (account, Route::Login(account.clone()).with_return_to(return_to)));
    let status = if unread.is_some() { 400 } else { 200 };
    let page = LoginPage { known, return_to, typed, unread };
    Answer::form_page(status, &page, cx.config)
}
