#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! 1. [`form`] takes one `SAMLResponse` out of a posted form, under a cap.
//! 2. `xml` parses the text within [`limits`]: no DTD, no comment, no ID twice.
//! 3. `saml/response/authenticate.rs` finds the one Assertion on the one path it may stand, and its
//!    signatures.
//! 4. [`dsig`] checks each under the caller's own keys and gives the octets that were signed.
//! 5. An encrypted element is decrypted in place by [`xmlenc`] and goes through steps 2 to 4 again.
//! 6. Everything else is read from a fresh parse of those octets alone.
//! 7. `saml/response/profile.rs` checks the rules of the Web Browser SSO profile at `now`, and
//!    gives an [`Accepted`].
//! 8. [`Accepted::claim`] uses up the replay key and gives the [`Claims`].
//!
//! Every failure on the way ends in an [`error::Refusal`] with a stable code.
//!
//! # The modules
//!
//! A module imports only from modules above it in this list.
//!
//! | Module | What is in it |
//! |---|---|
//! | `limits` | the size of everything that is read, each with its reason |
//! | `error` | every refusal, its code and its kind |
//! | `encoding` | base64, hexadecimal digits, DEFLATE |
//! | `form` | the form that carries a Response |
//! | `time` | points in time |
//! | `xml` | XML 1.0, its namespaces, and the only use of the parser |
//! | `c14n` | Canonical XML 1.0 and 1.1, Exclusive Canonical XML |
//! | `dsig` | XML Signature: keys, certificates, verification, signing |
//! | `xmlenc` | XML Encryption |
//! | `saml/protocol` | what all protocol messages share (Core §3.2) |
//! | `saml/encrypted_element` | EncryptedAssertion and EncryptedID, decrypted in place |
//! | `saml/assertion` | the Assertion (Core §2) |
//! | `saml/metadata` | metadata of an IdP, and of a service provider (Metadata §2) |
//! | `saml/bindings` | HTTP Redirect and HTTP POST (Bindings §3.4, §3.5) |
//! | `saml/response` | from a Response to an accepted sign-in (Profiles §4.1) |
//! | `saml/logout` | single logout (Profiles §4.4) |
//! | `saml` | AuthnRequest, and the public names |
//!
//! # Where to start reading
//!
//! `saml/response/authenticate.rs` is steps 3 to 6, `dsig/verify.rs` is where trust begins, and
//! `saml/response/profile.rs` holds the rules in the order of the profile. Rows in comments, such
//! as F5, are those of `docs/threat-model.md` in the repository.

#[cfg(all(saml_verify_legacy_vectors, any(target_arch = "wasm32", not(debug_assertions))))]
compile_error!("saml_verify_legacy_vectors is for this repository's corpus test alone");

mod c14n;
pub mod dsig;
mod encoding;
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
    pub use crate::dsig::algorithm::{Digest, SignatureMethod};
    pub use crate::dsig::key::{InvalidSignature, verify_octets};
    pub use crate::dsig::signature::Signature;
    pub use crate::dsig::verify::{SignedOctets, verify_signature};
    pub use crate::saml::bindings::incoming::Carried;
    pub use crate::saml::bindings::redirect::decode_message;
    pub use crate::saml::bindings::signed_query::SignedQuery;
    pub use crate::saml::response::authenticate::{Authentic, Message, Sealed, read_message};
    pub use crate::xml::document::{Document, with_line_feeds};
    pub use crate::xml::element::{Attribute, Element};
    pub use crate::xml::name;
    pub use crate::xml::name::Name;
    pub use crate::xml::sequence::Sequence;
    pub use crate::xml::walk::{Event, Walk};
    pub use crate::xmlenc::algorithm::DataEncryption;
    pub use crate::xmlenc::encrypted::{EncryptedData, Surroundings};

    pub mod encoding {
        pub use crate::encoding::{base64_decode, base64_encode, deflate, hex, inflate};
    }
}
