//! XML-DSig as SAML Core §5.4 narrows it: from a Signature and trusted keys to the octets it
//! covers.
//!
//! Nothing generic: one Reference, to the Signature's own parent; enveloped-signature and one
//! C14N; keys only from configuration. [`SignedOctets`] is the one way on, and [`verify()`] its one
//! maker. What this service signs itself goes through [`UnsignedDocument`].

mod algorithm;
mod certificate;
mod distinguished_name;
mod key;
mod rsa;
mod sign;
mod signature;
mod verify;

pub(crate) use crate::dsig::algorithm::RSA_SHA256;
pub use crate::dsig::algorithm::{Digest, Sha1, SignatureMethod};
pub use crate::dsig::certificate::Certificate;
pub(crate) use crate::dsig::certificate::first_of_several;
pub use crate::dsig::key::{InvalidSignature, TrustedKey};
pub use crate::dsig::sign::UnsignedDocument;
pub(crate) use crate::dsig::sign::{Place, key_info};
pub use crate::dsig::signature::Signature;
pub use crate::dsig::verify::{SignedOctets, verify};
