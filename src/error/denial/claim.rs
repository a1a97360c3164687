//! Denials of a user whose claims do not fit the account.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next};

/// Why the claims of a user, which the IdP has signed, do not fit the account.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum ClaimDenial {
    /// The claim that names the account has no value.
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
    /// The e-mail address is of a domain that is not the account's (row G3).
    #[error("the {source_of_email} is of a domain that the account does not list")]
    EmailDomainNotListed {
        /// `NameID` or the claim's Name.
        source_of_email: String,
    },
    /// The value is not one plain e-mail address (row B9).
    #[error("the {source_of_email} is not an e-mail address")]
    EmailInvalid {
        /// `NameID` or the claim's Name.
        source_of_email: String,
    },
    /// The claim has several e-mail addresses, of which none may be picked for the user.
    #[error("the claim {claim} holds more than one e-mail address")]
    EmailRepeated {
        /// The claim's Name.
        claim: String,
    },
    /// The user has more groups than Entra sends, so it sent none.
    #[error("the claim {claim} is missing: the user has too many groups")]
    GroupsOmitted {
        /// The claim's Name.
        claim: String,
    },
    /// The claim for the role has no value.
    #[error("the claim {claim} is missing")]
    RoleMissing {
        /// The claim's Name.
        claim: String,
        /// The accepted roles.
        roles: Vec<String>,
    },
    /// The account may not grant the role (row G4).
    #[error("the claim {claim} holds a role that the account may not grant")]
    RoleNotAllowed {
        /// The claim's Name.
        claim: String,
        /// The roles that it may grant.
        roles: Vec<String>,
    },
    /// The claim has no role of the closed list (row G4).
    #[error("the claim {claim} holds none of the accepted roles")]
    RoleNotListed {
        /// The claim's Name.
        claim: String,
        /// The accepted roles.
        roles: Vec<String>,
    },
    /// The claim has several accepted roles, of which none may be picked for the user.
    #[error("the claim {claim} holds more than one of the accepted roles")]
    RoleRepeated {
        /// The claim's Name.
        claim: String,
    },
}

impl ClaimDenial {
    pub(crate) fn advice(&self) -> Advice {
        let (title, what) = match self {
            Self::AccountClaimMissing { .. } | Self::AccountMismatch { .. } => (
                "This sign-in is for another account",
                "Your identity provider knows you, but does not name this account.",
            ),
            Self::EmailDomainNotListed { .. } => (
                "Your e-mail address is not this account’s",
                "Your identity provider knows you, but your e-mail address is of another domain.",
            ),
            Self::EmailInvalid { .. } => (
                "Your e-mail address is missing",
                "Your identity provider knows you, but sent no e-mail address that we can use.",
            ),
            Self::EmailRepeated { .. } => (
                "You have several e-mail addresses",
                "Your identity provider sent more than one, and which is yours here is not for us \
                 to guess.",
            ),
            Self::GroupsOmitted { .. }
            | Self::RoleMissing { .. }
            | Self::RoleNotAllowed { .. }
            | Self::RoleNotListed { .. }
            | Self::RoleRepeated { .. } => return self.role_advice(),
        };
        Advice {
            title,
            what,
            user: ASK,
            next: Next::Nowhere,
            administrator: self.for_administrator().into(),
            values: Vec::new(),
        }
    }

    fn role_advice(&self) -> Advice {
        let values = match self {
            Self::RoleMissing { roles, .. }
            | Self::RoleNotAllowed { roles, .. }
            | Self::RoleNotListed { roles, .. } => roles.clone(),
            _ => Vec::new(),
        };
        Advice {
            title: "You have no role here yet",
            what: "Your identity provider knows you, but does not say what you may do here.",
            user: "Ask your administrator, and pass on the reference below. Once you have a role \
                   there, sign in again.",
            next: Next::Login,
            administrator: self.for_administrator().into(),
            values,
        }
    }

    /// What an administrator has to set, by the names that the administrator sees.
    fn for_administrator(&self) -> String {
        match self {
            Self::AccountClaimMissing { claim } | Self::AccountMismatch { claim } => format!(
                "Let the identity provider send the claim “{claim}” with exactly this account’s \
                 id as its only value."
            ),
            Self::EmailDomainNotListed { source_of_email } => format!(
                "The domain of the address in “{source_of_email}” is not among “domains” in the \
                 account’s settings: those that operators allow, and those that its \
                 administrators have chosen of them."
            ),
            Self::EmailInvalid { source_of_email } => format!(
                "Let the identity provider send the user’s e-mail address as \
                 “{source_of_email}”. In Entra ID, the source is user.mail; see that the user has \
                 a mail address."
            ),
            Self::EmailRepeated { claim } => format!(
                "Let the identity provider send a single e-mail address as “{claim}”. The same \
                 one twice counts as one."
            ),
            Self::GroupsOmitted { claim } => format!(
                "Entra ID sends no groups for a user who has more than 150. Let it send only \
                 groups assigned to the application as “{claim}”, or an app role."
            ),
            Self::RoleMissing { roles, .. }
            | Self::RoleNotAllowed { roles, .. }
            | Self::RoleNotListed { roles, .. }
                if roles.is_empty() =>
            {
                "This account may grant no role: “roles” in its settings names none of the \
                 product’s. Operators can mend that."
                    .to_owned()
            }
            Self::RoleNotAllowed { claim, .. } => format!(
                "The role in “{claim}” is not among those that this account may grant, which are \
                 listed below. Operators can set “roles” in the account’s settings."
            ),
            Self::RoleMissing { claim, .. } | Self::RoleNotListed { claim, .. } => format!(
                "Let the identity provider send the claim “{claim}” with exactly one of these \
                 values:"
            ),
            Self::RoleRepeated { claim } => format!(
                "Let the identity provider send the claim “{claim}” with one role, not several."
            ),
        }
    }
}
