//! `/sso/{account}/settings`: how an account's own people, or whoever holds a setup link, set up
//! single sign-on.
//!
//! Everything works without script. Whoever may change what is here decides who signs in: see
//! [`access`] for who may; setup links are there too.

pub(crate) mod access;
pub(crate) mod act;
pub(crate) mod edit;
pub(crate) mod form;
pub(crate) mod mistaken;
pub(crate) mod page;
pub(crate) mod pages;
pub(crate) mod resolve;
pub(crate) mod review;
pub(crate) mod save;
pub(crate) mod start;
pub(crate) mod test_sign_in;
pub(crate) mod typed;
pub(crate) mod view;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::{Page, Route};
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator::Barred;

/// The settings of `account`.
pub(crate) fn page(account: &AccountId) -> String {
    Route::Settings(account.clone(), Page::Settings).path()
}

pub(crate) async fn reply_to_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    page: Page,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    match page {
        Page::Settings if request.method == Method::Post => {
            form::reply_to_settings_form(cx, account, request, body, &entropy, now).await
        }
        Page::Settings => page::settings_page(cx, account, request, &entropy, now).await,
        Page::Start if request.method == Method::Post => {
            start::reply_to_setup_form(cx, account, request, body, &entropy, now).await
        }
        Page::Start => start::setup_page(cx, account, request, &entropy, now),
        Page::Test if request.method == Method::Post => {
            test_sign_in::reply_to_test_form(cx, account, request, body, entropy, now).await
        }
        Page::Test => test_sign_in::test_page(cx, account, request, &entropy, now).await,
    }
}

impl Reply {
    /// The answer without access: the login if there is no session, otherwise the reason.
    pub(crate) fn barred(barred: &Barred, account: &AccountId, entropy: &Entropy) -> Self {
        match barred {
            Barred::Unknown => {
                Answer::see_other(&Route::Login(account.clone()).with_return_to(&page(account)))
                    .into()
            }
            Barred::Error(error) => pages::failed(error, account, &hex(&entropy.reference)),
        }
    }
}
