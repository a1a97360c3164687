//! What operators store for each account. The platform implements it.

use std::time::Duration;

use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;

/// Trust data and settings. They may be a minute stale, so nothing that must happen once is here.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Accounts {
    /// Everything stored for `account`, whether it exists or not.
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault>;

    /// The stored text of one kind, without the others.
    async fn text(&self, account: &AccountId, kind: StoredKind) -> Result<Option<String>, Fault>;

    /// One page of the accounts for which this kind is stored, ordered by id, after `cursor`.
    async fn list(
        &self,
        kind: StoredKind,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AccountPage, Fault>;

    /// Looks an email address up by its digest, and its domain if one is given.
    async fn look_up(&self, digest: &str, domain: Option<&str>) -> Result<DirectoryHit, Fault>;

    /// Replaces the directory's entry for an address. The new one expires after `lasts`, which is
    /// at least a minute.
    async fn add_to_directory(
        &self,
        digest: &str,
        directory: &str,
        lasts: Duration,
    ) -> Result<(), Fault>;

    /// Removes the directory's entry for an address, if there is one.
    async fn remove_from_directory(&self, digest: &str) -> Result<(), Fault>;
}

/// The kinds of values that are stored for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredKind {
    /// [`Stored::metadata`].
    Metadata,
    /// [`Stored::settings`].
    Settings,
}

/// A page of a list of accounts.
#[derive(Clone, Debug, Default)]
pub struct AccountPage {
    /// The ids, as they are stored. An operator may have written one that is not valid.
    pub ids: Vec<String>,
    /// Where the next page begins, if there may be more. An empty page may have a next one.
    pub next: Option<String>,
}

/// The accounts found for an email address. They are candidates, and are not trusted.
#[derive(Clone, Debug, Default)]
pub struct DirectoryHit {
    /// The ids of the accounts that it signed in to, as a JSON list that this service wrote.
    pub directory: Option<String>,
    /// The id of the account that an operator set for its domain.
    pub domain: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_settings_that_nobody_names() {
        let json = r#"{"force_authn":true,"entity_id":"urn:x"}"#.to_owned();
        let stored = Stored { metadata: None, settings: Some(json) };
        let settings = stored.settings_with([("entity_id", None)]).unwrap();
        assert_eq!(settings.as_deref(), Some(r#"{"force_authn":true}"#));
        let stored = Stored { settings, ..stored };
        assert_eq!(stored.settings_with([("force_authn", None)]).unwrap(), None);
    }
}
