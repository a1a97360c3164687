//! Denials of a sign-in that does not fit the account or the browser.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next, RETRY};

/// Why a sign-in does not fit the account or the browser.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum SignInDenial {
    /// The login was judged by rules that have been narrowed since (row G7).
    #[error("the rules of the account were narrowed while the login was under way")]
    AccountNarrowed,
    /// The response names no account, or one that cannot exist.
    #[error("the response names no account")]
    AccountUnknown,
    /// The account's IdP must post to another Reply URL: its own, or that of all accounts.
    #[error("the response was posted to a Reply URL that is not the account's")]
    AcsMismatch,
    /// The response is unsolicited, and the account accepts none.
    #[error("the account does not accept logins that start at the identity provider")]
    IdpInitiatedOff,
    /// A request that is no navigation would begin a login.
    #[error("a login begins only where a page is opened")]
    NotANavigation,
    /// The IdP answers our requests with one unsolicited response after the other.
    #[error("the identity provider answers without naming the request")]
    UpgradeLoop,
}

impl SignInDenial {
    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::AccountNarrowed => Advice {
                title: "Please sign in once more",
                what: "The settings of your account were changed while you were signing in.",
                user: "Wait a minute, then sign in again.",
                next: Next::LoginPage,
                ..Advice::SEE_LOG
            },
            Self::AccountUnknown => Advice {
                title: "Please start here",
                what: "What your identity provider sent does not say which account it is for.",
                user: "Sign in from this site.",
                next: Next::LoginPage,
                administrator: "Let the identity provider send the account’s id in the claim that \
                                names it, or append # and the id to Identifier and Reply URL."
                    .into(),
                values: Vec::new(),
            },
            Self::AcsMismatch => Advice {
                title: "Single sign-on needs mending",
                what: "Your identity provider sent you to an address that is not this account’s.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Enter the account’s own Reply URL at the identity provider. \
                                Operators can set “acs” in the account’s settings."
                    .into(),
                values: Vec::new(),
            },
            Self::IdpInitiatedOff => Advice {
                title: "Please start here",
                what: "This account accepts no sign-ins that start at the identity provider.",
                user: "Sign in from this site.",
                next: Next::Login,
                administrator: "Administrators of the account can choose otherwise on its \
                                settings page, as far as operators allow it (“idp_initiated”)."
                    .into(),
                values: Vec::new(),
            },
            Self::NotANavigation => Advice {
                title: "Please start here",
                what: "A sign-in begins when you open its page, and not from within another one.",
                user: "Sign in from this site.",
                next: Next::Login,
                administrator: "Let a link or a redirect lead the browser to the address of the \
                                login. No image, frame of a script, or fetch begins one."
                    .into(),
                values: Vec::new(),
            },
            Self::UpgradeLoop => Advice {
                title: "The sign-in went in circles",
                what: "Your identity provider has sent you here again and again without an answer \
                       to our question, so we stopped. That has not signed you in.",
                user: RETRY,
                next: Next::Login,
                administrator: "The identity provider answers our request without its \
                                InResponseTo. Operators can set “idp_initiated” to “on”."
                    .into(),
                values: Vec::new(),
            },
        }
    }
}
