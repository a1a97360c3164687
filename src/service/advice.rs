//! What to tell people whose login failed: in their words, and nothing an attacker could use.

use saml_verify::error::{Kind, Refusal};

use crate::service::error::{Denial, Error, Fault};

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

const ASK: &str = "Ask your administrator, and pass on the reference below.";
const RETRY: &str =
    "Sign in once more. If it fails again, pass on the reference below to your administrator.";
const SEE_LOG: &str = "The service’s log tells under this reference what went wrong.";

const SEE_TEST: &str = "The service’s log tells under this reference what went wrong. So does a test of the sign-in, on \
     the settings page of the account. An administrator who cannot sign in needs a setup link from \
     this product’s operators for that.";

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

    /// The advice where signing out failed.
    pub(crate) fn on_logout(error: &Error) -> Self {
        let (what, user) = match error {
            Error::Fault(_) | Error::Metadata(_) => (
                "Something on our side failed. This browser may be signed out while your session \
                 lasts for some minutes more.",
                "Try again in a minute. On a device that is not yours, close the browser as well.",
            ),
            Error::Denied(_) | Error::Opened(_) | Error::Refused(_) => (
                "What your identity provider sent to sign you out cannot be read here, did not pass \
                 our checks, or was used before. You may still be signed in.",
                "Sign out on this site’s own page.",
            ),
        };
        let (title, next) = ("We could not sign you out", Next::Logout);
        Self { title, what, user, next, administrator: SEE_LOG.to_owned(), values: Vec::new() }
    }

    /// The advice where it is not known who is signed in where.
    pub(crate) fn on_devices() -> Self {
        Self {
            title: "Your devices cannot be shown right now",
            what: "Something on our side failed. If you have just signed a device out, it may still \
                   be signed in.",
            user: "Try again in a minute.",
            next: Next::Devices,
            administrator: SEE_LOG.to_owned(),
            values: Vec::new(),
        }
    }

    /// The advice where the settings could not be shown or changed.
    pub(crate) fn on_settings(error: &Error) -> Self {
        match error {
            Error::Fault(_) | Error::Metadata(_) => Self {
                title: "The settings cannot be reached right now",
                what: "Something on our side failed. Nothing was changed.",
                user: "Try again in a minute.",
                next: Next::Settings,
                administrator: SEE_LOG.to_owned(),
                values: Vec::new(),
            },
            Error::Denied(Denial::CrossSiteForm) => Self::on_denial(&Denial::FormTokenInvalid),
            Error::Denied(denial) => Self::on_denial(denial),
            Error::Refused(Refusal::MessageTooLarge) => Self {
                title: "This is too large",
                what: "What your browser sent has more than two megabytes. Nothing was changed.",
                user: "Metadata of a single identity provider is far smaller: download it anew.",
                next: Next::Settings,
                administrator: SEE_LOG.to_owned(),
                values: Vec::new(),
            },
            Error::Refused(Refusal::NotUtf8) => Self {
                title: "This file is not UTF-8",
                what: "The file cannot be read as text in UTF-8 or UTF-16. Nothing was changed.",
                user: "Save it as UTF-8 in a text editor, or paste its text.",
                next: Next::Settings,
                administrator: SEE_LOG.to_owned(),
                values: Vec::new(),
            },
            Error::Opened(_) | Error::Refused(_) => Self {
                title: "We could not read the form",
                what: "What your browser sent cannot be read here. Nothing was changed.",
                user: "Open the settings anew and try once more.",
                next: Next::Settings,
                administrator: SEE_LOG.to_owned(),
                values: Vec::new(),
            },
        }
    }

    fn on_denial(denial: &Denial) -> Self {
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

/// The roles to choose from, where one is missing or wrong.
fn values(denial: &Denial) -> Vec<String> {
    let (Denial::RoleInsufficient { roles }
    | Denial::RoleMissing { roles, .. }
    | Denial::RoleNotAllowed { roles, .. }
    | Denial::RoleNotListed { roles, .. }) = denial
    else {
        return Vec::new();
    };
    roles.clone()
}

/// What an administrator has to set, by the names they see.
fn mend(denial: &Denial) -> String {
    match denial {
        Denial::AccountClaimMissing { claim } | Denial::AccountMismatch { claim } => format!(
            "Let the identity provider send the claim “{claim}” with exactly this account’s id as \
             its only value."
        ),
        Denial::AccountUnknown => "Let the identity provider send the account’s id in the claim \
                                   that names it, or append # and the id to Identifier and Reply \
                                   URL."
            .to_owned(),
        Denial::AcsMismatch => "Enter the account’s own Reply URL at the identity provider. \
                                Operators can set “acs” in the account’s settings."
            .to_owned(),
        Denial::EmailDomainNotListed { source_of_email } => format!(
            "The domain of the address in “{source_of_email}” is not among “domains” in the \
             account’s settings: those that operators allow, and those that its administrators have \
             chosen of them."
        ),
        Denial::EmailInvalid { source_of_email } => format!(
            "Let the identity provider send the user’s e-mail address as “{source_of_email}”. In \
             Entra ID, the source is user.mail; see that the user has a mail address."
        ),
        Denial::EmailRepeated { claim } => format!(
            "Let the identity provider send a single e-mail address as “{claim}”. The same one twice \
             counts as one."
        ),
        Denial::GroupsOmitted { claim } => format!(
            "Entra ID sends no groups for a user who has more than 150. Let it send only groups \
             assigned to the application as “{claim}”, or an app role."
        ),
        Denial::RoleMissing { roles, .. }
        | Denial::RoleNotAllowed { roles, .. }
        | Denial::RoleNotListed { roles, .. }
            if roles.is_empty() =>
        {
            "This account may grant no role: “roles” in its settings names none of the product’s. \
             Operators can mend that."
                .to_owned()
        }
        Denial::RoleNotAllowed { claim, .. } => format!(
            "The role in “{claim}” is not among those that this account may grant, which are listed \
             below. Operators can set “roles” in the account’s settings."
        ),
        Denial::NotANavigation => {
            "Let a link or a redirect lead the browser to the address of the \
                                   login. No image, frame of a script, or fetch begins one."
                .to_owned()
        }
        Denial::NotSignedIn => {
            "Where it is another site that posts to this address, operators can \
                                list it in PUBLIC_PATHS: browsers send no session with such a post."
                .to_owned()
        }
        Denial::MetadataUrlForbidden
        | Denial::MetadataUrlRedirected
        | Denial::MetadataUrlUnanswered { .. } => format!("{denial}."),
        Denial::PathAmbiguous => {
            "Where PATH_ROLES or PUBLIC_PATHS decide, a path takes no encoded \
                                  slashes, backslashes or percent signs, no empty segments, no \
                                  semicolons, and no dots or spaces at a segment’s end."
                .to_owned()
        }
        Denial::RoleInsufficient { .. } => "Whoever is to open this page needs one of the roles \
                                            below. Operators set them in PATH_ROLES."
            .to_owned(),
        Denial::RoleMissing { claim, .. } | Denial::RoleNotListed { claim, .. } => format!(
            "Let the identity provider send the claim “{claim}” with exactly one of these values:"
        ),
        Denial::RoleRepeated { claim } => format!(
            "Let the identity provider send the claim “{claim}” with one role, not several."
        ),
        Denial::EntityIdTaken => "Give the account an Identifier of its own, with # and its id \
                                  at the end, at the identity provider and as “entity_id” in the \
                                  account’s settings."
            .to_owned(),
        Denial::SettingsForbidden => {
            "The settings are for the roles of ADMIN_ROLES, which operators \
                                      set."
                .to_owned()
        }
        Denial::SetupLinkInvalid => {
            "Operators make setup links by the admin API, for up to 14 days.".to_owned()
        }
        Denial::AccountChanged
        | Denial::AccountNarrowed
        | Denial::CrossSiteForm
        | Denial::CrossSiteRequest
        | Denial::CrossSiteSocket
        | Denial::FormTokenInvalid
        | Denial::NothingToConfirm
        | Denial::ReauthenticationDue => SEE_LOG.to_owned(),
        Denial::IdpInitiatedOff => {
            "Administrators of the account can choose otherwise on its settings page, as far as \
             operators allow it (“idp_initiated”)."
                .to_owned()
        }
        Denial::SessionTooLarge => {
            "Shorten the claims of this user at the identity provider.".to_owned()
        }
        Denial::SsoEndpointMissing => "The stored metadata lists no SingleSignOnService for the \
                                       HTTP-Redirect or HTTP-POST binding."
            .to_owned(),
        Denial::SsoNotEnabled => "Upload the identity provider’s metadata for this account. It \
                                  takes a minute to arrive everywhere."
            .to_owned(),
        Denial::TooManyChanges { .. } => {
            "Operators can make the change by the admin API, where nothing is counted.".to_owned()
        }
        Denial::TooManyLogins => "Operators can raise the limit that wrangler.toml sets for \
                                  LOGIN_LIMIT, if many people share one address."
            .to_owned(),
        Denial::TooManyRequests => "Operators can raise the limits that wrangler.toml sets for \
                                    MESSAGE_LIMIT and SETTINGS_LIMIT, if many people share one address."
            .to_owned(),
        Denial::TooManyUnsolicited => "Operators can raise the limit that wrangler.toml sets for \
                                       ACCOUNT_LIMIT, if so many people start at the identity provider."
            .to_owned(),
        Denial::UpgradeLoop => "The identity provider answers our request without its \
                                       InResponseTo. Operators can set “idp_initiated” to “on”."
            .to_owned(),
    }
}
