//! What an account has set.

use serde::{Deserialize, Serialize};
/// What becomes of signing certificates that the IdP publishes at the account's `metadata_url`, and
/// of whatever else is new there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewCertificates {
    /// They are trusted at once, as is all else but another entity id.
    Accept,
    /// New certificates wait for approval.
    #[default]
    Approve,
}

impl NewCertificates {
    /// As the settings say it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Approve => "approve",
        }
    }
}
