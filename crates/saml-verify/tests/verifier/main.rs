//! The verifier by its public API, and single steps of it by its hidden `internals`: each module
//! is named after what it tests.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot be set up must say so"
)]

mod c14n;
#[path = "../../../../tests/common/mod.rs"]
mod common;
mod document;
mod metadata;
mod one_byte;
mod opening;
mod profile;
mod redirect;
mod signature;
mod signature_value;
mod vectors;
mod wrapping;
mod xml_limits;
mod xmlenc;
