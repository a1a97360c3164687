//! The checks of a sign-in in their order, and which of them each code belongs to.
//!
//! The verifier reports the first rule that is broken. Every rule before that one has held, so a
//! report needs no second verifier, and no lenient one.

use saml_verify::error::{Refusal, Step};

use crate::error::denial::{AccountDenial, ClaimDenial, SessionDenial, SignInDenial};
use crate::error::{Denial, Error};

/// A check of a sign-in, as its administrators know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// A step of the verifier.
    Verify(Step),
    AccountClaim,
    Role,
    Email,
    Session,
}

/// The check that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) check: Check,
    /// Every check of an earlier stage than this one has held.
    held_before: Check,
}

/// Every check, in the order in which they are shown. Checks of one stage are made in turns, so
/// where one of them fails, nothing is known of the others.
const STAGES: [&[Check]; 16] = [
    &[Check::Verify(Step::Metadata)],
    &[Check::Verify(Step::Message)],
    &[Check::Verify(Step::Status)],
    &[Check::Verify(Step::Assertion)],
    // The signature of a Response comes before what is encrypted in it, and that of an Assertion
    // after it.
    &[Check::Verify(Step::Encryption), Check::Verify(Step::Signature)],
    &[Check::Verify(Step::Destination)],
    // A Response names its issuer too, before the Assertion is read.
    &[Check::Verify(Step::Issuer), Check::Verify(Step::Contents)],
    &[Check::Verify(Step::Recipient)],
    &[Check::Verify(Step::Request)],
    &[Check::Verify(Step::Time)],
    &[Check::Verify(Step::Audience)],
    &[Check::AccountClaim],
    &[Check::Role],
    &[Check::Email],
    &[Check::Session],
    &[Check::Verify(Step::Once)],
];

/// What is known of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// The check passed.
    Passed,
    /// The check failed.
    Failed,
    /// The check was not made: an earlier one failed, or it cannot be made here.
    Unknown,
}

impl Failed {
    /// The check that `error` belongs to; `None` if that is no check of a sign-in.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        let check = Check::of(error)?;
        let held_before = match error {
            // A Response's Issuer is read before its Destination is compared.
            Error::Refused(Refusal::IssuerFormat) => Check::Verify(Step::Destination),
            Error::Denied(_)
            | Error::Fault(_)
            | Error::Metadata(_)
            | Error::Opened(_)
            | Error::Refused(_) => check,
        };
        Some(Self { check, held_before })
    }

    /// Whether every signature has held.
    pub(crate) fn is_authentic(self) -> bool {
        self.held_before.stage() > Check::Verify(Step::Signature).stage()
    }
}

impl Check {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        STAGES.into_iter().flatten().copied()
    }

    /// The verifier's checks, before those of the account and of the ledger.
    pub(crate) fn of_messages() -> impl Iterator<Item = Self> {
        Self::all().take_while(|check| *check != Self::AccountClaim)
    }

    fn stage(self) -> usize {
        STAGES.iter().position(|stage| stage.contains(&self)).unwrap_or(STAGES.len())
    }

    /// What is known of this check where `failed` is the one that failed.
    pub(crate) fn state(self, failed: Option<Failed>) -> CheckState {
        match failed {
            None => CheckState::Passed,
            Some(failed) if failed.check == self => CheckState::Failed,
            Some(failed) if self.stage() < failed.held_before.stage() => CheckState::Passed,
            Some(_) => CheckState::Unknown,
        }
    }

    /// The heading of the check.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Verify(step) => title(step),
            Self::AccountClaim => "Account claim",
            Self::Role => "Role claim",
            Self::Email => "E-mail address",
            Self::Session => "Session",
        }
    }

    const fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Denied(denial) => Self::of_denial(denial),
            Error::Fault(_) => None,
            Error::Metadata(_) => Some(Self::Verify(Step::Metadata)),
            // All refusals of what is encrypted look the same (row E2).
            Error::Opened(_) => Some(Self::Verify(Step::Encryption)),
            Error::Refused(refusal) => match refusal.rule().step {
                Step::Logout => None,
                step => Some(Self::Verify(step)),
            },
        }
    }

    const fn of_denial(denial: &Denial) -> Option<Self> {
        match denial {
            Denial::Account(AccountDenial::SsoEndpointMissing | AccountDenial::SsoNotEnabled) => {
                Some(Self::Verify(Step::Metadata))
            }
            Denial::Account(AccountDenial::EntityIdTaken) => Some(Self::Verify(Step::Once)),
            Denial::Claim(denial) => Some(Self::of_claim(denial)),
            Denial::Session(SessionDenial::SessionTooLarge) => Some(Self::Session),
            Denial::SignIn(SignInDenial::IdpInitiatedOff | SignInDenial::UpgradeLoop) => {
                Some(Self::Verify(Step::Request))
            }
            // These end no sign-in of which a report is made.
            Denial::Account(
                AccountDenial::AccountChanged | AccountDenial::TooManyChanges { .. },
            )
            | Denial::Fetch(_)
            | Denial::Gate(_)
            | Denial::Rate(_)
            | Denial::Session(SessionDenial::CrossSiteForm | SessionDenial::NothingToConfirm)
            | Denial::Settings(_)
            | Denial::SignIn(
                SignInDenial::AccountNarrowed
                | SignInDenial::AccountUnknown
                | SignInDenial::AcsMismatch
                | SignInDenial::NotANavigation,
            ) => None,
        }
    }

    const fn of_claim(denial: &ClaimDenial) -> Self {
        match denial {
            ClaimDenial::AccountClaimMissing { .. } | ClaimDenial::AccountMismatch { .. } => {
                Self::AccountClaim
            }
            ClaimDenial::GroupsOmitted { .. }
            | ClaimDenial::RoleMissing { .. }
            | ClaimDenial::RoleNotAllowed { .. }
            | ClaimDenial::RoleNotListed { .. }
            | ClaimDenial::RoleRepeated { .. } => Self::Role,
            ClaimDenial::EmailDomainNotListed { .. }
            | ClaimDenial::EmailInvalid { .. }
            | ClaimDenial::EmailRepeated { .. } => Self::Email,
        }
    }
}

const fn title(step: Step) -> &'static str {
    match step {
        Step::Metadata => "Stored metadata",
        Step::Message => "Message",
        Step::Status => "Status",
        Step::Assertion => "One assertion",
        Step::Encryption => "Encryption",
        Step::Signature => "Signature and certificate",
        Step::Destination => "Destination",
        Step::Issuer => "Issuer",
        Step::Contents => "Subject and conditions",
        Step::Recipient => "Recipient",
        Step::Request => "Request (InResponseTo)",
        Step::Time => "Time",
        Step::Audience => "Audience",
        Step::Once => "Used once",
        Step::Logout => "Logout",
    }
}
