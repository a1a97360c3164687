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
    async fn text(&self, account: &AccountId, kind: Kind) -> Result<Option<String>, Fault>;

    /// Some of the accounts of which that is stored, in the order of their ids, from behind
    /// `cursor`.
    async fn names(&self, kind: Kind, cursor: Option<&str>, limit: u32) -> Result<Names, Fault>;

    /// What is known of an e-mail address: of its digest, and of its domain where that is asked
    /// for.
    async fn known(&self, digest: &str, domain: Option<&str>) -> Result<Known, Fault>;

    /// Replaces the directory's entry for an address, by one that ends by itself after `lasts`: a
    /// minute at least.
    async fn enter(&self, digest: &str, directory: &str, lasts: Duration) -> Result<(), Fault>;

    /// Removes the directory's entry for an address, if there is one.
    async fn leave(&self, digest: &str) -> Result<(), Fault>;
}

/// What of an account may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Stored::metadata`].
    Metadata,
    /// [`Stored::settings`].
    Settings,
}

/// A page of a list of accounts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Their ids, as far as operators write no others.
    pub ids: Vec<String>,
    /// Where the next page begins, if there may be more: also of a page without any.
    pub next: Option<String>,
}

/// What is known of one e-mail address. It says whom to ask, never whom to trust.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of the accounts that it signed in to, as this service has written them: a list in JSON.
    pub directory: Option<String>,
    /// Id of the account that operators gave its domain to.
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
