//! Why something that was typed into the settings cannot be stored.

use saml_verify::error::Refusal;

use crate::error::Denial;
use crate::settings::mistaken::Mistaken;

/// Why something typed cannot be stored. `Display` holds nothing of what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("This address cannot be used: {0}.")]
    Address(Denial),
    #[error("Type the address first.")]
    AddressAbsent,
    #[error("One of the domains is not a host name such as “company.example”.")]
    Domain,
    #[error("One of the domains is not among those that this product’s operators allow.")]
    DomainNotAllowed,
    #[error("This Entity ID cannot be used: {0}.")]
    EntityId(String),
    /// With the field that leads to it.
    #[error(
        "Another account already has this Identifier at your identity provider, with the same signing \
         key. Nothing was changed. Keep or enter an Identifier of this account’s own, with # and its id \
         at the end, there and here; or let its application there sign with a key of its own."
    )]
    EntityIdTaken(Option<&'static str>),
    #[error(
        "This product’s operators do not allow that for sign-ins that start at the identity provider."
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
    #[error("That is not what is published any more. Look once more at what is.")]
    StagedUnknown,
    #[error("Nothing was done: {0}.")]
    TooOften(Denial),
    #[error("That version is not kept any more.")]
    VersionUnknown,
}

/// The words for a rule that metadata breaks: most are about messages as well.
fn of_metadata(refusal: &Refusal) -> String {
    refusal.to_string().replace("the message", "the metadata")
}
