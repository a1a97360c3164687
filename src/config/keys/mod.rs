//! Keys: the secrets of sessions and tokens, and the service's own RSA keys.

pub(crate) mod identity_token;
pub(crate) mod session_keys;
pub(crate) mod sp_keys;

/// The form of a secret that holds keys.
pub(crate) const KEYS: &str = "keys of 32 octets in base64url, separated by commas";
