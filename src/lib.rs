//! saml-edge

#[cfg(all(feature = "legacy-vectors", target_arch = "wasm32"))]
compile_error!(
    "legacy-vectors is for the corpus test alone: the Worker takes no RSA below 2048 bits"
);

pub mod c14n;
pub mod dsig;
pub mod encoding;
pub mod error;
pub mod form;
pub mod limits;
pub mod saml;
pub mod service;
pub mod time;
pub mod xml;
pub mod xmlenc;

#[cfg(target_arch = "wasm32")]
mod worker;
