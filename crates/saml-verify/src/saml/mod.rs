//! SAML 2.0: Core, Bindings, Profiles and Metadata.

pub(crate) mod assertion;
pub(crate) mod authn_request;
pub(crate) mod bindings;
pub(crate) mod encrypted_element;
pub(crate) mod logout;
pub(crate) mod metadata;
pub(crate) mod protocol;
pub(crate) mod response;

pub use crate::saml::assertion::attributes::Attributes;
pub use crate::saml::assertion::subject::NameId;
pub use crate::saml::authn_request::{AuthnRequest, Wishes};
pub use crate::saml::bindings::incoming::{Incoming, IncomingForm};
pub use crate::saml::bindings::outgoing::{MessageHead, Outgoing};
pub use crate::saml::bindings::post::MessageForm;
pub use crate::saml::bindings::redirect::{UnsignedQuery, message_url};
pub use crate::saml::logout::answer::LogoutAnswer;
pub use crate::saml::logout::expected::ExpectedLogout;
pub use crate::saml::logout::request::{
    AcceptedLogout, LogoutRequest, ReceivedLogout, SealedLogout,
};
pub use crate::saml::logout::sent::LogoutStatus;
pub use crate::saml::logout::verify::Logout;
pub use crate::saml::metadata::endpoint::{Binding, Endpoint, Location};
pub use crate::saml::metadata::idp::IdpMetadata;
pub use crate::saml::metadata::sp::{RequestedAttribute, SpMetadata};
pub use crate::saml::metadata::warning::Warning;
pub use crate::saml::response::accepted::{Accepted, Claims, Contents, Use};
pub use crate::saml::response::addressee::ClaimedAddressee;
pub use crate::saml::response::claimed::ClaimedResponse;
pub use crate::saml::response::expected::{Expected, Requests, Skew};
pub use crate::saml::response::receive::{Received, SealedResponse, accept, receive};
