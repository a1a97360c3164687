//! Which Assertion Consumer Service an account has.

use serde::{Deserialize, Serialize};
/// Where an account's IdP posts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acs {
    /// The account's own Reply URL.
    #[default]
    Own,
    /// The Reply URL of all accounts.
    Shared,
}

impl Acs {
    /// Reads `DEFAULT_ACS`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "own" => Some(Self::Own),
            "shared" => Some(Self::Shared),
            _ => None,
        }
    }
}
