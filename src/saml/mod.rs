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

pub use attribute::Attributes;
pub use authn_request::{AuthnRequest, Wishes};
pub(crate) use claimed::Claimed;
pub use endpoint::{Binding, Endpoint, Location};
pub(crate) use hint::Hint;
pub use incoming::{Carried, Incoming, IncomingForm};
pub(crate) use logout::takes_answers;
pub use logout::{
    Asked, ExpectedLogout, Logout, LogoutAccepted, LogoutAnswer, LogoutRequest, SealedLogout,
};
pub use logout_request::LogoutStatus;
pub use message::{Authentic, Received, Sealed, receive};
pub use metadata::IdpMetadata;
pub use outgoing::{MessageHead, Outgoing};
pub use post::MessageForm;
pub use profile::{Accepted, Expected, Requests, Skew, accept};
pub(crate) use profile::{Claims, issuer_key, without_fragment};
pub use redirect::{UnsignedQuery, decode_message, message_url};
pub(crate) use response::require_response;
pub use signed_query::SignedQuery;
pub use sp_metadata::{RequestedAttribute, SpMetadata};
pub use subject::NameId;
pub use warning::Warning;
