//! Conditional requests (RFC 9110 §13), by which two administrators cannot overwrite each other's
//! changes unseen.

use crate::admin::wire::problem::Problem;
use crate::error::denial::AccountDenial;
use crate::http::request::Request;
use crate::model::stored::Stored;

/// The entity tag of everything that is stored for an account.
pub(in crate::admin) fn etag(stored: &Stored) -> String {
    format!("\"{}\"", stored.revision())
}

/// Refuses to replace a resource that the client has not seen.
///
/// If the resource `exists`, If-Match must hold the tag of the account, for which `current` is
/// stored. Creating it needs no condition; `If-None-Match: *` states that nothing may be replaced.
/// If anything else is stored for the account, its tag is accepted when creating, too.
pub(in crate::admin) fn require_seen(
    request: &Request<'_>,
    current: &Stored,
    exists: bool,
) -> Result<(), Problem> {
    if exists && request.if_none_match.is_some() {
        return Err(Problem::AlreadyExists);
    }
    match request.if_match {
        None if exists => Err(Problem::IfMatchMissing),
        None => Ok(()),
        Some(tags) if *current != Stored::default() && matches(tags, &etag(current)) => Ok(()),
        Some(_) => Err(AccountDenial::AccountChanged.into()),
    }
}

fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
}
