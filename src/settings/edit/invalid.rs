//! Why an edit of the settings is not made.

use saml_verify::error::Refusal;

use crate::error::settings::InvalidEntityId;
use crate::error::{Denial, Error};
use crate::settings::mistaken::Mistaken;

/// Why an edit is not made.
#[derive(Debug)]
pub(crate) enum EditError {
    /// The form is shown again, with the reason.
    Invalid(InvalidEdit),
    Failed(Error),
}

impl From<InvalidEdit> for EditError {
    fn from(invalid: InvalidEdit) -> Self {
        Self::Invalid(invalid)
    }
}

impl<E: Into<Error>> From<E> for EditError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Why the content of a form cannot be stored. `Display` holds nothing of that content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidEdit {
    #[error("This address cannot be used: {0}.")]
    Address(Denial),
    #[error("Type the address first.")]
    AddressAbsent,
    #[error("One of the domains is not a host name such as “company.example”.")]
    Domain,
    #[error("One of the domains is not among those that this product’s operators allow.")]
    DomainNotAllowed,
    #[error("This Entity ID cannot be used: {0}.")]
    EntityId(InvalidEntityId),
    /// With the field that leads to the conflict.
    #[error(
        "Another account already has this Identifier at your identity provider, with the same \
         signing key. Nothing was changed. Keep or enter an Identifier that only this account has, \
         with # and the account’s id at the end, there and here; or let its application there sign \
         with a key of its own."
    )]
    EntityIdTaken(Option<&'static str>),
    #[error(
        "This product’s operators do not allow this choice for sign-ins that start at the identity \
         provider."
    )]
    IdpInitiatedNotAllowed,
    #[error("This is not metadata that can be used: {}.", of_metadata(.0))]
    Metadata(Refusal),
    #[error("Paste the metadata or choose its file first.")]
    MetadataAbsent,
    #[error("{0}.")]
    Mistaken(Mistaken),
    #[error("What is published there cannot be used: {}.", of_metadata(.0))]
    Published(Refusal),
    #[error("That is no longer what is published. Check what is published now.")]
    StagedUnknown,
    #[error("Nothing was done: {0}.")]
    TooOften(Denial),
    #[error("That version is no longer kept.")]
    VersionUnknown,
}

/// The words of a refusal of metadata. Most refusals are of messages too.
fn of_metadata(refusal: &Refusal) -> String {
    refusal.to_string().replace("the message", "the metadata")
}
