//! `/sso/{account}/settings`: where an account's administrators, or holders of a setup link, set up
//! single sign-on.
//!
//! The settings decide who can sign in, so [`access`] to them is limited. No page needs a script.

pub(crate) mod access;
pub(crate) mod action;
pub(crate) mod call;
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

use crate::http::links;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::routes::Page;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::call::SettingsCall;

/// The path of the settings after something was done, which the page then says
/// ([`typed::Notice::of_outcome_key`]).
pub(crate) fn page_after(account: &AccountId, outcome_key: &str) -> String {
    format!("{}?done={outcome_key}", links::settings(account))
}

pub(crate) async fn reply_to_settings(
    cx: &Service<'_, impl Platform>,
    call: SettingsCall<'_>,
    page: Page,
    body: impl Body,
) -> Reply {
    let is_form = call.request.method == Method::Post;
    match page {
        Page::Settings if is_form => form::reply_to_settings_form(cx, &call, body).await,
        Page::Settings => page::settings_page(cx, &call).await,
        Page::Start if is_form => start::reply_to_setup_form(cx, &call, body).await,
        Page::Start => start::setup_page(cx, &call),
        Page::Test if is_form => test_sign_in::reply_to_test_form(cx, call, body).await,
        Page::Test => test_sign_in::test_page(cx, &call).await,
    }
}
