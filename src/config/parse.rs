//! All vars and secrets of a deployment, checked once, before anything is answered.

use url::Url;

use crate::config::account_defaults::AccountDefaults;
use crate::config::admin_tokens::AdminTokens;
use crate::config::brand::Brand;
use crate::config::claims::ClaimNames;
use crate::config::gate::{Entrance, Upstream};
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
    pub(crate) entrance: Option<Entrance>,
    pub(crate) keys: SessionKeys,
    pub(crate) roles: Roles,
    pub(crate) sessions: Sessions,
    pub(crate) site: Site,
    sp_keys: Vec<SpKey>,
    pub(crate) token: IdentityToken,
    pub(crate) webhook: Option<Webhook>,
}

impl Config {
    /// Reads every var and secret through `lookup`. The error names all that are wrong.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut vars = Vars::new(&lookup);
        let config = Self::read(&mut vars);
        vars.finish(config)
    }

    /// Every section is read before any may be missing, so that every problem is found.
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
        let entrance = Entrance::read(vars, site.as_ref(), roles.as_ref());
        let sp_keys = sp_keys::read(vars);
        let webhook = Webhook::read(vars);
        Some(Self {
            admin_tokens,
            brand,
            claims: claims?,
            defaults: defaults?,
            entrance,
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

    /// Every role there is.
    pub fn roles(&self) -> &[String] {
        &self.roles.all
    }

    /// Where the product hears of events, if it does.
    pub const fn webhook(&self) -> Option<&Webhook> {
        self.webhook.as_ref()
    }

    /// Whether there is something behind the gate.
    pub const fn has_origin(&self) -> bool {
        self.entrance.is_some()
    }

    /// Whether that is the server of the route's own host.
    pub fn is_origin_zone(&self) -> bool {
        self.entrance.as_ref().is_some_and(|it| matches!(it.upstream, Upstream::Zone))
    }

    /// The zone that the Worker's routes are in, where `ZONE` says so.
    pub fn zone(&self) -> Option<&str> {
        self.site.zone.as_deref()
    }

    /// The host of the origin, where it has one of its own.
    pub(crate) fn origin_host(&self) -> Option<String> {
        let Upstream::Url(origin) = &self.entrance.as_ref()?.upstream else { return None };
        Some(Url::parse(origin).ok()?.host_str()?.to_owned())
    }

    /// The origin this service is reached at, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.site.origin
    }
}
