//! The steps of a sign-in in their order, and which of them each code speaks of.
//!
//! The verifier names the first rule that is broken. What came before that rule has held, so a
//! report needs no second verifier, and no lenient one.

use saml_verify::error::{Refusal, Step};

use crate::error::{Denial, Error};

/// A step of a sign-in, as its administrators know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Metadata,
    Message,
    Status,
    Shape,
    Encryption,
    Signature,
    Destination,
    Issuer,
    Contents,
    Recipient,
    Request,
    Time,
    Audience,
    Account,
    Role,
    Email,
    Session,
    Once,
}

/// The step that an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) check: Check,
    /// Whatever comes before this step has held.
    held_before: Check,
}

/// What is known of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The check passed.
    Passed,
    /// The check failed.
    Failed,
    /// The check was not made: an earlier one failed, or it cannot be made here.
    Unknown,
}

impl Failed {
    /// The step that `error` speaks of; `None` where it is no step of a sign-in.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        let check = Check::of(error)?;
        let held_before = match error {
            // A Response's Issuer is read before its Destination is compared.
            Error::Refused(Refusal::IssuerFormat) => Check::Destination,
            Error::Denied(_)
            | Error::Fault(_)
            | Error::Metadata(_)
            | Error::Opened(_)
            | Error::Refused(_) => check,
        };
        Some(Self { check, held_before })
    }

    /// Whether every signature has held before.
    pub(crate) const fn is_authentic(self) -> bool {
        self.held_before.stage() > Check::Signature.stage()
    }
}

impl Check {
    /// Every step, in the order in which they are shown.
    pub(crate) const ALL: [Self; 18] = [
        Self::Metadata,
        Self::Message,
        Self::Status,
        Self::Shape,
        Self::Encryption,
        Self::Signature,
        Self::Destination,
        Self::Issuer,
        Self::Contents,
        Self::Recipient,
        Self::Request,
        Self::Time,
        Self::Audience,
        Self::Account,
        Self::Role,
        Self::Email,
        Self::Session,
        Self::Once,
    ];

    /// Steps of one stage are judged in turns, so that neither is known where the other fails. A
    /// code that can come of several steps belongs to the first of them.
    const fn stage(self) -> u8 {
        match self {
            Self::Metadata => 0,
            Self::Message => 1,
            Self::Status => 2,
            Self::Shape => 3,
            // The signature of a Response comes before what is encrypted in it, and that of an
            // Assertion after it.
            Self::Encryption | Self::Signature => 4,
            Self::Destination => 5,
            // A Response names its issuer too, before the Assertion is read.
            Self::Issuer | Self::Contents => 6,
            Self::Recipient => 7,
            Self::Request => 8,
            Self::Time => 9,
            Self::Audience => 10,
            Self::Account => 11,
            Self::Role => 12,
            Self::Email => 13,
            Self::Session => 14,
            Self::Once => 15,
        }
    }

    /// The verifier's steps, before the account's own rules and the ledger.
    pub(crate) fn of_messages() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().take_while(|check| check.stage() < Self::Account.stage())
    }

    /// What is known of this step where `failed` is the one that failed.
    pub(crate) fn standing(self, failed: Option<Failed>) -> Standing {
        match failed {
            None => Standing::Passed,
            Some(failed) if failed.check == self => Standing::Failed,
            Some(failed) if self.stage() < failed.held_before.stage() => Standing::Passed,
            Some(_) => Standing::Unknown,
        }
    }

    /// What it is called.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Metadata => "Stored metadata",
            Self::Message => "Message",
            Self::Status => "Status",
            Self::Shape => "One assertion",
            Self::Encryption => "Encryption",
            Self::Signature => "Signature and certificate",
            Self::Destination => "Destination",
            Self::Issuer => "Issuer",
            Self::Contents => "Subject and conditions",
            Self::Recipient => "Recipient",
            Self::Request => "Request (InResponseTo)",
            Self::Time => "Time",
            Self::Audience => "Audience",
            Self::Account => "Account claim",
            Self::Role => "Role claim",
            Self::Email => "E-mail address",
            Self::Session => "Session",
            Self::Once => "Used once",
        }
    }

    const fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Denied(denial) => Self::of_denial(denial),
            Error::Fault(_) => None,
            Error::Metadata(_) => Some(Self::Metadata),
            // Whatever it is (row E2).
            Error::Opened(_) => Some(Self::Encryption),
            Error::Refused(refusal) => Self::of_step(refusal.rule().step),
        }
    }

    const fn of_denial(denial: &Denial) -> Option<Self> {
        match denial {
            Denial::SsoEndpointMissing | Denial::SsoNotEnabled => Some(Self::Metadata),
            Denial::IdpInitiatedOff | Denial::UpgradeLoop => Some(Self::Request),
            Denial::AccountClaimMissing { .. } | Denial::AccountMismatch { .. } => {
                Some(Self::Account)
            }
            Denial::GroupsOmitted { .. }
            | Denial::RoleMissing { .. }
            | Denial::RoleNotAllowed { .. }
            | Denial::RoleNotListed { .. }
            | Denial::RoleRepeated { .. } => Some(Self::Role),
            Denial::EmailDomainNotListed { .. }
            | Denial::EmailInvalid { .. }
            | Denial::EmailRepeated { .. } => Some(Self::Email),
            Denial::SessionTooLarge => Some(Self::Session),
            Denial::EntityIdTaken => Some(Self::Once),
            Denial::AccountChanged
            | Denial::AccountNarrowed
            | Denial::AccountUnknown
            | Denial::AcsMismatch
            | Denial::CrossSiteForm
            | Denial::CrossSiteRequest
            | Denial::CrossSiteSocket
            | Denial::FormTokenInvalid
            | Denial::MetadataUrlForbidden
            | Denial::MetadataUrlRedirected
            | Denial::MetadataUrlUnanswered { .. }
            | Denial::NotANavigation
            | Denial::NotSignedIn
            | Denial::NothingToConfirm
            | Denial::PathAmbiguous
            | Denial::ReauthenticationDue
            | Denial::RoleInsufficient { .. }
            | Denial::SettingsForbidden
            | Denial::SetupLinkInvalid
            | Denial::TooManyChanges { .. }
            | Denial::TooManyLogins
            | Denial::TooManyRequests
            | Denial::TooManyUnsolicited => None,
        }
    }

    const fn of_step(step: Step) -> Option<Self> {
        match step {
            Step::Metadata => Some(Self::Metadata),
            Step::Message => Some(Self::Message),
            Step::Status => Some(Self::Status),
            Step::Assertion => Some(Self::Shape),
            Step::Encryption => Some(Self::Encryption),
            Step::Signature => Some(Self::Signature),
            Step::Destination => Some(Self::Destination),
            Step::Issuer => Some(Self::Issuer),
            Step::Contents => Some(Self::Contents),
            Step::Recipient => Some(Self::Recipient),
            Step::Request => Some(Self::Request),
            Step::Time => Some(Self::Time),
            Step::Audience => Some(Self::Audience),
            Step::Once => Some(Self::Once),
            Step::Logout => None,
        }
    }
}
