//! XML-DSig as SAML Core §5.4 narrows it: from a Signature and trusted keys to the octets it
//! covers.
//!
//! Nothing generic: one Reference, to the Signature's own parent; enveloped-signature and one C14N;
//! keys only from configuration. `SignedOctets` is the one way on, and `verify_signature` its one
//! maker. What the service provider signs goes through [`UnsignedDocument`].

pub(crate) mod algorithm;
pub(crate) mod certificate;
pub(crate) mod distinguished_name;
pub(crate) mod key;
pub(crate) mod rsa;
pub(crate) mod sign;
pub(crate) mod signature;
pub(crate) mod verify;

pub use crate::dsig::algorithm::Sha1;
pub use crate::dsig::certificate::Certificate;
pub use crate::dsig::key::TrustedKey;
pub use crate::dsig::sign::UnsignedDocument;
