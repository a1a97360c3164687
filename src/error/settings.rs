//! Why an account's settings cannot be used.

use saml_verify::error::Refusal;
use strum::{Display, IntoStaticStr};
use thiserror::Error;

/// A setting of an account, as the JSON of its settings names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, IntoStaticStr)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum Setting {
    /// `authn_context`
    AuthnContext,
    /// `domains`, that of the account's own choices too
    Domains,
    /// `entity_id`
    EntityId,
    /// `name_id_format`
    NameIdFormat,
}

/// Why an account's settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidSettings {
    /// Not URIs in `authn_context`.
    #[error("{} must be a list of URIs", Setting::AuthnContext)]
    AuthnContext,
    /// Not host names in lower case in `domains`.
    #[error("{} must be host names in lower case", Setting::Domains)]
    Domains,
    /// An `entity_id` that this account cannot have.
    #[error("{setting}: {0}", setting = Setting::EntityId)]
    EntityId(InvalidEntityId),
    /// Not JSON, or a field of an unknown name or type; with its place in the text.
    #[error("{0}")]
    Malformed(String),
    /// Not a URI in `name_id_format`.
    #[error("{} must be a URI", Setting::NameIdFormat)]
    NameIdFormat,
    /// A message with these settings cannot be signed.
    #[error("{0}")]
    Unsignable(Refusal),
}

/// Why an account cannot have an entity id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InvalidEntityId {
    /// It is the default of another account.
    #[error("it is another account's")]
    OfAnotherAccount,
    /// Its fragment is not the account's id.
    #[error("what follows # is not the account's id")]
    Fragment,
    /// It is not an entity id (Metadata §2.2.1).
    #[error("it must be 1 to 1024 characters without spaces")]
    Malformed,
}

impl InvalidSettings {
    /// The setting at fault, if it is a single one that could be read.
    pub const fn setting(&self) -> Option<Setting> {
        match self {
            Self::AuthnContext => Some(Setting::AuthnContext),
            Self::Domains => Some(Setting::Domains),
            Self::EntityId(_) => Some(Setting::EntityId),
            Self::Malformed(_) | Self::Unsignable(_) => None,
            Self::NameIdFormat => Some(Setting::NameIdFormat),
        }
    }
}
