//! Fresh secrets.

use crate::encoding::base64url_encode;
use crate::service::keys::SecretKey;
use crate::service::token::TokenKeys;

/// `SESSION_KEYS` and `TOKEN_KEYS` as lines of a dotenv file, from random octets. `None` where
/// `token` is no P-256 scalar, once in four thousand million times: draw again.
pub fn dotenv(session: &[u8; 32], token: &[u8; 32]) -> Option<String> {
    let (session, token) = (base64url_encode(session), base64url_encode(token));
    TokenKeys::new(&[SecretKey::parse(&token)?])?;
    Some(format!("SESSION_KEYS='{session}'\nTOKEN_KEYS='{token}'\n"))
}
