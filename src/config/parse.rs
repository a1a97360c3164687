//! All vars and secrets of a deployment, checked once, before anything is answered.

use url::Url;

use crate::config::account_defaults::AccountDefaults;
use crate::config::admin_tokens::AdminTokens;
use crate::config::brand::Brand;
use crate::config::claims::ClaimNames;
use crate::config::gate::{GateConfig, Upstream};
use crate::config::keys::identity_token::IdentityToken;
use crate::config::keys::session_keys::SessionKeys;
use crate::config::keys::sp_keys;
use crate::config::roles::Roles;
use crate::config::sessions::Sessions;
use crate::config::site::Site;
use crate::config::vars::Vars;
use crate::config::webhook::Webhook;
use crate::crypto::sp_keys::SpKey;
use crate::error::config::ConfigError;

/// A deployment's settings. Secrets inside never leave it and are not printed.
pub struct Config {
    pub(crate) admin_tokens: Option<AdminTokens>,
    pub(crate) brand: Brand,
    pub(crate) claims: ClaimNames,
    pub(crate) defaults: AccountDefaults,
    pub(crate) gate: Option<GateConfig>,
    pub(crate) keys: SessionKeys,
    pub(crate) roles: Roles,
    pub(crate) sessions: Sessions,
    pub(crate) site: Site,
    sp_keys: Vec<SpKey>,
    pub(crate) token: IdentityToken,
    pub(crate) webhook: Option<Webhook>,
}

impl Config {
    /// Reads every var and secret through `lookup`. The error names every one that is wrong.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut vars = Vars::new(&lookup);
        let config = Self::read(&mut vars);
        vars.finish(config)
    }

    /// Reads every section before it fails for any, so that every problem is found.
    fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let site = Site::read(vars);
        let defaults = AccountDefaults::read(vars, site.as_ref());
        let claims = ClaimNames::read(vars);
        let roles = Roles::read(vars);
        let sessions = Sessions::read(vars);
        let keys = SessionKeys::read(vars);
        let token = IdentityToken::read(vars, site.as_ref());
        let admin_tokens = AdminTokens::read(vars);
        let brand = Brand::read(vars);
        let gate = GateConfig::read(vars, site.as_ref(), roles.as_ref());
        let sp_keys = sp_keys::read(vars);
        let webhook = Webhook::read(vars);
        Some(Self {
            admin_tokens,
            brand,
            claims: claims?,
            defaults: defaults?,
            gate,
            keys: keys?,
            roles: roles?,
            sessions: sessions?,
            site: site?,
            sp_keys,
            token: token?,
            webhook,
        })
    }

    /// The service's own RSA keys, newest first; none where it signs nothing and nothing is
    /// encrypted to it.
    pub fn sp_keys(&self) -> &[SpKey] {
        &self.sp_keys
    }

    /// All roles.
    pub fn roles(&self) -> &[String] {
        &self.roles.all
    }

    /// The webhook, where there is one.
    pub const fn webhook(&self) -> Option<&Webhook> {
        self.webhook.as_ref()
    }

    /// Whether there is an origin behind the gate.
    pub const fn has_origin(&self) -> bool {
        self.gate.is_some()
    }

    /// Whether the origin is the server of the route's own host.
    pub fn is_origin_zone(&self) -> bool {
        self.gate.as_ref().is_some_and(|it| matches!(it.upstream, Upstream::Zone))
    }

    /// The zone of the Worker's routes, where `ZONE` is set.
    pub fn zone(&self) -> Option<&str> {
        self.site.zone.as_deref()
    }

    /// The host of the origin, where `ORIGIN` is an address.
    pub(crate) fn origin_host(&self) -> Option<String> {
        let Upstream::Url(origin) = &self.gate.as_ref()?.upstream else { return None };
        Some(Url::parse(origin).ok()?.host_str()?.to_owned())
    }

    /// The origin of the service itself, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.site.origin
    }
}
