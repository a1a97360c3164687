//! Looks at the addresses that metadata follows.

use crate::service::Service;
use crate::service::account::AccountId;
use crate::service::error::Fault;
use crate::service::ledger::Ledger;
use crate::service::log::Event as Line;
use crate::service::private_keys::PrivateKeys;
use crate::service::refresh::Refreshed;
use crate::service::store::Accounts;
use crate::time::UnixTime;

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Fetches the account's metadata anew, where it has a `metadata_url`. Returns the log's line of what
    /// came of that.
    pub(super) async fn look_at_address(
        &self,
        account: &AccountId,
        reference: &str,
        now: UnixTime,
    ) -> Result<Option<String>, Fault> {
        let refreshed = self.refresh(account, reference, now).await?;
        let is_news = !matches!(refreshed, Refreshed::Unchanged | Refreshed::Unfollowed);
        let line = || Line::refresh(refreshed.code(), account, reference).line();
        Ok(is_news.then(line).flatten())
    }
}
