//! The last sign-ins that were refused, for the account's administrators.

use serde::{Deserialize, Serialize};

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
