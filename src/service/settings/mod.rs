//! `/sso/{account}/settings`: how an account's own people, or whoever holds a setup link, set up
//! single sign-on.
//!
//! Everything works without script. Whoever may change what is here decides who signs in: see
//! [`authorise`] for who may, and [`setup_link`] for links.

mod act;
mod authorise;
mod certificate;
mod edit;
mod form;
mod idp;
mod lockout;
mod mistaken;
mod page;
mod published;
mod resolve;
mod review;
mod save;
mod setup_link;
mod sign_ins;
mod start;
mod test;
mod typed;
mod unfit;
mod values;
mod versions;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service::account::AccountId;
use crate::service::body::Body;
use crate::service::context::{Platform, Service};
pub(crate) use crate::service::settings::authorise::Barred;
pub(crate) use crate::service::settings::idp::StoredIdp;
pub(crate) use crate::service::settings::page::{NEW_CERTIFICATES, SettingsView};
pub(crate) use crate::service::settings::published::Published;
pub(crate) use crate::service::settings::review::Review;
pub use crate::service::settings::setup_link::SetupLink;
pub(crate) use crate::service::settings::sign_ins::SignInLine;
pub(crate) use crate::service::settings::typed::{Kind, Notice, Typed};
pub(crate) use crate::service::settings::versions::VersionLine;
use crate::service::{Answer, Entropy, Reply, Request, login_page};

/// What is below an account's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The settings.
    Settings,
    /// Opens a setup link.
    Start,
    /// Tests the sign-in.
    Test,
}

impl Page {
    /// The methods it takes, as the Allow header lists them.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Settings | Self::Start | Self::Test => "GET, HEAD, POST",
        }
    }
}

/// The settings of `account`.
pub(crate) fn page(account: &AccountId) -> String {
    format!("/sso/{account}/settings")
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
        Page::Settings if request.method == "POST" => {
            form::reply_to_settings_form(cx, account, request, body, &entropy, now).await
        }
        Page::Settings => page::settings_page(cx, account, request, &entropy, now).await,
        Page::Start if request.method == "POST" => {
            start::reply_to_setup_form(cx, account, request, body, &entropy, now).await
        }
        Page::Start => start::setup_page(cx, account, request, &entropy, now),
        Page::Test if request.method == "POST" => {
            test::reply_to_test_form(cx, account, request, body, entropy, now).await
        }
        Page::Test => test::test_page(cx, account, request, &entropy, now).await,
    }
}

impl Reply {
    /// To somebody who may not: the login for whoever is nobody yet, or why not.
    pub(crate) fn barred(barred: &Barred, account: &AccountId, entropy: &Entropy) -> Self {
        match barred {
            Barred::Unknown => {
                Answer::see_other(&login_page::login_of(account, &page(account))).into()
            }
            Barred::Error(error) => Self::settings_failed(error, account, &hex(&entropy.reference)),
        }
    }
}
