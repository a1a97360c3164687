//! What is done to an account.

use serde::{Deserialize, Serialize};

/// What is done to an account, as the audit log and webhooks name it: `metadata.changed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Action {
    /// Settings changed, and metadata did not.
    AccountChanged,
    /// All that was known of the users of a deleted account is gone.
    AccountErased,
    /// The last signing certificate has expired.
    CertificateExpired,
    /// The last signing certificate expires soon.
    CertificateExpiring,
    /// Metadata was added or replaced.
    MetadataChanged,
    /// Metadata was deleted.
    MetadataDeleted,
    /// Staged metadata was dismissed.
    MetadataDismissed,
    /// Published metadata waits for approval.
    MetadataStaged,
    /// An operator gave a pair to the account.
    PairGiven,
    /// An operator gave a pair of the account to another one.
    PairTaken,
    /// A setup link was created.
    SetupLinkCreated,
    /// A setup link was opened for the first time.
    SetupLinkOpened,
    /// A setup link was revoked.
    SetupLinkRevoked,
    /// What was known of one user is gone.
    UserDeleted,
    /// An action that only a newer release knows.
    Other(String),
}

const KNOWN: [Action; 14] = [
    Action::AccountChanged,
    Action::AccountErased,
    Action::CertificateExpired,
    Action::CertificateExpiring,
    Action::MetadataChanged,
    Action::MetadataDeleted,
    Action::MetadataDismissed,
    Action::MetadataStaged,
    Action::PairGiven,
    Action::PairTaken,
    Action::SetupLinkCreated,
    Action::SetupLinkOpened,
    Action::SetupLinkRevoked,
    Action::UserDeleted,
];

impl Action {
    /// The stable name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::AccountChanged => "account.changed",
            Self::AccountErased => "account.erased",
            Self::CertificateExpired => "certificate.expired",
            Self::CertificateExpiring => "certificate.expiring",
            Self::MetadataChanged => "metadata.changed",
            Self::MetadataDeleted => "metadata.deleted",
            Self::MetadataDismissed => "metadata.dismissed",
            Self::MetadataStaged => "metadata.staged",
            Self::PairGiven => "pair.given",
            Self::PairTaken => "pair.taken",
            Self::SetupLinkCreated => "setup_link.created",
            Self::SetupLinkOpened => "setup_link.opened",
            Self::SetupLinkRevoked => "setup_link.revoked",
            Self::UserDeleted => "user.deleted",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Action {
    fn from(text: String) -> Self {
        KNOWN.into_iter().find(|it| it.as_str() == text).unwrap_or(Self::Other(text))
    }
}

impl From<Action> for String {
    fn from(action: Action) -> Self {
        action.as_str().to_owned()
    }
}
