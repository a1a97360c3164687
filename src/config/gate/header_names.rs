//! Names of headers that the gate sets or removes.

use std::borrow::Cow;

/// Headers of one connection, not of the message (RFC 9110 §7.6.1). The runtime itself removes
/// Connection and the headers that it names.
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

/// Beginnings of headers that name the user, the client or the address, and are true only if the
/// gate sets them. Some are those of other gates that an origin may have been behind. `x-original-`
/// and `x-rewrite-` make frameworks route by another path than the gate has checked
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

/// A name as CGI and its successors read it: in one case, with every other character the same.
pub(crate) fn folded(name: &str) -> Cow<'_, str> {
    if name.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return name.into();
    }
    let fold = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    name.chars().map(fold).collect()
}

/// Whether a folded name is that of a header that only the gate may set.
pub(crate) fn is_identity(folded: &str) -> bool {
    IDENTITY.iter().any(|it| folded.starts_with(it))
}

pub(crate) fn is_hop_by_hop(name: &str) -> bool {
    HOP_BY_HOP.contains(&name)
}
