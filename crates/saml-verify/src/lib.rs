#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! 1. [`form`] takes one `SAMLResponse` out of a posted form, under a cap.
//! 2. `xml` parses the text within [`limits`]: no DTD, no comment, no ID twice.
//! 3. `saml/message.rs` finds the one Assertion on the one path it may stand, and its signatures.
//! 4. [`dsig`] checks each under the caller's own keys and gives the octets that were signed.
//! 5. What is encrypted is decrypted in place by [`xmlenc`] and takes steps 2 to 4 again.
//! 6. From here on everything is read from a fresh parse of those octets and from nothing else.
//! 7. `saml/profile.rs` holds it to the Web Browser SSO profile at `now`: [`Accepted`].
//! 8. [`Accepted::claim`] uses up the replay key and gives the [`Claims`].
//!
//! Every failure on the way is a named [`error::Refusal`] with a stable code, and closes.
//!
//! # The floors
//!
//! | Floor | Modules | Knows |
//! |---|---|---|
//! | 0 | [`error`], [`limits`], [`time`], [`encoding`], [`form`] | plain values |
//! | 1 | `xml` | XML, and alone the parser |
//! | 2 | `c14n`, [`dsig`], [`xmlenc`] | one W3C recommendation each |
//! | 3 | [`saml`] | SAML Core, Bindings, Profiles and Metadata |
//!
//! # Where to start reading
//!
//! `saml/message.rs` is steps 3 to 6, `dsig/verify.rs` is where trust begins, and `saml/profile.rs`
//! holds the rules in the order of the profile. Rows in comments, such as F5, are those of
//! `docs/threat-model.md` in the repository.

#[cfg(all(saml_verify_legacy_vectors, any(target_arch = "wasm32", not(debug_assertions))))]
compile_error!("saml_verify_legacy_vectors is for this repository's corpus test alone");

mod c14n;
pub mod dsig;
pub mod encoding;
pub mod error;
pub mod form;
pub mod limits;
pub mod saml;
pub mod time;
mod xml;
pub mod xmlenc;

pub use crate::error::Refusal;
pub use crate::saml::{
    Accepted, Claims, Contents, Expected, IdpMetadata, Received, Requests, Skew, Use, accept,
    receive,
};
pub use crate::time::UnixTime;
pub use crate::xml::octets::decode_document;

/// Single steps of the verifier, for this repository's tests, benches and fuzz targets: they are no
/// part of the API and may change at any time. None of them leads to an [`Accepted`].
#[doc(hidden)]
pub mod internals {
    pub use crate::c14n::canonicalize;
    pub use crate::c14n::method::Canonicalization;
    pub use crate::dsig::signature::Signature;
    pub use crate::dsig::verify::{SignedOctets, verify_signature};
    pub use crate::saml::message::{Authentic, Message, Sealed, read_message};
    pub use crate::saml::redirect::decode_message;
    pub use crate::xml::document::{Document, with_line_feeds};
    pub use crate::xml::element::{Attribute, Element, Sequence};
    pub use crate::xml::name;
    pub use crate::xml::name::Name;
    pub use crate::xml::walk::{Event, Walk};
    pub use crate::xmlenc::algorithm::DataEncryption;
    pub use crate::xmlenc::encrypted::{EncryptedData, Surroundings};
}
