//! Which codes a refusal may have.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use saml_verify::dsig::Sha1;
use saml_verify::error::Refusal;

use crate::manifest::Entry;

/// The code of a refusal, or `accepted`.
pub(crate) fn code<T>(outcome: &Result<T, Refusal>) -> &'static str {
    outcome.as_ref().map_or_else(|refusal| refusal.code(), |_| "accepted")
}

/// Whether this build takes SHA-1.
pub(crate) const fn sha1() -> Sha1 {
    if cfg!(saml_verify_legacy_vectors) { Sha1::Allowed } else { Sha1::Refused }
}

/// With which codes this build refuses an entry for its weak algorithms; empty when it has none or
/// they are taken.
pub(crate) fn weak(entry: &Entry, algorithms: &[&str]) -> Vec<&'static str> {
    let mut codes = Vec::new();
    let legacy = entry.list("legacy");
    if legacy.contains(&"hmac") {
        codes.push("signature_method_unsupported");
    }
    if cfg!(saml_verify_legacy_vectors) {
        return codes;
    }
    if legacy.contains(&"rsa1024") {
        codes.push("signing_key_unsupported");
    }
    if legacy.contains(&"sha1") {
        codes.push("sha1_refused");
        // DSA and ECDSA are not taken with SHA-1, whatever an account says.
        let is_other = |it: &&str| it.contains("dsa-sha1");
        codes.extend(algorithms.iter().any(is_other).then_some("signature_method_unsupported"));
    }
    codes
}

/// The codes that answer to one of the manifest's checks; `None` for a check that is not in the
/// table, as other manifests may have. A refusal for another reason would be one by accident.
pub(crate) fn answers(check: &str) -> Option<Vec<&'static str>> {
    let (name, details) = match check.split_once('(') {
        Some((_, details)) => ("", details.trim_end_matches(')')),
        None => (check.split(':').next().unwrap_or(check), ""),
    };
    let name = name.trim_end_matches(|it: char| it == '-' || it.is_ascii_digit());
    let names = details.split(',').chain([name]).filter(|name| !name.is_empty());
    let codes: Option<Vec<_>> = names.map(|name| TABLE.get(name)).collect();
    Some(codes?.into_iter().flatten().map(String::as_str).collect())
}

static TABLE: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("codes.toml")).expect("a table of codes"));
