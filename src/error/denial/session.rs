//! Denials of a session.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next};

/// Why a session cannot be started or changed.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum SessionDenial {
    /// The form changes a session, and no page of this service has posted it (row F4).
    #[error("the form comes from another site")]
    CrossSiteForm,
    /// No session is held in this browser, or its time is up.
    #[error("no sign-in waits to be confirmed")]
    NothingToConfirm,
    /// The session would not fit into a cookie.
    #[error("the user's name, e-mail or role is too long")]
    SessionTooLarge,
}

impl SessionDenial {
    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::CrossSiteForm | Self::NothingToConfirm => Advice {
                title: "Nothing was changed",
                what: "There is no sign-in to be confirmed here, or not any more.",
                user: "Sign in once more if you want to change to another user.",
                next: Next::LoginPage,
                ..Advice::SEE_LOG
            },
            Self::SessionTooLarge => Advice {
                title: "Your name does not fit",
                what: "Your name, e-mail address and role are longer together than we can keep.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Shorten the claims of this user at the identity provider.".into(),
                values: Vec::new(),
            },
        }
    }
}
