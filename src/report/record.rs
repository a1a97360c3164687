//! The last refused sign-ins, for the account’s administrators.

use saml_verify::time::UnixTime;

use crate::error::Error;
use crate::ledger::logins::past_refusals::{NoteRefusal, PastRefusal};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::report::check::Failed;

/// Records a refusal for the administrators, if the account's IdP has signed the message: anyone
/// can post other messages.
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
        // If this fails, the user is refused all the same, and the log has the line.
        let _ = cx.ledger.ask(account, &NoteRefusal(refusal)).await;
    }
}
