//! Denials of the settings.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{Advice, Next};

/// Why the settings are not shown or changed in this browser.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum SettingsDenial {
    /// The form is one that no page has shown to this browser (row H12).
    #[error("the form was not shown to this browser")]
    FormTokenInvalid,
    /// The user's last proof of identity is too old to change what the account trusts (row H12).
    #[error("the sign-in is too old to change settings")]
    ReauthenticationDue,
    /// The signed-in user may not see these settings (row H12).
    #[error("the settings are not for whoever is signed in")]
    SettingsForbidden,
    /// The setup link is unknown, expired or revoked.
    #[error("the setup link is none, is over or was revoked")]
    SetupLinkInvalid,
}

impl SettingsDenial {
    pub(crate) fn advice(&self) -> Advice {
        match self {
            Self::FormTokenInvalid => Advice {
                title: "Nothing was changed",
                what: "This form is not of this browser’s sign-in, or not any more.",
                user: "Open the settings anew and try once more.",
                next: Next::Settings,
                ..Advice::SEE_LOG
            },
            Self::ReauthenticationDue => Advice {
                title: "Please sign in once more",
                what: "You signed in too long ago to change how this account signs in. Nothing \
                       was changed.",
                user: "Prove who you are at your identity provider. To keep what you have typed, \
                       do so in another tab, come back here, and send it again.",
                next: Next::Reauthenticate,
                ..Advice::SEE_LOG
            },
            Self::SettingsForbidden => Advice {
                title: "These settings are not for you",
                what: "They are for administrators of the account, and for whoever holds a setup \
                       link.",
                user: "Sign in as an administrator of the account, or ask for a setup link.",
                next: Next::LoginPage,
                administrator: "The settings are for the roles of ADMIN_ROLES, which operators \
                                set."
                    .into(),
                values: Vec::new(),
            },
            Self::SetupLinkInvalid => Advice {
                title: "This setup link does not work",
                what: "It is not complete, its time is up, or it was revoked.",
                user: "Ask whoever gave it to you for a new one.",
                next: Next::Nowhere,
                administrator: "Operators make setup links by the admin API, for up to 14 days."
                    .into(),
                values: Vec::new(),
            },
        }
    }
}
