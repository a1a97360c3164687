//! `ACCOUNT_CLAIM`, `NAME_CLAIM` and `ROLE_CLAIM`: the names of claims.

use crate::config::vars::Vars;

/// The names of the claims that are read, for all accounts of the deployment.
pub(crate) struct ClaimNames {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) role: String,
}

impl ClaimNames {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let account = vars.take("ACCOUNT_CLAIM", "a claim's name", name);
        let name_claim = vars.take("NAME_CLAIM", "a claim's name", name);
        let role = vars.take("ROLE_CLAIM", "a claim's name", name);
        Some(Self { account: account?, name: name_claim?, role: role? })
    }
}

/// Reads the name of a claim or an audience.
pub(crate) fn name(text: &str) -> Option<String> {
    let named = text.len() <= 256 && text.chars().all(|character| !character.is_control());
    named.then(|| text.to_owned())
}
