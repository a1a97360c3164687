//! SAML 2.0: Core, Bindings, Profiles and Metadata, one element family a file.

mod assertion;
mod attribute;
mod authn_request;
mod certificate_text;
mod claimed;
mod conditions;
mod endpoint;
mod entities;
mod hint;
mod incoming;
mod key_descriptor;
mod logout;
mod logout_request;
mod message;
mod metadata;
mod outgoing;
mod post;
mod profile;
mod redirect;
mod response;
mod signed_query;
mod sp_metadata;
mod subject;
mod warning;

pub use crate::saml::attribute::Attributes;
pub use crate::saml::authn_request::{AuthnRequest, Wishes};
pub use crate::saml::claimed::Claimed;
pub use crate::saml::endpoint::{Binding, Endpoint, Location};
pub use crate::saml::hint::Hint;
pub use crate::saml::incoming::{Carried, Incoming, IncomingForm};
pub use crate::saml::logout::{
    Asked, ExpectedLogout, Logout, LogoutAccepted, LogoutAnswer, LogoutRequest, SealedLogout,
    takes_answers,
};
pub use crate::saml::logout_request::LogoutStatus;
pub use crate::saml::message::{Authentic, Received, Sealed, receive};
pub use crate::saml::metadata::IdpMetadata;
pub use crate::saml::outgoing::{MessageHead, Outgoing};
pub use crate::saml::post::MessageForm;
pub use crate::saml::profile::{
    Accepted, Claims, Expected, Requests, Skew, accept, issuer_key, without_fragment,
};
pub use crate::saml::redirect::{UnsignedQuery, decode_message, message_url};
pub use crate::saml::response::require_response;
pub use crate::saml::signed_query::SignedQuery;
pub use crate::saml::sp_metadata::{RequestedAttribute, SpMetadata};
pub use crate::saml::subject::NameId;
pub use crate::saml::warning::Warning;
