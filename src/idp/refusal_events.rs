//! Events for the product's webhook about logins that were refused.

use crate::error::Error;
use crate::ledger::events::event::Origin;
use crate::ledger::logins::claim::Refuse;
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
/// The context of the events of a login; `None` without a webhook.
pub(crate) fn origin(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: String,
) -> Option<Origin> {
    let account = account.to_string();
    cx.config.webhook.as_ref().map(|_| Origin { account, reference })
}

/// Publishes a refusal to the product's webhook.
///
/// Only for messages whose signature held under the account's keys and that were for us, now:
/// forged messages must not be able to cause webhook calls. An authentic
/// message that is posted repeatedly makes one event for each code. The event holds nothing of
/// the message: code, account and reference are ours.
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
