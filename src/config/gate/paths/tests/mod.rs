//! The rules of paths, and the spellings that lead past none of them.

mod alphabets;
mod disguises;
mod rules;

use url::Url;

use crate::config::gate::paths::{PathRules, path_roles, public_paths};

pub(super) fn rules(public: &str, roles: &str) -> PathRules {
    let known = ["admin", "finance", "support"].map(str::to_owned);
    let public = if public.is_empty() { Vec::new() } else { public_paths(public).unwrap() };
    let roles = if roles.is_empty() { Vec::new() } else { path_roles(roles, &known).unwrap() };
    PathRules { public, roles }
}

/// What a path is to a user with the role finance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// It is refused, since it has several readings.
    Ambiguous,
    /// It needs another role.
    Forbidden,
    /// It is open to everyone.
    Public,
    /// It needs a session, and no more than that role.
    SignedIn,
}

pub(super) fn access(rules: &PathRules, path: &str) -> Access {
    match rules.demands(path) {
        None => Access::Ambiguous,
        Some(demands) if demands.unmet_by("finance").is_some() => {
            assert!(!demands.is_public, "{path}");
            Access::Forbidden
        }
        Some(demands) if demands.is_public => Access::Public,
        Some(_) => Access::SignedIn,
    }
}

/// A path as it is forwarded: characters outside ASCII are percent-encoded.
pub(super) fn forwarded(path: &str) -> String {
    Url::parse("https://origin.invalid").unwrap().join(path).unwrap().path().to_owned()
}
