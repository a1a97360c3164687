//! Our entity id and Reply URL towards an account's IdP, and which accounts could share them.
//!
//! Two accounts of one directory have one Issuer and often one key, so their addresses tell them
//! apart (rows G1, G2):
//!
//! - In its own mode an account has a Reply URL with its id in the path.
//! - In the shared mode all have one Reply URL. An account whose entity id ends in `#{account}` has
//!   the same fragment on its Reply URL; it never reaches this server, but stands in the signed
//!   Recipient.
//!
//! A fragment is always the account's own id. So whatever an IdP makes of a fragment in Audience,
//! an account that has one also has a Reply URL that is no other account's.

use crate::config::parse::Config;
use crate::error::Fault;
use crate::error::settings::{InvalidEntityId, InvalidSettings};
use crate::http::routes::Route;
use crate::model::account_id::AccountId;
use crate::model::acs::Acs;
use crate::model::entity_id::{own_entity_id, owner};
use crate::model::settings::AccountSettings;

/// What an account's IdP knows us by.
#[derive(Debug, PartialEq, Eq)]
pub struct Addresses {
    pub(crate) entity_id: String,
    pub(crate) acs_url: String,
    pub(crate) acs: Acs,
    /// Whether no other account can have both this entity id and this Reply URL, whatever its
    /// settings say. Then no message for one account could ever be taken at another.
    pub(crate) is_unique: bool,
}

impl Addresses {
    /// Works out what the settings of `id` come to.
    pub fn of(id: &AccountId, settings: &AccountSettings, config: &Config) -> Result<Self, Fault> {
        let base = config.base_url();
        let own = own_entity_id(base, id.as_str());
        let acs = settings.acs.unwrap_or(config.defaults.acs);
        let default = match acs {
            Acs::Own => &own,
            Acs::Shared => &config.defaults.entity_id,
        };
        let entity_id = settings.entity_id.as_ref().unwrap_or(default);
        let (bare, fragment) = match entity_id.split_once('#') {
            Some((bare, fragment)) => (bare, Some(fragment)),
            None => (entity_id.as_str(), None),
        };
        if fragment.is_some_and(|fragment| fragment != id.as_str()) {
            return Err(invalid(InvalidEntityId::Fragment));
        }
        let owner = owner(bare, base);
        if owner.is_some_and(|owner| owner != *id) {
            return Err(invalid(InvalidEntityId::OfAnotherAccount));
        }
        let acs_url = match (acs, fragment) {
            (Acs::Own, _) => Route::Acs(id.clone()).url(config),
            (Acs::Shared, None) => shared_acs_url(config),
            (Acs::Shared, Some(fragment)) => format!("{}#{fragment}", shared_acs_url(config)),
        };
        let is_unique = acs == Acs::Own || fragment.is_some() || *entity_id == own;
        Ok(Self { entity_id: entity_id.clone(), acs_url, acs, is_unique })
    }

    /// The addresses of every account in the shared mode that has no entity id of its own.
    pub(crate) fn shared(config: &Config) -> Self {
        let entity_id = config.defaults.entity_id.clone();
        Self { entity_id, acs_url: shared_acs_url(config), acs: Acs::Shared, is_unique: false }
    }

    /// The addresses at which the IdP of `id` may end sessions: the account's own, which every
    /// account has, and that of all accounts.
    pub(crate) fn slo_urls(&self, id: &AccountId, config: &Config) -> Vec<String> {
        let shared = shared_slo_url(config);
        let fragment =
            self.acs_url.split_once('#').map(|(_, fragment)| format!("{shared}#{fragment}"));
        [slo_url(id, config), shared].into_iter().chain(fragment).collect()
    }

    /// Our entity id.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Whether no other account can have both, whatever its settings say.
    pub const fn is_unique(&self) -> bool {
        self.is_unique
    }

    /// `page` for the redirect that ends a login. Browsers would carry the Reply URL's fragment on
    /// to a page that has none, not even an empty one (RFC 9110 §10.2.2).
    pub(crate) fn landing(&self, page: String) -> String {
        let carries = self.acs_url.contains('#') && !page.contains('#');
        if carries { page + "#" } else { page }
    }
}

/// The Reply URL of all accounts.
pub(crate) fn shared_acs_url(config: &Config) -> String {
    Route::SharedAcs.url(config)
}

/// Whether several accounts could have these addresses, by how they are made.
pub(crate) fn is_shared(entity_id: &str, acs_url: &str) -> bool {
    acs_url
        .strip_suffix(&*Route::SharedAcs.path())
        .is_some_and(|base| owner(entity_id, base).is_none())
}

/// An account's own address for single logout.
pub(crate) fn slo_url(id: &AccountId, config: &Config) -> String {
    Route::Slo(id.clone()).url(config)
}

/// The single logout address that all accounts share.
pub(crate) fn shared_slo_url(config: &Config) -> String {
    Route::SharedSlo.url(config)
}

const fn invalid(reason: InvalidEntityId) -> Fault {
    Fault::SettingsInvalid(InvalidSettings::EntityId(reason))
}
