//! Verifies SAML 2.0 messages.

pub mod c14n;
pub mod dsig;
pub mod encoding;
pub mod error;
pub mod form;
pub mod limits;
pub mod saml;
pub mod time;
pub mod xml;
pub mod xmlenc;
