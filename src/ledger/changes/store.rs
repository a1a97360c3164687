//! The store that changes of an account are written to.

use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;

/// What operators store for accounts. The platform implements it.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait AccountStore {
    /// Everything stored for `account`; it may be a minute stale.
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault>;

    /// Replaces what is stored for `account`, in the order that lets in nobody meanwhile
    /// ([`crate::model::trust::settings_go_first`]).
    async fn write(
        &self,
        account: &AccountId,
        before: &Stored,
        after: &Stored,
    ) -> Result<(), Fault>;
}
