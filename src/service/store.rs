//! What operators store for each account. The platform implements it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::encoding::base64url_encode;
use crate::service::{AccountId, Fault};

/// Trust data and settings. They may be a minute stale, so nothing that must happen once is here.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Accounts {
    /// Everything stored for `account`, whether it exists or not.
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault>;

    /// That of it alone which is of that kind.
    async fn text(&self, account: &AccountId, kind: Kind) -> Result<Option<String>, Fault>;

    /// Some of the accounts of which that is stored, in the order of their ids, from behind `cursor`.
    async fn names(&self, kind: Kind, cursor: Option<&str>, limit: u32) -> Result<Names, Fault>;

    /// What is known of an e-mail address: of its digest, and of its domain where that is asked for.
    async fn known(&self, digest: &str, domain: Option<&str>) -> Result<Known, Fault>;

    /// Replaces the directory's entry for an address.
    async fn enter(&self, digest: &str, directory: &str) -> Result<(), Fault>;
}

/// What is stored for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// IdP metadata, exactly as uploaded; `None` where SSO is not enabled.
    pub metadata: Option<String>,
    /// Settings as JSON ([`crate::service::AccountSettings`]).
    pub settings: Option<String>,
}

impl Stored {
    /// A digest of all that is stored: whoever changes or deletes any of it begins another epoch.
    pub fn epoch(&self) -> String {
        let mut hash = Sha256::new();
        for text in [&self.metadata, &self.settings] {
            hash.update(text.as_ref().map_or(0, |text| text.len() + 1).to_string());
            hash.update(":");
            hash.update(text.as_deref().unwrap_or_default());
        }
        base64url_encode(&hash.finalize())
    }
}

/// What of an account may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
