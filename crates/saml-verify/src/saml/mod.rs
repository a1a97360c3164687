//! SAML 2.0: Core, Bindings, Profiles and Metadata, one element family a file.

pub(crate) mod accepted;
pub(crate) mod assertion;
pub(crate) mod attribute;
pub(crate) mod authn_request;
pub(crate) mod certificate_text;
pub(crate) mod claimed_addressee;
pub(crate) mod claimed_response;
pub(crate) mod conditions;
pub(crate) mod endpoint;
pub(crate) mod entities;
pub(crate) mod expected;
pub(crate) mod head;
pub(crate) mod incoming;
pub(crate) mod key_descriptor;
pub(crate) mod logout;
pub(crate) mod logout_request;
pub(crate) mod message;
pub(crate) mod metadata;
pub(crate) mod outgoing;
pub(crate) mod post;
pub(crate) mod profile;
pub(crate) mod protocol;
pub(crate) mod receive;
pub(crate) mod redirect;
pub(crate) mod response;
pub(crate) mod signed_query;
pub(crate) mod sp_metadata;
pub(crate) mod subject;
pub(crate) mod warning;

pub use crate::saml::accepted::{Accepted, Claims, Contents, Use};
pub use crate::saml::attribute::Attributes;
pub use crate::saml::authn_request::{AuthnRequest, Wishes};
pub use crate::saml::claimed_addressee::ClaimedAddressee;
pub use crate::saml::claimed_response::ClaimedResponse;
pub use crate::saml::endpoint::{Binding, Endpoint, Location};
pub use crate::saml::expected::{Expected, Requests, Skew};
pub use crate::saml::incoming::{Carried, Incoming, IncomingForm};
pub use crate::saml::logout::{
    Asked, ExpectedLogout, Logout, LogoutAccepted, LogoutAnswer, LogoutRequest, SealedLogout,
};
pub use crate::saml::logout_request::LogoutStatus;
pub use crate::saml::metadata::IdpMetadata;
pub use crate::saml::outgoing::{MessageHead, Outgoing};
pub use crate::saml::post::MessageForm;
pub use crate::saml::receive::{Received, SealedResponse, accept, receive};
pub use crate::saml::redirect::{UnsignedQuery, message_url};
pub use crate::saml::signed_query::SignedQuery;
pub use crate::saml::sp_metadata::{RequestedAttribute, SpMetadata};
pub use crate::saml::subject::NameId;
pub use crate::saml::warning::Warning;
