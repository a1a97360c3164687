//! Why a request ends without what it asked for.

pub(crate) mod config;
pub(crate) mod settings;
use saml_verify::error::Refusal;
use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::config::ConfigError;
use crate::error::settings::InvalidSettings;

/// The ways to fail. All of them close: nobody is signed in.
#[derive(Debug, Error)]
pub enum Error {
    /// The message is sound, and this service or the account still says no.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// Something of ours failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The metadata stored for the account cannot be used.
    #[error("the stored metadata: {0}")]
    Metadata(#[source] Refusal),
    /// Something in the message is encrypted, and was refused before it named the account. Everybody
    /// is told the same, code included; why is for the operator's log alone (row E2).
    #[error(transparent)]
    Opened(Untold),
    /// The message is at fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Why a message was refused of which something was decrypted. Its `Display` is the one sentence
/// for all of them.
#[derive(Debug, Error)]
#[error("{}", Refusal::DecryptionFailed)]
pub struct Untold(Box<Error>);

impl Error {
    /// `reason`, which is for the log alone. A failure of ours says nothing of the message.
    pub(crate) fn opened(reason: Self) -> Self {
        match reason {
            Self::Denied(_) | Self::Metadata(_) | Self::Refused(_) => Self::untold(reason),
            Self::Fault(_) | Self::Opened(_) => reason,
        }
    }

    /// The same where even a failure of ours would tell that something was decrypted.
    pub(crate) fn untold(reason: Self) -> Self {
        Self::Opened(Untold(Box::new(reason)))
    }

    /// What the operator's log says. No answer and nothing that an account's people see may be
    /// made of it.
    pub(crate) fn for_log(&self) -> &Self {
        match self {
            Self::Opened(Untold(reason)) => reason,
            Self::Denied(_) | Self::Fault(_) | Self::Metadata(_) | Self::Refused(_) => self,
        }
    }

    /// The stable snake_case name of the rule, for answers and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Opened(_) => Refusal::DecryptionFailed.code(),
            Self::Denied(denial) => denial.code(),
            Self::Fault(fault) => fault.code(),
            Self::Metadata(refusal) | Self::Refused(refusal) => refusal.code(),
        }
    }
}

/// A rule of this service or of the account that a login breaks. What it carries is configuration,
/// never text from the message, and may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum Denial {
    /// No value for the claim that names the account.
    #[error("the claim {claim} is missing")]
    AccountClaimMissing {
        /// The claim's Name.
        claim: String,
    },
    /// The IdP vouches for a user of another account (row G1).
    #[error("the claim {claim} names another account")]
    AccountMismatch {
        /// The claim's Name.
        claim: String,
    },
    /// Somebody else has changed the account since its state was shown.
    #[error("the account was changed in the meantime")]
    AccountChanged,
    /// The login was judged by rules that have been narrowed since (row G7).
    #[error("the rules of the account were narrowed while the login was under way")]
    AccountNarrowed,
    /// The account that the response claims to be for, if any, is none.
    #[error("the response names no account")]
    AccountUnknown,
    /// The account's IdP must post to another Reply URL: its own, or that of all accounts.
    #[error("the response was posted to a Reply URL that is not the account's")]
    AcsMismatch,
    /// A form that changes a session, and that a page of ours did not post (row F4).
    #[error("the form comes from another site")]
    CrossSiteForm,
    /// Something that may change what is behind the gate, sent by a page of another host with a user's
    /// session (row H4).
    #[error("the request is sent by another site")]
    CrossSiteRequest,
    /// A WebSocket that a page of another host opens with a user's session (row H4).
    #[error("the WebSocket is opened by another site")]
    CrossSiteSocket,
    /// The e-mail address is of a domain that is not the account's (row G3).
    #[error("the {source_of_email} is of a domain that the account does not list")]
    EmailDomainNotListed {
        /// `NameID` or the claim's Name.
        source_of_email: String,
    },
    /// Not one plain e-mail address (row B9).
    #[error("the {source_of_email} is not an e-mail address")]
    EmailInvalid {
        /// `NameID` or the claim's Name.
        source_of_email: String,
    },
    /// Several e-mail addresses, of which none may be picked for the user.
    #[error("the claim {claim} holds more than one e-mail address")]
    EmailRepeated {
        /// The claim's Name.
        claim: String,
    },
    /// Another account has the same entity id at the same IdP (row G2).
    #[error("another account has this entity id at this identity provider")]
    EntityIdTaken,
    /// A form of the settings that no page has shown to this browser (row H12).
    #[error("the form was not shown to this browser")]
    FormTokenInvalid,
    /// The user has more groups than Entra sends, so it sent none.
    #[error("the claim {claim} is missing: the user has too many groups")]
    GroupsOmitted {
        /// The claim's Name.
        claim: String,
    },
    /// An unsolicited response to an account that takes none.
    #[error("the account does not accept logins that start at the identity provider")]
    IdpInitiatedOff,
    /// An address for metadata that is not that of a public web server (row H10).
    #[error("the address must be https, of a public host, and without user or port")]
    MetadataUrlForbidden,
    /// The address leads on to another host, or on and on (row H10).
    #[error("the address leads to another host, or through more than three redirects")]
    MetadataUrlRedirected,
    /// No metadata comes from the address.
    #[error("the address gives no document")]
    MetadataUrlUnanswered {
        /// What the server says instead, if it says anything. It is for the operator's log: whoever names
        /// the address must not learn from here what a server says that they cannot ask themselves.
        status: Option<u16>,
    },
    /// Something else than a navigation would begin a login.
    #[error("a login begins only where a page is opened")]
    NotANavigation,
    /// Somebody sends a form and is not signed in, or not any more.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// No session is held in this browser, or not any more.
    #[error("no sign-in waits to be confirmed")]
    NothingToConfirm,
    /// An address that the origin could read in another way than the gate does (row H4).
    #[error("the path has more than one reading")]
    PathAmbiguous,
    /// A path that takes another role.
    #[error("the path takes another role")]
    RoleInsufficient {
        /// The roles of which it takes one.
        roles: Vec<String>,
    },
    /// Somebody has not proved lately who they are, and wants to change whom the account trusts (row
    /// H12).
    #[error("the sign-in is too old to change settings")]
    ReauthenticationDue,
    /// No value for the role.
    #[error("the claim {claim} is missing")]
    RoleMissing {
        /// The claim's Name.
        claim: String,
        /// The accepted roles.
        roles: Vec<String>,
    },
    /// A role that the account may not grant (row G4).
    #[error("the claim {claim} holds a role that the account may not grant")]
    RoleNotAllowed {
        /// The claim's Name.
        claim: String,
        /// The roles that it may.
        roles: Vec<String>,
    },
    /// No role of the closed list (row G4).
    #[error("the claim {claim} holds none of the accepted roles")]
    RoleNotListed {
        /// The claim's Name.
        claim: String,
        /// The accepted roles.
        roles: Vec<String>,
    },
    /// Several of the accepted roles, of which none may be picked for the user.
    #[error("the claim {claim} holds more than one of the accepted roles")]
    RoleRepeated {
        /// The claim's Name.
        claim: String,
    },
    /// The session would not fit into a cookie.
    #[error("the user's name, e-mail or role is too long")]
    SessionTooLarge,
    /// The IdP offers no SSO endpoint that takes our request.
    #[error("the identity provider has no single sign-on endpoint that takes requests")]
    SsoEndpointMissing,
    /// No such account, or one without metadata: strangers cannot tell which.
    #[error("single sign-on is not enabled for this account")]
    SsoNotEnabled,
    /// Somebody is signed in who may not see the settings, of whatever account (row H12).
    #[error("the settings are not for whoever is signed in")]
    SettingsForbidden,
    /// A setup link that is none, is over or was revoked.
    #[error("the setup link is none, is over or was revoked")]
    SetupLinkInvalid,
    /// The account's own people change it, or have addresses asked, more often than anybody needs (row G6).
    #[error("this was done too often; it can be done again in {}", minutes(*seconds))]
    TooManyChanges {
        /// After how many seconds it can be done again.
        seconds: i64,
    },
    /// One client begins more logins than people do.
    #[error("too many logins were begun from this address")]
    TooManyLogins,
    /// One client sends more than people do.
    #[error("too many requests came from this address")]
    TooManyRequests,
    /// Nobody knows who sends so many responses for one account that answer no request of ours.
    #[error("too many responses came for the account that answer no request")]
    TooManyUnsolicited,
    /// The IdP answers our requests with one unsolicited response after the other.
    #[error("the identity provider answers without naming the request")]
    UpgradeLoop,
}

impl Denial {
    /// `Display`, and what is for the operator's log beyond it.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::MetadataUrlUnanswered { status: Some(status) } => {
                format!("{self}: status {status}")
            }
            denial => denial.to_string(),
        }
    }

    /// After how many seconds it may be over.
    pub(crate) fn retry_after(&self) -> Option<i64> {
        if let Self::TooManyChanges { seconds } = self {
            return Some(*seconds);
        }
        let is_short =
            matches!(self, Self::TooManyLogins | Self::TooManyRequests | Self::TooManyUnsolicited);
        is_short.then_some(60)
    }

    /// The stable snake_case name of the rule.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// As people count: the last one has begun.
fn minutes(seconds: i64) -> String {
    match seconds.saturating_add(59) / 60 {
        ..=1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

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
    /// `account:{account}` in the store is not what [`crate::model::settings::AccountSettings`] takes.
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
}
