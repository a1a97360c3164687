//! What the product hears of logins that were refused.

use crate::error::Error;
use crate::ledger::events::event::Origin;
use crate::ledger::logins::claim::Refuse;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
/// Who is to be named in the events of a login; `None` where nobody hears of them.
pub(crate) fn origin(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: String,
) -> Option<Origin> {
    let account = account.to_string();
    cx.config.webhook.as_ref().map(|_| Origin { account, reference })
}

/// Lets the product hear of a refusal.
///
/// Only for messages whose signature held under the account's keys and that were for us, now:
/// anybody can post garbage, and must not be able to make a webhook of it. An authentic
/// message that is posted again and again makes one event a code. What it says is told
/// nowhere: the code is ours, and so are account and reference.
pub(crate) async fn publish_refusal(
    cx: &Service<'_, impl Platform>,
    error: &Error,
    refuse: Refuse,
    account: &AccountId,
) {
    match error {
        Error::Denied(_) | Error::Refused(_) => {
            // The user is refused all the same, and the log has the line.
            let _ = cx.ledger.ask(account, &refuse).await;
        }
        // Row E2.
        Error::Fault(_) | Error::Metadata(_) | Error::Opened(_) => {}
    }
}
