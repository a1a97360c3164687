//! Denials of too many requests (rows H14, H15).

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{Advice, Next};

/// Which limit is reached.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum RateDenial {
    /// One client begins more logins than people do.
    #[error("too many logins were begun from this address")]
    TooManyLogins,
    /// One client sends more requests than people do.
    #[error("too many requests came from this address")]
    TooManyRequests,
    /// One account gets too many responses that answer no request of ours, from unknown senders.
    #[error("too many responses came for the account that answer no request")]
    TooManyUnsolicited,
}

impl RateDenial {
    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::TooManyLogins => Advice {
                title: "Please wait a minute",
                what: "Too many sign-ins have begun from your network at once.",
                user: "Try again in a minute.",
                next: Next::LoginPage,
                administrator: "Operators can raise the limit that wrangler.toml sets for \
                                LOGIN_LIMIT, if many people share one address."
                    .into(),
                values: Vec::new(),
            },
            Self::TooManyRequests => Advice {
                title: "Please wait a minute",
                what: "Too many requests came from your network at once.",
                user: "Try again in a minute.",
                next: Next::Nowhere,
                administrator: "Operators can raise the limits that wrangler.toml sets for \
                                MESSAGE_LIMIT and SETTINGS_LIMIT, if many people share one \
                                address."
                    .into(),
                values: Vec::new(),
            },
            Self::TooManyUnsolicited => Advice {
                title: "Please sign in from here",
                what: "So many sign-ins that began elsewhere have come for this account that we \
                       take none of them for a minute.",
                user: "Start on this site’s own sign-in page, which goes on.",
                next: Next::Login,
                administrator: "Operators can raise the limit that wrangler.toml sets for \
                                ACCOUNT_LIMIT, if so many people start at the identity provider."
                    .into(),
                values: Vec::new(),
            },
        }
    }
}
