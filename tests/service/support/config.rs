//! The configuration of a deployment in a test, and its keys.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saml_edge::Config;

pub(crate) const BASE_URL: &str = "https://edge.example";

/// A secret of 32 equal octets, as `keygen` would write it.
pub(crate) fn secret(octet: u8) -> String {
    URL_SAFE_NO_PAD.encode([octet; 32])
}

/// A private key, and with it its certificate.
pub(crate) const SP_KEY: &str = include_str!("../../common/sp.key.pem");

pub(crate) fn sp_key() -> String {
    let certificate = include_str!("../../common/sp.certificate.b64");
    format!("{SP_KEY}-----BEGIN CERTIFICATE-----\n{certificate}-----END CERTIFICATE-----\n")
}

/// The base64 of that certificate, on one line.
pub(crate) fn sp_certificate() -> String {
    include_str!("../../common/sp.certificate.b64").replace('\n', "")
}

/// Vars and secrets that pass.
pub(crate) fn vars() -> HashMap<&'static str, String> {
    HashMap::from([
        ("BASE_URL", BASE_URL.to_owned()),
        ("ACCOUNT_CLAIM", "account_id".to_owned()),
        ("NAME_CLAIM", "full_name".to_owned()),
        ("ROLE_CLAIM", "role".to_owned()),
        ("ROLES", "account_administrator,developer,finance".to_owned()),
        ("SESSION_SECONDS", "28800".to_owned()),
        ("CLOCK_SKEW_SECONDS", "60".to_owned()),
        ("SESSION_KEYS", secret(1)),
        ("TOKEN_KEYS", secret(2)),
    ])
}

/// The passing vars with some replaced.
pub(crate) fn config_with(changes: &[(&'static str, &str)]) -> Config {
    let mut vars = vars();
    vars.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Config::parse(|name| vars.get(name).cloned()).expect("a good configuration")
}
