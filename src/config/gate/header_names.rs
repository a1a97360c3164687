//! Names of headers that a gate sets or drops.

use std::borrow::Cow;
/// Of one connection, not of the message (RFC 9110 §7.6.1). The runtime keeps Connection itself, and
/// what it names, from a Worker.
pub(crate) const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Says who is there, from where, or what was asked for: true only when it comes from the gate. Some
/// are those of other gates, in front of which an origin may have been before; `x-original-` and
/// `x-rewrite-` make frameworks route by another path than the one that was judged
/// (GHSA-7x63-xv5r-3p2x).
pub(crate) const IDENTITY: [&str; 13] = [
    "cf-access-",
    "client-ip",
    "forwarded",
    "remote-",
    "true-client-ip",
    "x-auth-request-",
    "x-client-ip",
    "x-forwarded-",
    "x-original-",
    "x-real-ip",
    "x-remote-",
    "x-rewrite-",
    "x-saml-",
];

/// As origins in the manner of CGI read a name: letters in one case, and all else alike.
pub(crate) fn folded(name: &str) -> Cow<'_, str> {
    // Most are spelled as they are read.
    if name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return name.into();
    }
    let fold = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    name.chars().map(fold).collect()
}

/// Whether a header that the gate vouches for has this name, in any spelling.
pub(crate) fn is_identity(folded: &str) -> bool {
    IDENTITY.iter().any(|it| folded.starts_with(it))
}

pub(crate) fn is_hop_by_hop(name: &str) -> bool {
    HOP_BY_HOP.contains(&name)
}
