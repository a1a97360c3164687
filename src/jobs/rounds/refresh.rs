//! Refreshes metadata from the addresses that accounts follow.

use saml_verify::time::UnixTime;

use crate::account::refresh;
use crate::account::refresh::Refreshed;
use crate::error::Fault;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// Fetches the account's metadata, where it has a `metadata_url`. Returns a line for the log, where
/// the metadata changed or could not be used.
pub(super) async fn refresh_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let refreshed = refresh::refresh(cx, account, reference, now).await?;
    let is_news = !matches!(refreshed, Refreshed::Unchanged | Refreshed::Unfollowed);
    let line = || LogLine::refresh(refreshed.code(), account, reference).line();
    Ok(is_news.then(line).flatten())
}
