//! Looks at the addresses that metadata follows.

use saml_verify::time::UnixTime;

use crate::account::refresh;
use crate::account::refresh::Refreshed;
use crate::error::Fault;
use crate::log::Event as Line;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// Fetches the account's metadata anew, where it has a `metadata_url`. Returns the log's line of
/// what came of that.
pub(super) async fn look_at_address(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let refreshed = refresh::refresh(cx, account, reference, now).await?;
    let is_news = !matches!(refreshed, Refreshed::Unchanged | Refreshed::Unfollowed);
    let line = || Line::refresh(refreshed.code(), account, reference).line();
    Ok(is_news.then(line).flatten())
}
