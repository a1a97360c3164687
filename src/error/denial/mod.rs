//! The rules of this service and of its accounts, one file for each area. A denial's code, status
//! and words stand beside its variant.

pub(crate) mod account;
pub(crate) mod claim;
pub(crate) mod fetch;
pub(crate) mod gate;
pub(crate) mod rate;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod sign_in;

use strum::VariantNames;
use thiserror::Error;

pub use crate::error::denial::account::AccountDenial;
pub use crate::error::denial::claim::ClaimDenial;
pub use crate::error::denial::fetch::FetchDenial;
pub use crate::error::denial::gate::GateDenial;
pub use crate::error::denial::rate::RateDenial;
pub use crate::error::denial::session::SessionDenial;
pub use crate::error::denial::settings::SettingsDenial;
pub use crate::error::denial::sign_in::SignInDenial;

use crate::error::advice::Advice;

/// A rule of this service or of the account that a request breaks. What a denial carries is
/// configuration, never text from the message, and may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[error(transparent)]
pub enum Denial {
    /// The account, as it is stored, does not allow it.
    Account(#[from] AccountDenial),
    /// The claims of the user do not fit the account.
    Claim(#[from] ClaimDenial),
    /// The address of metadata cannot be used.
    Fetch(#[from] FetchDenial),
    /// The gate lets the request not pass.
    Gate(#[from] GateDenial),
    /// One client, or one account, has too many requests.
    Rate(#[from] RateDenial),
    /// The session cannot be started or changed.
    Session(#[from] SessionDenial),
    /// The settings are not for this browser.
    Settings(#[from] SettingsDenial),
    /// The sign-in does not fit the account or the browser.
    SignIn(#[from] SignInDenial),
}

impl Denial {
    /// The codes of all denials.
    pub(crate) const CODES: [&[&str]; 8] = [
        AccountDenial::VARIANTS,
        ClaimDenial::VARIANTS,
        FetchDenial::VARIANTS,
        GateDenial::VARIANTS,
        RateDenial::VARIANTS,
        SessionDenial::VARIANTS,
        SettingsDenial::VARIANTS,
        SignInDenial::VARIANTS,
    ];

    /// The stable snake_case name of the rule.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Account(denial) => denial.into(),
            Self::Claim(denial) => denial.into(),
            Self::Fetch(denial) => denial.into(),
            Self::Gate(denial) => denial.into(),
            Self::Rate(denial) => denial.into(),
            Self::Session(denial) => denial.into(),
            Self::Settings(denial) => denial.into(),
            Self::SignIn(denial) => denial.into(),
        }
    }

    /// The status of a page. Every trust failure has one status, so that none can be told from
    /// another.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::Account(denial) => denial.status(),
            Self::Gate(denial) => denial.status(),
            Self::Rate(_) => 429,
            Self::Claim(_)
            | Self::Fetch(_)
            | Self::Session(_)
            | Self::Settings(_)
            | Self::SignIn(_) => 403,
        }
    }

    /// The status of an answer of the admin API.
    pub(crate) const fn api_status(&self) -> u16 {
        match self {
            Self::Account(denial) => denial.api_status(),
            Self::Fetch(_) => 422,
            // No call is documented to end with these.
            Self::Claim(_)
            | Self::Gate(_)
            | Self::Rate(_)
            | Self::Session(_)
            | Self::Settings(_)
            | Self::SignIn(_) => 500,
        }
    }

    /// The words of the error page.
    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::Account(denial) => denial.advice(),
            Self::Claim(denial) => denial.advice(),
            Self::Fetch(denial) => denial.advice(),
            Self::Gate(denial) => denial.advice(),
            Self::Rate(denial) => denial.advice(),
            Self::Session(denial) => denial.advice(),
            Self::Settings(denial) => denial.advice(),
            Self::SignIn(denial) => denial.advice(),
        }
    }

    /// `Display`, and what is for the operator's log beyond it.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Fetch(FetchDenial::MetadataUrlUnanswered { status: Some(status) }) => {
                format!("{self}: status {status}")
            }
            denial => denial.to_string(),
        }
    }

    /// The number of seconds after which the request may be repeated.
    pub(crate) const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Account(denial) => denial.retry_after(),
            Self::Rate(_) => Some(60),
            Self::Claim(_)
            | Self::Fetch(_)
            | Self::Gate(_)
            | Self::Session(_)
            | Self::Settings(_)
            | Self::SignIn(_) => None,
        }
    }
}
