//! saml-edge

pub mod c14n;
pub mod encoding;
pub mod error;
pub mod limits;
pub mod time;
pub mod xml;
