//! How what is done to an account is recorded.

use crate::ledger::audit::cause::Cause;
use crate::ledger::audit::journal::Journal;
use crate::ledger::audit::record::AuditRecord;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// The record of a change of `account`; its ledger makes the entry, and the event for the webhook.
pub(crate) fn record(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    cause: Cause<'_>,
) -> AuditRecord {
    AuditRecord::Journal(Journal::of(account.as_str(), cause, cx.config.webhook.is_some()))
}
