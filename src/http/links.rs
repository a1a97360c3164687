//! The paths that pages link and post to, as templates name them. Each is a path of [`Route`].

use crate::http::routes::{Route, SettingsRoute};
use crate::model::account_id::AccountId;

/// Confirms a change of the user.
pub(crate) fn confirm() -> String {
    Route::Confirm.path()
}

/// The devices of the user.
pub(crate) fn devices() -> String {
    Route::Devices.path()
}

/// The login of `account`.
pub(crate) fn login(account: &AccountId) -> String {
    Route::Login(account.clone()).path()
}

/// The login page of all accounts.
pub(crate) fn login_page() -> String {
    Route::LoginPage.path()
}

/// Ends the session.
pub(crate) fn logout() -> String {
    Route::Logout.path()
}

/// The login of `account` with a new proof of identity, which returns to the settings.
pub(crate) fn reauthenticate(account: &AccountId) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("prompt", "login").append_pair("return_to", &settings(account));
    format!("{}?{}", login(account), query.finish())
}

/// The settings of `account`.
pub(crate) fn settings(account: &AccountId) -> String {
    Route::Settings(account.clone(), SettingsRoute::Settings).path()
}

/// The settings of `account` after a change, which the page reports by its key.
pub(crate) fn settings_after(account: &AccountId, outcome_key: &str) -> String {
    format!("{}?done={outcome_key}", settings(account))
}

/// The page that opens a setup link to `account`.
pub(crate) fn setup(account: &AccountId) -> String {
    Route::Settings(account.clone(), SettingsRoute::Start).path()
}

/// Our metadata for the IdP of `account`.
pub(crate) fn sp_metadata(account: &AccountId) -> String {
    Route::Metadata(account.clone()).path()
}

/// The start page.
pub(crate) fn start() -> String {
    Route::StartPage.path()
}

/// The test of the sign-in to `account`.
pub(crate) fn test(account: &AccountId) -> String {
    Route::Settings(account.clone(), SettingsRoute::Test).path()
}
