//! `/sso/{account}/settings`: where an account's administrators, or holders of a setup link, set up
//! single sign-on.
//!
//! The settings decide who can sign in, so [`access`] to them is limited. No page needs a script.

pub(crate) mod access;
pub(crate) mod action;
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
pub(crate) mod visit;

use saml_verify::time::UnixTime;

use crate::encoding::hex;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::links;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::{Page, Route};
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::access::administrator::AccessDenied;

/// The path of the settings after something was done, which the page then says
/// ([`typed::Notice::of_outcome_key`]).
pub(crate) fn page_after(account: &AccountId, outcome_key: &str) -> String {
    format!("{}?done={outcome_key}", links::settings(account))
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
    /// The answer to a visitor without access: the login, or the reason if there is a session.
    pub(crate) fn denied(denied: &AccessDenied, account: &AccountId, entropy: &Entropy) -> Self {
        match denied {
            AccessDenied::NotSignedIn => {
                let login = Route::Login(account.clone());
                Answer::see_other(&login.with_return_to(&links::settings(account))).into()
            }
            AccessDenied::Error(error) => pages::failed(error, account, &hex(&entropy.reference)),
        }
    }
}
