//! What operators store for each account. The platform implements it.

use crate::service::{AccountId, Fault};

/// Trust data and settings. They may be a minute stale, so nothing that must happen once is here.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Accounts {
    /// Everything stored for `account`, whether it exists or not.
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault>;
}

/// What is stored for one account.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// IdP metadata, exactly as uploaded; `None` where SSO is not enabled.
    pub metadata: Option<String>,
    /// Settings as JSON ([`crate::service::AccountSettings`]).
    pub settings: Option<String>,
}
