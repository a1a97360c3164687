//! Entity ids.

use crate::model::account_id::AccountId;
use crate::model::paths;

/// Metadata §2.2.1 sets the length. Without white space and control characters no document can
/// change the id on its way.
pub(crate) fn is_entity_id(text: &str) -> bool {
    (1..=saml_verify::limits::ENTITY_ID_OCTETS).contains(&text.len())
        && !text.chars().any(|character| character.is_whitespace() || character.is_control())
}

/// Reads `DEFAULT_ENTITY_ID`: children append a fragment to it, and it is no account's own.
pub(crate) fn default_entity_id(text: &str, base: &str) -> Option<String> {
    let usable = is_entity_id(text) && !text.contains('#') && owner(text, base).is_none();
    usable.then(|| text.to_owned())
}

pub(crate) fn own_entity_id(base: &str, account: &str) -> String {
    format!("{base}{}", paths::of_account(account, paths::METADATA))
}

/// The account whose own entity id this is, existing or not. No other account may claim it.
pub(crate) fn owner(entity_id: &str, base: &str) -> Option<AccountId> {
    let path = entity_id.strip_prefix(base)?.strip_prefix(paths::PREFIX)?;
    AccountId::parse(path.strip_suffix(paths::METADATA)?.strip_suffix('/')?)
}
