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

pub(crate) use algorithm::RSA_SHA256;
pub use algorithm::{Digest, Sha1, SignatureMethod};
pub use certificate::Certificate;
pub(crate) use certificate::first_of_several;
pub use key::{InvalidSignature, TrustedKey};
pub use sign::UnsignedDocument;
pub(crate) use sign::{Place, key_info};
pub use signature::Signature;
pub use verify::{SignedOctets, verify};
