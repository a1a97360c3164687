//! One side of a change: the account before it or after it.

use saml_verify::saml::IdpMetadata;

use crate::account::addresses::Addresses;
use crate::config::parse::Config;
use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;

/// The account before or after a change.
pub(crate) struct Side {
    pub(crate) idp: Option<IdpMetadata>,
    pub(crate) settings: AccountSettings,
    pub(crate) addresses: Addresses,
}

impl Side {
    pub(crate) fn of(account: &AccountId, stored: &Stored, config: &Config) -> Result<Self, Fault> {
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(account, &settings, config)?;
        // What is stored may be unusable, which is a reason to change it.
        let idp = stored.metadata.as_deref().map(IdpMetadata::parse).and_then(Result::ok);
        Ok(Self { idp, settings, addresses })
    }
}
