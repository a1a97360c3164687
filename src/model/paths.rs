//! What paths of this service are made of. Entity ids are such paths too, so it is known down here.

/// What every path begins with, but for that of the identity token's keys.
pub(crate) const PREFIX: &str = "/sso/";

/// [`PREFIX`] without its slash, which leads to the start page.
pub(crate) const ROOT: &str = "/sso";

/// Where SP metadata is, below [`PREFIX`] or below an account.
pub(crate) const METADATA: &str = "metadata";

/// The path of `action` for one account.
pub(crate) fn of_account(account: &str, action: &str) -> String {
    format!("{PREFIX}{account}/{action}")
}

/// Whether a path is this service's own and never the origin's.
pub(crate) fn is_own(path: &str) -> bool {
    path == ROOT || path.starts_with(PREFIX)
}
