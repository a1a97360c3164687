//! What is stored for one account.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::encoding::base64url_encode;
use crate::error::Fault;
use crate::error::settings::InvalidSettings;

/// Characters of a SHA-256 in base64url.
pub(crate) const DIGEST: usize = 43;

/// What is stored for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// IdP metadata, exactly as uploaded; `None` where SSO is not enabled.
    pub metadata: Option<String>,
    /// Settings as JSON ([`crate::model::settings::AccountSettings`]).
    pub settings: Option<String>,
}

impl Stored {
    /// Names all that is stored: whoever changes or deletes any of it begins another epoch. It is a
    /// digest of the metadata and one of the settings, since the store may be stale in either of
    /// them.
    pub fn revision(&self) -> String {
        let digest = |text: &Option<String>| {
            let mut hash = Sha256::new();
            // An absent text is not an empty one.
            hash.update([u8::from(text.is_some())]);
            hash.update(text.as_deref().unwrap_or_default());
            base64url_encode(&hash.finalize())
        };
        digest(&self.metadata) + &digest(&self.settings)
    }

    /// The two digests in what [`Self::revision`] gave. An older release gave one digest of both.
    pub(crate) fn parts_of(revision: &str) -> Option<(&str, &str)> {
        revision.split_at_checked(DIGEST).filter(|(_, settings)| settings.len() == DIGEST)
    }

    /// The settings as they stand, none of them read.
    pub(crate) fn settings_object(&self) -> Result<Map<String, Value>, Fault> {
        let json = self.settings.as_deref().unwrap_or("{}");
        serde_json::from_str(json)
            .map_err(|error| Fault::SettingsInvalid(InvalidSettings::Malformed(error.to_string())))
    }

    /// The settings with these in place of what they were, `None` for their defaults; all others
    /// stay.
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
