//! Setup links.

use serde::{Deserialize, Serialize};
/// A setup link, as the account's ledger keeps it. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupLink {
    /// Names it; it is no secret.
    pub id: String,
    /// Whom it is for, in the operator's words.
    pub note: Option<String>,
    /// When it was made.
    pub created: i64,
    /// From when on it is over.
    pub expires: i64,
    /// When it was last opened.
    pub opened: Option<i64>,
}
