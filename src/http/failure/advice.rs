//! What to tell people whose request failed: in their words, and nothing an attacker could use.

use saml_verify::error::{Kind, Refusal};

use crate::error::{Denial, Error, Fault};
use crate::http::failure::administrator::{mend, values};
use crate::http::failure::phrases::{ASK, RETRY, SEE_LOG, SEE_TEST};
/// The words of an error page.
pub(crate) struct Advice {
    /// What happened, as a headline.
    pub(crate) title: &'static str,
    /// What happened, in a sentence.
    pub(crate) what: &'static str,
    /// What the user can do.
    pub(crate) user: &'static str,
    /// Where that is done.
    pub(crate) next: Next,
    /// What an administrator can do.
    pub(crate) administrator: String,
    /// Values that an administrator may set.
    pub(crate) values: Vec<String>,
}

/// The one button of an error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The list of devices, once more.
    Devices,
    /// The account's login, once more.
    Login,
    /// The same, and a link to the page that says who is signed in.
    LoginUnlessSignedIn,
    /// The login page, for another account.
    LoginPage,
    /// The same in another tab: this one keeps what was sent.
    LoginTab,
    /// The account's settings, after proving anew who one is.
    Reauthenticate,
    /// The account's settings.
    Settings,
    /// The page that signs out.
    Logout,
    /// None: the user can do nothing here.
    Nowhere,
}

impl Advice {
    /// Whether a test of the account's sign-in tells more.
    pub(crate) fn is_testable(&self) -> bool {
        self.administrator == SEE_TEST
    }

    /// The advice on `error`. One for all that is not trusted: it says nothing about which check
    /// failed.
    pub(crate) fn on(error: &Error) -> Self {
        match error {
            Error::Denied(denial) => Self::on_denial(denial),
            Error::Fault(Fault::OriginTimeout | Fault::OriginUnreachable(_)) => Self {
                title: "There is no answer right now",
                what: "The application behind this page cannot be reached, or takes too long. You \
                       are still signed in.",
                user: "Try again in a minute.",
                next: Next::Nowhere,
                administrator: SEE_LOG.to_owned(),
                values: Vec::new(),
            },
            Error::Fault(fault) => Self {
                title: "Signing in does not work right now",
                what: "Something on our side failed. You are not signed in.",
                user: "Try again in a minute.",
                next: Next::Login,
                administrator: match fault {
                    // For operators: it names vars and secrets, and holds no value.
                    Fault::ConfigInvalid(error) => format!("{error}."),
                    Fault::SpKeyMissing => "This account’s sign-ins must be requested with a \
                                            signature, and this service has no key to sign with. \
                                            Operators can set SP_KEYS."
                        .to_owned(),
                    Fault::BodyUnreadable(_)
                    | Fault::ClockUnusable
                    | Fault::EntropyUnavailable(_)
                    | Fault::KeyUnusable
                    | Fault::LedgerUnreachable(_)
                    | Fault::OriginTimeout
                    | Fault::OriginUnreachable(_)
                    | Fault::SettingsInvalid(_)
                    | Fault::StoreUnreachable(_) => SEE_LOG.to_owned(),
                },
                values: Vec::new(),
            },
            Error::Metadata(_) => Self {
                title: "Single sign-on needs mending",
                what: "What this account has stored about its identity provider cannot be used. \
                       You are not signed in.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Download the identity provider’s metadata again and upload it. \
                                The service’s log tells under this reference what is wrong with \
                                the stored one."
                    .to_owned(),
                values: Vec::new(),
            },
            // Every signature held before the subject was read.
            Error::Refused(Refusal::NameIdMissing) => Self {
                title: "Your name is missing",
                what: "Your identity provider knows you, but did not send what names you here.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Let the identity provider send the user’s e-mail address as \
                                NameID. In Entra ID, that is “Unique User Identifier” with the \
                                source user.mail; see that the user has a mail address."
                    .to_owned(),
                values: Vec::new(),
            },
            // Row E2.
            Error::Opened(_) => Self::on(&Refusal::DecryptionFailed.into()),
            Error::Refused(refusal) => match refusal.kind() {
                Kind::Malformed | Kind::TooLarge | Kind::Unsupported | Kind::Metadata => Self {
                    title: "We could not read the sign-in",
                    what: "What your identity provider sent cannot be read here. It has not \
                           signed you in.",
                    user: RETRY,
                    next: Next::Login,
                    administrator: SEE_TEST.to_owned(),
                    values: Vec::new(),
                },
                Kind::Untrusted => Self {
                    title: "We could not confirm the sign-in",
                    what: "What your identity provider sent did not pass our checks, was used \
                           before, or answers a sign-in that this browser does not know of. It has \
                           not signed you in. If you went back or opened the page twice, you may \
                           be signed in already.",
                    user: "If you are not signed in, allow this site’s cookies, and sign in once \
                           more in one and the same browser. If it fails again, pass on the \
                           reference below to your administrator.",
                    next: Next::LoginUnlessSignedIn,
                    administrator: SEE_TEST.to_owned(),
                    values: Vec::new(),
                },
            },
        }
    }

    pub(crate) fn on_denial(denial: &Denial) -> Self {
        let (title, what, user, next) = match denial {
            Denial::AccountClaimMissing { .. } | Denial::AccountMismatch { .. } => (
                "This sign-in is for another account",
                "Your identity provider knows you, but does not name this account.",
                ASK,
                Next::Nowhere,
            ),
            Denial::AccountChanged => (
                "Nothing was changed",
                "Somebody else has changed the settings since this page was opened.",
                "Open the settings anew, see what is there now, and try once more.",
                Next::Settings,
            ),
            Denial::AccountNarrowed => (
                "Please sign in once more",
                "The settings of your account were changed while you were signing in.",
                "Wait a minute, then sign in again.",
                Next::LoginPage,
            ),
            Denial::AccountUnknown => (
                "Please start here",
                "What your identity provider sent does not say which account it is for.",
                "Sign in from this site.",
                Next::LoginPage,
            ),
            Denial::AcsMismatch => (
                "Single sign-on needs mending",
                "Your identity provider sent you to an address that is not this account’s.",
                ASK,
                Next::Nowhere,
            ),
            Denial::EntityIdTaken => (
                "Single sign-on needs mending",
                "Your identity provider cannot tell this account from another one.",
                ASK,
                Next::Nowhere,
            ),
            Denial::CrossSiteRequest => (
                "This went no further",
                "Another site’s page has sent this here in your name.",
                "If you meant it, open this site and do it there.",
                Next::Nowhere,
            ),
            Denial::CrossSiteSocket => (
                "This connection is not for that page",
                "Another site’s page has tried to open a connection here in your name.",
                ASK,
                Next::Nowhere,
            ),
            Denial::CrossSiteForm | Denial::NothingToConfirm => (
                "Nothing was changed",
                "There is no sign-in to be confirmed here, or not any more.",
                "Sign in once more if you want to change to another user.",
                Next::LoginPage,
            ),
            Denial::EmailDomainNotListed { .. } => (
                "Your e-mail address is not this account’s",
                "Your identity provider knows you, but your e-mail address is of another domain.",
                ASK,
                Next::Nowhere,
            ),
            Denial::EmailInvalid { .. } => (
                "Your e-mail address is missing",
                "Your identity provider knows you, but sent no e-mail address that we can use.",
                ASK,
                Next::Nowhere,
            ),
            Denial::EmailRepeated { .. } => (
                "You have several e-mail addresses",
                "Your identity provider sent more than one, and which is yours here is not for us to \
                 guess.",
                ASK,
                Next::Nowhere,
            ),
            Denial::IdpInitiatedOff => (
                "Please start here",
                "This account accepts no sign-ins that start at the identity provider.",
                "Sign in from this site.",
                Next::Login,
            ),
            Denial::NotANavigation => (
                "Please start here",
                "A sign-in begins when you open its page, and not from within another one.",
                "Sign in from this site.",
                Next::Login,
            ),
            Denial::NotSignedIn => (
                "Please sign in, then send it again",
                "You are not signed in, or not any more. What you sent went no further: nothing \
                 was saved or changed.",
                "Keep this tab and sign in in a new one. Then reload this one: your browser asks \
                 whether to send the form again.",
                Next::LoginTab,
            ),
            Denial::MetadataUrlForbidden
            | Denial::MetadataUrlRedirected
            | Denial::MetadataUrlUnanswered { .. } => (
                "No metadata comes from this address",
                "The identity provider’s metadata could not be fetched. Nothing was changed.",
                "Check the address, or download the metadata and paste it in.",
                Next::Settings,
            ),
            Denial::PathAmbiguous => (
                "This address cannot be used",
                "It can be read in more than one way.",
                "Check the address, or start from the product’s first page.",
                Next::Nowhere,
            ),
            Denial::RoleInsufficient { .. } => (
                "Your role does not open this page",
                "You are signed in, and this page is for people with another role.",
                ASK,
                Next::Nowhere,
            ),
            Denial::GroupsOmitted { .. }
            | Denial::RoleMissing { .. }
            | Denial::RoleNotAllowed { .. }
            | Denial::RoleNotListed { .. }
            | Denial::RoleRepeated { .. } => (
                "You have no role here yet",
                "Your identity provider knows you, but does not say what you may do here.",
                "Ask your administrator, and pass on the reference below. Once you have a role there, \
                 sign in again.",
                Next::Login,
            ),
            Denial::SessionTooLarge => (
                "Your name does not fit",
                "Your name, e-mail address and role are longer together than we can keep.",
                ASK,
                Next::Nowhere,
            ),
            Denial::FormTokenInvalid => (
                "Nothing was changed",
                "This form is not of this browser’s sign-in, or not any more.",
                "Open the settings anew and try once more.",
                Next::Settings,
            ),
            Denial::ReauthenticationDue => (
                "Please sign in once more",
                "You signed in too long ago to change how this account signs in. Nothing was changed.",
                "Prove who you are at your identity provider. To keep what you have typed, do so in \
                 another tab, come back here, and send it again.",
                Next::Reauthenticate,
            ),
            Denial::SettingsForbidden => (
                "These settings are not for you",
                "They are for administrators of the account, and for whoever holds a setup link.",
                "Sign in as an administrator of the account, or ask for a setup link.",
                Next::LoginPage,
            ),
            Denial::SetupLinkInvalid => (
                "This setup link does not work",
                "It is not complete, its time is up, or it was revoked.",
                "Ask whoever gave it to you for a new one.",
                Next::Nowhere,
            ),
            Denial::SsoEndpointMissing => (
                "Please start at your identity provider",
                "This account’s sign-in cannot be started from here.",
                "Open the application from your identity provider’s own page.",
                Next::Nowhere,
            ),
            Denial::SsoNotEnabled => (
                "Single sign-on is not enabled",
                "There is no single sign-on for this account, or not at present.",
                "Check the account’s spelling. If you have a setup link for it, open that again.",
                Next::LoginPage,
            ),
            Denial::TooManyChanges { .. } => (
                "Please wait a while",
                "The settings were changed too often within a short time. Nothing was changed.",
                "Try again later.",
                Next::Settings,
            ),
            Denial::TooManyLogins => (
                "Please wait a minute",
                "Too many sign-ins have begun from your network at once.",
                "Try again in a minute.",
                Next::LoginPage,
            ),
            Denial::TooManyRequests => (
                "Please wait a minute",
                "Too many requests came from your network at once.",
                "Try again in a minute.",
                Next::Nowhere,
            ),
            Denial::TooManyUnsolicited => (
                "Please sign in from here",
                "So many sign-ins that began elsewhere have come for this account that we take none \
                 of them for a minute.",
                "Start on this site’s own sign-in page, which goes on.",
                Next::Login,
            ),
            Denial::UpgradeLoop => (
                "The sign-in went in circles",
                "Your identity provider has sent you here again and again without an answer to our \
                 question, so we stopped. That has not signed you in.",
                RETRY,
                Next::Login,
            ),
        };
        Self { title, what, user, next, administrator: mend(denial), values: values(denial) }
    }
}
