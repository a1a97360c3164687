//! The identity token: a JWT (RFC 7519) signed with ES256, and the key set that verifies it.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::crypto::keys::Keys;
use crate::encoding::base64url_encode;
use crate::error::Fault;

/// The keys of `TOKEN_KEYS`: the current one signs, and all of them are published.
pub(crate) struct TokenKeys {
    current: SigningKey,
    /// The current key's JOSE header, encoded.
    header: String,
    jwks: String,
}

impl TokenKeys {
    /// `None` unless every secret is a P-256 scalar.
    pub(crate) fn new(secrets: &Keys) -> Option<Self> {
        let keys = secrets.map(|secret| SigningKey::from_slice(secret.octets()).ok()).whole()?;
        let public = keys.map(PublicKey::of).whole()?;
        let kid = public.current().kid();
        let header = format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"JWT"}}"#);
        let jwks: Vec<_> = public.all().map(PublicKey::jwk).collect();
        Some(Self {
            current: keys.current().clone(),
            header: base64url_encode(header.as_bytes()),
            jwks: format!(r#"{{"keys":[{}]}}"#, jwks.join(",")),
        })
    }

    /// The public keys as a JWK set (RFC 7517 §5).
    pub(crate) fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Signs `claims` (RFC 7515 §3.1, RFC 7518 §3.4). Deterministic, so it needs no entropy (RFC
    /// 6979).
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, Fault> {
        let claims = serde_json::to_vec(claims).map_err(|_| Fault::KeyUnusable)?;
        let signed = format!("{}.{}", self.header, base64url_encode(&claims));
        let signature: Signature =
            self.current.try_sign(signed.as_bytes()).map_err(|_| Fault::KeyUnusable)?;
        Ok(format!("{signed}.{}", base64url_encode(&signature.to_bytes())))
    }
}

/// Coordinates in base64url (RFC 7518 §6.2.1).
struct PublicKey {
    x: String,
    y: String,
}

impl PublicKey {
    fn of(key: &SigningKey) -> Option<Self> {
        let point = key.verifying_key().to_sec1_point(false);
        Some(Self { x: base64url_encode(point.x()?), y: base64url_encode(point.y()?) })
    }

    /// The key's thumbprint (RFC 7638 §3), whose members stand in this very order.
    fn kid(&self) -> String {
        let Self { x, y } = self;
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        base64url_encode(&Sha256::digest(members))
    }

    fn jwk(&self) -> String {
        let (Self { x, y }, kid) = (self, self.kid());
        format!(
            "{{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kid\":\"{kid}\",\"kty\":\"EC\",\
             \"use\":\"sig\",\"x\":\"{x}\",\"y\":\"{y}\"}}"
        )
    }
}
