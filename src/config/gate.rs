//! What the gate is before.

use crate::config::header_names::is_hop_by_hop;
use crate::config::paths::PathRules;
/// What is behind the gate, and whom it lets through.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) paths: PathRules,
    pub(crate) timeout_seconds: u32,
    /// In lower case.
    pub(crate) token_header: String,
    pub(crate) upstream: Upstream,
}

/// Where the origin is.
#[derive(Debug)]
pub(crate) enum Upstream {
    /// Another Worker, bound as `ORIGIN_SERVICE`.
    Service,
    /// An origin such as `https://origin.example.com`.
    Url(String),
    /// The server that the route's host names.
    Zone,
}

/// Reads `TOKEN_HEADER`: a header that means nothing else on the way.
pub(crate) fn token_header(text: &str) -> Option<String> {
    let name = text.to_ascii_lowercase();
    let word = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let usable = (1..=64).contains(&name.len())
        && name.chars().all(word)
        && !name.starts_with("x-forwarded-")
        && !name.starts_with("content-")
        && !name.starts_with("sec-")
        && !matches!(&*name, "x-saml-edge-account" | "x-saml-edge-name")
        && !is_hop_by_hop(&name)
        && !MEANT_OTHERWISE.contains(&&*name);
    usable.then_some(name)
}

pub(crate) const MEANT_OTHERWISE: [&str; 7] =
    ["accept", "authorization", "cache-control", "cookie", "forwarded", "host", "origin"];
