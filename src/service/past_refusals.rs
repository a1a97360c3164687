//! The last sign-ins that were refused, for the account's administrators.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::service::account::AccountId;
use crate::service::context::{Platform, Service};
use crate::service::error::Error;
use crate::service::ledger::Ledger;
use crate::service::report::Failed;

/// A sign-in that was refused. Nothing of its message is in it: code and words are ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRefusal {
    /// When, in Unix seconds.
    pub at: i64,
    /// The rule that it broke.
    pub code: String,
    /// The same in words.
    pub detail: String,
    /// Names it in the log and on its error page.
    pub reference: String,
}

impl PastRefusal {
    /// Most that an account keeps: a page of them.
    pub const KEPT: i64 = 20;

    /// For how many seconds no second one is kept of a code: whoever has one message that the IdP
    /// signed can post it all day.
    pub const PAUSE: i64 = 60;
}

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
        let _ = cx.ledger.note_refusal(account, &refusal).await;
    }
}
