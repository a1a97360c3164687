//! Failures of the service itself.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{Advice, Next};
use crate::error::config::ConfigError;
use crate::error::settings::InvalidSettings;

/// Something of ours failed. `Display` is for the operator's log: it may hold a platform's error
/// text, never a secret and never anything of the message.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum Fault {
    /// The request's body broke off.
    #[error("the body cannot be read: {0}")]
    BodyUnreadable(String),
    /// The clock shows a year that SAML cannot write.
    #[error("the clock is wrong")]
    ClockUnusable,
    /// Vars or secrets are missing or malformed.
    #[error(transparent)]
    ConfigInvalid(#[from] ConfigError),
    /// No random octets.
    #[error("no entropy: {0}")]
    EntropyUnavailable(String),
    /// The account's ledger gave no answer.
    #[error("the ledger cannot be reached: {0}")]
    LedgerUnreachable(String),
    /// A pending request could not be sealed, or a token not be signed.
    #[error("a key does not work")]
    KeyUnusable,
    /// The origin's headers did not arrive in time.
    #[error("the origin took too long")]
    OriginTimeout,
    /// The origin gave no answer.
    #[error("the origin cannot be reached: {0}")]
    OriginUnreachable(String),
    /// `account:{account}` in the store is not what [`crate::model::settings::AccountSettings`]
    /// takes.
    #[error("the account's settings cannot be used: {0}")]
    SettingsInvalid(InvalidSettings),
    /// A request must be signed, and there is no key to sign with.
    #[error("the request must be signed, but SP_KEYS is not set")]
    SpKeyMissing,
    /// The store of metadata and settings gave no answer.
    #[error("the store cannot be reached: {0}")]
    StoreUnreachable(String),
}

impl Fault {
    /// The stable snake_case name of what failed.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// The status of a page.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::BodyUnreadable(_) => 400,
            Self::ClockUnusable
            | Self::ConfigInvalid(_)
            | Self::EntropyUnavailable(_)
            | Self::KeyUnusable
            | Self::SettingsInvalid(_)
            | Self::SpKeyMissing => 500,
            Self::OriginUnreachable(_) => 502,
            Self::LedgerUnreachable(_) | Self::StoreUnreachable(_) => 503,
            Self::OriginTimeout => 504,
        }
    }

    /// The status of an answer of the admin API, which calls no origin.
    pub(crate) const fn api_status(&self) -> u16 {
        match self {
            Self::BodyUnreadable(_)
            | Self::ClockUnusable
            | Self::ConfigInvalid(_)
            | Self::EntropyUnavailable(_)
            | Self::KeyUnusable
            | Self::OriginTimeout
            | Self::OriginUnreachable(_)
            | Self::SettingsInvalid(_)
            | Self::SpKeyMissing => 500,
            Self::LedgerUnreachable(_) | Self::StoreUnreachable(_) => 503,
        }
    }

    pub(crate) fn advice(&self) -> Advice {
        let sign_in = Advice {
            title: "Signing in does not work right now",
            what: "Something on our side failed. You are not signed in.",
            user: "Try again in a minute.",
            next: Next::Login,
            ..Advice::SEE_LOG
        };
        match self {
            Self::OriginTimeout | Self::OriginUnreachable(_) => Advice {
                title: "There is no answer right now",
                what: "The application behind this page cannot be reached, or takes too long. You \
                       are still signed in.",
                user: "Try again in a minute.",
                next: Next::Nowhere,
                ..Advice::SEE_LOG
            },
            // For operators: it names vars and secrets, and holds no value.
            Self::ConfigInvalid(error) => {
                Advice { administrator: format!("{error}.").into(), ..sign_in }
            }
            Self::SpKeyMissing => Advice {
                administrator: "This account’s sign-ins must be requested with a signature, and \
                                this service has no key to sign with. Operators can set SP_KEYS."
                    .into(),
                ..sign_in
            },
            _ => sign_in,
        }
    }
}
