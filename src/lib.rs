//! saml-edge

pub mod encoding;
pub mod error;
pub mod limits;
pub mod time;
