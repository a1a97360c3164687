//! Denials that come of an account as it is stored.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next};

/// Why an account, as it is stored, does not allow something.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum AccountDenial {
    /// Another change has been made to the account since its state was shown.
    #[error("the account was changed in the meantime")]
    AccountChanged,
    /// Another account has the same entity id at the same IdP (row G2).
    #[error("another account has this entity id at this identity provider")]
    EntityIdTaken,
    /// The IdP offers no SSO endpoint that takes our request.
    #[error("the identity provider has no single sign-on endpoint that takes requests")]
    SsoEndpointMissing,
    /// The account is unknown, or has no metadata: strangers cannot tell which.
    #[error("single sign-on is not enabled for this account")]
    SsoNotEnabled,
    /// The account's administrators change it, or have addresses fetched, too often (row G6).
    #[error("this was done too often; it can be done again in {}", minutes(*seconds))]
    TooManyChanges {
        /// The number of seconds after which it can be done again.
        seconds: i64,
    },
}

impl AccountDenial {
    /// The status of a page.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::SsoNotEnabled => 404,
            Self::AccountChanged => 409,
            Self::TooManyChanges { .. } => 429,
            Self::EntityIdTaken | Self::SsoEndpointMissing => 403,
        }
    }

    /// The status of an answer of the admin API, as its description documents it.
    pub(crate) const fn api_status(&self) -> u16 {
        match self {
            // A stored account conflicts. A page has 403: its user cannot resolve the conflict.
            Self::EntityIdTaken => 409,
            // The precondition of the call has failed (RFC 9110 §13.1.1). A form has none.
            Self::AccountChanged => 412,
            // No call is documented to end with these.
            Self::SsoEndpointMissing | Self::SsoNotEnabled | Self::TooManyChanges { .. } => 500,
        }
    }

    /// The number of seconds after which the request may be repeated.
    pub(crate) const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooManyChanges { seconds } => Some(*seconds),
            Self::AccountChanged
            | Self::EntityIdTaken
            | Self::SsoEndpointMissing
            | Self::SsoNotEnabled => None,
        }
    }

    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::AccountChanged => Advice {
                title: "Nothing was changed",
                what: "Somebody else has changed the settings since this page was opened.",
                user: "Open the settings anew, see what is there now, and try once more.",
                next: Next::Settings,
                ..Advice::SEE_LOG
            },
            Self::EntityIdTaken => Advice {
                title: "Single sign-on needs mending",
                what: "Your identity provider cannot tell this account from another one.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Give the account an Identifier of its own, with # and its id at \
                                the end, at the identity provider and as “entity_id” in the \
                                account’s settings."
                    .into(),
                values: Vec::new(),
            },
            Self::SsoEndpointMissing => Advice {
                title: "Please start at your identity provider",
                what: "This account’s sign-in cannot be started from here.",
                user: "Open the application from your identity provider’s own page.",
                next: Next::Nowhere,
                administrator: "The stored metadata lists no SingleSignOnService for the \
                                HTTP-Redirect or HTTP-POST binding."
                    .into(),
                values: Vec::new(),
            },
            Self::SsoNotEnabled => Advice {
                title: "Single sign-on is not enabled",
                what: "There is no single sign-on for this account, or not at present.",
                user: "Check the account’s spelling. If you have a setup link for it, open that \
                       again.",
                next: Next::LoginPage,
                administrator: "Upload the identity provider’s metadata for this account. It \
                                takes a minute to arrive everywhere."
                    .into(),
                values: Vec::new(),
            },
            Self::TooManyChanges { .. } => Advice {
                title: "Please wait a while",
                what: "The settings were changed too often within a short time. Nothing was \
                       changed.",
                user: "Try again later.",
                next: Next::Settings,
                administrator: "Operators can make the change by the admin API, where nothing is \
                                counted."
                    .into(),
                values: Vec::new(),
            },
        }
    }
}

/// The minutes, rounded up: the last minute has begun.
fn minutes(seconds: i64) -> String {
    match seconds.saturating_add(59) / 60 {
        ..=1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
