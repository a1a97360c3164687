//! Conditional requests (RFC 9110 §13): two administrators cannot overwrite each other unseen.

use crate::admin::problem::Problem;
use crate::error::Denial;
use crate::http::request::Request;
use crate::model::stored::Stored;

/// The entity tag of all that is stored for an account.
pub(super) fn etag(stored: &Stored) -> String {
    format!("\"{}\"", stored.epoch())
}

/// Refuses to replace what the client has not seen: whatever `exists` takes an If-Match with the
/// tag of the account, of which `current` is stored. To create, nothing is needed; `If-None-Match:
/// *` says that nothing else is meant. The account's tag is taken there too, where anything is
/// stored for it.
pub(super) fn require_seen(
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
        Some(_) => Err(Denial::AccountChanged.into()),
    }
}

fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
}
