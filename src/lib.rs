//! saml-edge
