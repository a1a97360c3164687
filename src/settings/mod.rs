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

use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::routes::SettingsRoute;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::settings::call::SettingsCall;

pub(crate) async fn reply_to_settings(
    cx: &Service<'_, impl Platform>,
    call: SettingsCall<'_>,
    page: SettingsRoute,
    body: impl Body,
) -> Reply {
    let is_form = call.request.method == Method::Post;
    match page {
        SettingsRoute::Settings if is_form => form::reply_to_settings_form(cx, &call, body).await,
        SettingsRoute::Settings => page::settings_page(cx, &call).await,
        SettingsRoute::Start if is_form => start::reply_to_setup_form(cx, &call, body).await,
        SettingsRoute::Start => start::setup_page(cx, &call),
        SettingsRoute::Test if is_form => test_sign_in::reply_to_test_form(cx, call, body).await,
        SettingsRoute::Test => test_sign_in::test_page(cx, &call).await,
    }
}
