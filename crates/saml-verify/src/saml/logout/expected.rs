//! What a caller expects of a message of single logout.

use crate::dsig::algorithm::Sha1;
use crate::saml::metadata::idp::IdpMetadata;
use crate::saml::response::expected::Skew;

/// What a message of single logout must say to be for this service provider. All of it comes from
/// configuration.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedLogout<'a> {
    /// The IdP: its entity id and the keys it may sign with.
    pub idp: &'a IdpMetadata,
    /// The URLs of which Destination must be one, compared octet by octet.
    pub addresses: &'a [String],
    /// The tolerated difference from the IdP's clock.
    pub skew: Skew,
    /// Whether signatures with SHA-1 are accepted.
    pub sha1: Sha1,
    /// Whether a LogoutRequest without a signature is accepted.
    pub unsigned: bool,
}
