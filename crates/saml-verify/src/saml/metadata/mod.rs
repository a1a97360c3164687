//! SAML metadata: an IdP's is read, a service provider's is written.

pub(crate) mod certificate_text;
pub(crate) mod endpoint;
pub(crate) mod entities;
pub(crate) mod idp;
pub(crate) mod key_descriptor;
pub(crate) mod sp;
pub(crate) mod warning;
