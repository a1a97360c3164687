//! `DEFAULT_ACS` and `DEFAULT_ENTITY_ID`: the defaults for settings of accounts.

use crate::config::site::Site;
use crate::config::vars::Vars;
use crate::model::acs::Acs;
use crate::model::entity_id;
use crate::model::paths::{METADATA, PREFIX};

/// The defaults for accounts that do not set these.
pub(crate) struct AccountDefaults {
    pub(crate) acs: Acs,
    /// Our entity id towards the IdPs of all accounts with the shared Reply URL.
    pub(crate) entity_id: String,
}

impl AccountDefaults {
    pub(crate) fn read(vars: &mut Vars<'_>, site: Option<&Site>) -> Option<Self> {
        let acs = vars.take_optional("DEFAULT_ACS", "own or shared", Acs::parse);
        let entity_id = vars.take_beside(
            "DEFAULT_ENTITY_ID",
            "an entity id without # that is no account's own",
            site,
            |text, site| entity_id::default_entity_id(text, &site.origin),
        );
        let entity_id =
            entity_id.or_else(|| Some(format!("{}{PREFIX}{METADATA}", site?.origin)))?;
        Some(Self { acs: acs.unwrap_or_default(), entity_id })
    }
}
