//! An account’s settings, as the page shows them.

use saml_verify::time::UnixTime;

use crate::account::addresses::Addresses;
use crate::config::parse::Config;
use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::model::settings::{AccountSettings, IdpInitiated};
use crate::model::stored::Stored;
use crate::settings::view::idp::StoredIdp;
use crate::settings::view::values::{ClaimLine, ValueLine, claims, entrances, values};
use crate::settings::view::words::{IDP_INITIATED, idp_initiated};

/// The settings, and the values to enter at the IdP.
#[derive(Debug)]
pub(crate) struct SettingsView {
    pub(crate) values: Vec<ValueLine>,
    /// Where people sign in.
    pub(crate) entrances: [ValueLine; 2],
    pub(crate) claims: Vec<ClaimLine>,
    pub(crate) idp: StoredIdp,
    pub(crate) settings: AccountSettings,
    /// Our entity id if the settings have none.
    pub(crate) default_entity_id: String,
}

impl SettingsView {
    pub(crate) fn of(
        account: &AccountId,
        stored: &Stored,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Fault> {
        let settings = AccountSettings::stored(stored.settings.as_deref())?;
        let addresses = Addresses::of(account, &settings, config)?;
        let default = AccountSettings { entity_id: None, ..settings.clone() };
        Ok(Self {
            values: values(account, &addresses, config),
            entrances: entrances(account, config),
            claims: claims(account, &settings, config),
            idp: StoredIdp::of(stored.metadata.as_deref(), now),
            default_entity_id: Addresses::of(account, &default, config)?.entity_id,
            settings,
        })
    }

    pub(crate) const fn is_on(&self) -> bool {
        matches!(self.idp, StoredIdp::Usable(_))
    }

    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self.idp, StoredIdp::Absent)
    }

    pub(crate) fn idp_initiated(&self) -> &'static str {
        idp_initiated(self.settings.idp_initiated())
    }

    /// The choices for IdP-initiated logins that operators allow.
    pub(crate) fn starts(&self) -> impl Iterator<Item = &(IdpInitiated, &str, &str)> {
        IDP_INITIATED.iter().filter(|(choice, ..)| *choice <= self.settings.idp_initiated)
    }

    /// The choices for IdP-initiated logins that operators do not allow.
    pub(crate) fn closed_starts(&self) -> impl Iterator<Item = &'static str> {
        let closed =
            IDP_INITIATED.iter().filter(|(choice, ..)| *choice > self.settings.idp_initiated);
        closed.map(|(_, label, _)| *label)
    }

    /// The e-mail domains that are in force.
    pub(crate) fn domains(&self) -> Option<Vec<String>> {
        self.settings.domains()
    }
}
