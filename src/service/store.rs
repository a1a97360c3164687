//! What operators store for each account. The platform implements it.

use std::time::Duration;

use saml_verify::encoding::base64url_encode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::service::{AccountId, Fault};

/// Trust data and settings. They may be a minute stale, so nothing that must happen once is here.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Accounts {
    /// Everything stored for `account`, whether it exists or not.
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault>;

    /// That of it alone which is of that kind.
    async fn text(&self, account: &AccountId, kind: Kind) -> Result<Option<String>, Fault>;

    /// Some of the accounts of which that is stored, in the order of their ids, from behind `cursor`.
    async fn names(&self, kind: Kind, cursor: Option<&str>, limit: u32) -> Result<Names, Fault>;

    /// What is known of an e-mail address: of its digest, and of its domain where that is asked for.
    async fn known(&self, digest: &str, domain: Option<&str>) -> Result<Known, Fault>;

    /// Replaces the directory's entry for an address, by one that ends by itself after `lasts`: a minute
    /// at least.
    async fn enter(&self, digest: &str, directory: &str, lasts: Duration) -> Result<(), Fault>;

    /// Removes the directory's entry for an address, if there is one.
    async fn leave(&self, digest: &str) -> Result<(), Fault>;
}

/// Characters of a SHA-256 in base64url.
const DIGEST: usize = 43;

/// What is stored for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// IdP metadata, exactly as uploaded; `None` where SSO is not enabled.
    pub metadata: Option<String>,
    /// Settings as JSON ([`crate::service::AccountSettings`]).
    pub settings: Option<String>,
}

impl Stored {
    /// Names all that is stored: whoever changes or deletes any of it begins another epoch. It is a digest
    /// of the metadata and one of the settings, since the store may be stale in either of them.
    pub fn epoch(&self) -> String {
        let digest = |text: &Option<String>| {
            let mut hash = Sha256::new();
            // An absent text is not an empty one.
            hash.update([u8::from(text.is_some())]);
            hash.update(text.as_deref().unwrap_or_default());
            base64url_encode(&hash.finalize())
        };
        digest(&self.metadata) + &digest(&self.settings)
    }

    /// The two digests in what [`Self::epoch`] gave. An older release gave one digest of both.
    pub(crate) fn parts_of(epoch: &str) -> Option<(&str, &str)> {
        epoch.split_at_checked(DIGEST).filter(|(_, settings)| settings.len() == DIGEST)
    }

    /// The settings as they stand, none of them read.
    pub(crate) fn settings_object(&self) -> Result<Map<String, Value>, Fault> {
        let json = self.settings.as_deref().unwrap_or("{}");
        serde_json::from_str(json).map_err(|error| Fault::SettingsInvalid(error.to_string()))
    }

    /// The settings with these in place of what they were, `None` for their defaults; all others stay.
    pub(crate) fn settings_with(
        &self,
        changes: impl IntoIterator<Item = (&'static str, Option<Value>)>,
    ) -> Result<Option<String>, Fault> {
        let mut settings = self.settings_object()?;
        for (name, value) in changes {
            match value {
                Some(value) => settings.insert(name.to_owned(), value),
                None => settings.remove(name),
            };
        }
        Ok((!settings.is_empty()).then(|| Value::Object(settings).to_string()))
    }
}

/// What of an account may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// [`Stored::metadata`].
    Metadata,
    /// [`Stored::settings`].
    Settings,
}

/// A page of a list of accounts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Their ids, as far as operators write no others.
    pub ids: Vec<String>,
    /// Where the next page begins, if there may be more: also of a page without any.
    pub next: Option<String>,
}

/// What is known of one e-mail address. It says whom to ask, never whom to trust.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Ids of the accounts that it signed in to, as this service has written them: a list in JSON.
    pub directory: Option<String>,
    /// Id of the account that operators gave its domain to.
    pub domain: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_settings_that_nobody_names() {
        let json = r#"{"force_authn":true,"entity_id":"urn:x"}"#.to_owned();
        let stored = Stored { metadata: None, settings: Some(json) };
        let settings = stored.settings_with([("entity_id", None)]).unwrap();
        assert_eq!(settings.as_deref(), Some(r#"{"force_authn":true}"#));
        let stored = Stored { settings, ..stored };
        assert_eq!(stored.settings_with([("force_authn", None)]).unwrap(), None);
    }
}
