//! saml-edge

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

#[cfg(target_arch = "wasm32")]
mod worker;
pub mod xmlenc;
