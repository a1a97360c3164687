//! The last sign-ins that were refused, for the account’s administrators.

use saml_verify::time::UnixTime;

use crate::error::Error;
use crate::ledger::past_refusals::{NoteRefusal, PastRefusal};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::report::check::Failed;
/// Keeps a refusal for the administrators to see. Only of messages that the account's IdP has
/// signed: strangers can post what they like, and make no line of it.
pub(crate) async fn note(
    cx: &Service<'_, impl Platform>,
    error: &Error,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) {
    if Failed::of(error).is_some_and(Failed::is_authentic) {
        let (code, detail) = (error.code().to_owned(), error.to_string());
        let reference = reference.to_owned();
        let refusal = PastRefusal { at: now.seconds(), code, detail, reference };
        // The user is refused all the same, and the log has the line.
        let _ = cx.ledger.ask(account, &NoteRefusal(refusal)).await;
    }
}
