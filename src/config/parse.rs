//! Vars and secrets, parsed and checked once, before anything is answered.

use saml_verify::saml::Skew;
use url::{Host, Url};

use crate::config::admin_tokens::AdminTokens;
use crate::config::brand::{Brand, Colour, Logo, product_name};
use crate::config::claims::ClaimNames;
use crate::config::gate::{Entrance, Upstream, token_header};
use crate::config::paths::{PathRules, path_roles, public_paths};
use crate::config::webhook::{Webhook, WebhookKeys};
use crate::crypto::keys::{Keys, SecretKey};
use crate::crypto::mac::MacKeys;
use crate::crypto::masked_token::MaskKeys;
use crate::crypto::seal::SealKeys;
use crate::crypto::sp_keys::{SpKey, add_certificates};
use crate::crypto::token::TokenKeys;
use crate::error::config::{ConfigError, VarProblem};
use crate::model::acs::Acs;
use crate::model::email::is_domain;
use crate::model::entity_id::default_entity_id;

/// A deployment's settings. Secrets inside never leave it and are not printed.
pub struct Config {
    pub(crate) admin_roles: Vec<String>,
    pub(crate) admin_tokens: Option<AdminTokens>,
    pub(crate) base: Url,
    pub(crate) brand: Brand,
    base_url: String,
    pub(crate) claims: ClaimNames,
    pub(crate) cursor_keys: MacKeys,
    pub(crate) default_acs: Acs,
    pub(crate) default_entity_id: String,
    pub(crate) entrance: Option<Entrance>,
    pub(crate) form_keys: MacKeys,
    pub(crate) idle_seconds: Option<i64>,
    pub(crate) renew_seconds: i64,
    pub(crate) roles: Vec<String>,
    pub(crate) session_seconds: i64,
    pub(crate) skew: Skew,
    pub(crate) confirm_keys: SealKeys,
    pub(crate) cookie_keys: MaskKeys,
    pub(crate) seal_keys: SealKeys,
    pub(crate) session_keys: SealKeys,
    pub(crate) token_audience: String,
    pub(crate) setup_keys: SealKeys,
    pub(crate) setup_link_keys: MacKeys,
    pub(crate) token_keys: TokenKeys,
    sp_keys: Vec<SpKey>,
    pub(crate) webhook: Option<Webhook>,
    zone: Option<String>,
}

impl Config {
    /// Reads every var and secret through `lookup`. The error names all that are wrong.
    pub fn parse(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut vars = Vars { lookup, problems: Vec::new() };
        let base = vars.take("BASE_URL", "an https origin without a path", base_url);
        let origin = base.as_ref().map(|base| base.origin().ascii_serialization());
        let origin = origin.unwrap_or_default();
        let acs = vars.take_optional("DEFAULT_ACS", "own or shared", Acs::parse);
        let entity_id = vars.take_beside(
            "DEFAULT_ENTITY_ID",
            "an entity id without # that is no account's own",
            base.as_ref(),
            |text, _| default_entity_id(text, &origin),
        );
        let account = vars.take("ACCOUNT_CLAIM", "a claim's name", claim);
        let name = vars.take("NAME_CLAIM", "a claim's name", claim);
        let role = vars.take("ROLE_CLAIM", "a claim's name", claim);
        let roles = vars.take("ROLES", "roles, separated by commas", roles);
        vars.point_out("ROLES", ',', |role| self::roles(role).is_some());
        let known = roles.as_deref();
        let administrators = vars.take_beside(
            "ADMIN_ROLES",
            "some of ROLES, separated by commas",
            known,
            admin_roles,
        );
        vars.point_out("ADMIN_ROLES", ',', |it| {
            known.is_some_and(|all| admin_roles(it, all).is_some())
        });
        let session = vars.take("SESSION_SECONDS", "60 to 2592000", |text| {
            text.parse().ok().filter(|seconds| SESSION_SECONDS.contains(seconds))
        });
        let renew = vars.take_optional("RENEW_SECONDS", "5 to 3600", |text| {
            text.parse().ok().filter(|seconds| (5..=3600).contains(seconds))
        });
        let idle = vars.take_optional("IDLE_SECONDS", "60 to 2592000", |text| {
            text.parse().ok().filter(|seconds| SESSION_SECONDS.contains(seconds))
        });
        let skew = vars
            .take("CLOCK_SKEW_SECONDS", "0 to 300", |text| Skew::from_seconds(text.parse().ok()?));
        let session_keys = vars.take("SESSION_KEYS", KEYS, Keys::parse);
        let token_keys = vars.take("TOKEN_KEYS", KEYS, |text| TokenKeys::new(&Keys::parse(text)?));
        let admin_tokens = vars.take_optional("ADMIN_TOKEN", KEYS, SecretKey::parse_all);
        let audience = vars.take_optional("TOKEN_AUDIENCE", "a name or an address", claim);
        let brand = vars.brand();
        let entrance = vars.entrance(base.as_ref(), known);
        let sp_keys = vars.take_explained("SP_KEYS", SpKey::parse_all);
        let mut sp_keys = sp_keys.unwrap_or_default();
        vars.take_explained("SP_CERTIFICATES", |text| add_certificates(&mut sp_keys, text));
        let zone = vars.take_beside("ZONE", ZONE, base.as_ref(), zone_of);
        let webhook = webhook(&mut vars);
        let (
            Some(base),
            Some(account),
            Some(name),
            Some(role),
            Some(roles),
            Some(session_seconds),
            Some(skew),
            Some(session_keys),
            Some(token_keys),
            [],
        ) = (
            base,
            account,
            name,
            role,
            roles,
            session,
            skew,
            session_keys,
            token_keys,
            vars.problems.as_slice(),
        )
        else {
            return Err(ConfigError(vars.problems));
        };
        Ok(Self {
            admin_roles: administrators.unwrap_or_else(|| default_admin_roles(&roles)),
            admin_tokens: admin_tokens.as_deref().map(AdminTokens::new),
            default_acs: acs.unwrap_or_default(),
            default_entity_id: entity_id.unwrap_or_else(|| format!("{origin}/sso/metadata")),
            cursor_keys: MacKeys::new(&session_keys, "cursor"),
            form_keys: MacKeys::new(&session_keys, "settings form"),
            idle_seconds: idle,
            renew_seconds: renew.unwrap_or(RENEW_SECONDS),
            token_audience: audience.unwrap_or_else(|| origin.clone()),
            base_url: origin,
            base,
            brand,
            entrance,
            claims: ClaimNames { account, name, role },
            roles,
            session_seconds,
            skew,
            confirm_keys: SealKeys::new(&session_keys, "held session"),
            cookie_keys: MaskKeys::new(&session_keys),
            seal_keys: SealKeys::new(&session_keys, "pending request"),
            session_keys: SealKeys::new(&session_keys, "session at the IdP"),
            setup_keys: SealKeys::new(&session_keys, "setup"),
            setup_link_keys: MacKeys::new(&session_keys, "setup link"),
            token_keys,
            sp_keys,
            webhook,
            zone,
        })
    }

    /// The service's own RSA keys, newest first; none where it signs nothing and nothing is
    /// encrypted to it.
    pub fn sp_keys(&self) -> &[SpKey] {
        &self.sp_keys
    }

    /// Every role there is.
    pub fn roles(&self) -> &[String] {
        &self.roles
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
        self.zone.as_deref()
    }

    /// Whether `host` is of the zone that the Worker's routes are in. Where `ZONE` does not say which that
    /// is, every name counts as one that shares its last two labels with that of `BASE_URL`: the zone
    /// could be as large as that.
    pub(crate) fn is_of_zone(&self, host: &str) -> bool {
        let zone = self.zone().unwrap_or_else(|| last_two_labels(self.host()));
        is_within(host, zone)
    }

    /// The host of `BASE_URL`.
    fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The host of the origin, where it has one of its own.
    pub(crate) fn origin_host(&self) -> Option<String> {
        let Upstream::Url(origin) = &self.entrance.as_ref()?.upstream else { return None };
        Some(Url::parse(origin).ok()?.host_str()?.to_owned())
    }

    /// Whether this service is reached by https, as it is everywhere but on a developer's machine.
    pub(crate) fn is_secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// The origin this service is reached at, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

/// Shortest session worth a login, and the longest before people are asked again whatever the IdP says.
const SESSION_SECONDS: std::ops::RangeInclusive<i64> = 60..=30 * 24 * 60 * 60;

/// How long a session stands before its ledger is asked: most sessions of people who have left are over
/// before they have crossed the street, and a ledger that answers a thousand times a second carries three
/// hundred thousand people at work.
const RENEW_SECONDS: i64 = 300;

/// The role that may change the settings where `ADMIN_ROLES` does not say.
const ADMIN_ROLE: &str = "account_administrator";

const ZONE: &str = "the zone that BASE_URL is in, such as example.com";

const WEBHOOK_KEYS: &str = "whsec_ and 24 to 64 octets in base64, several separated by commas";

const KEYS: &str = "keys of 32 octets in base64url, separated by commas";

struct Vars<L> {
    lookup: L,
    problems: Vec<VarProblem>,
}

impl<L: Fn(&str) -> Option<String>> Vars<L> {
    /// Notes a problem where the var is missing or `parse` does not take it.
    fn take<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = (self.lookup)(name).filter(|text| !text.is_empty());
        let missing = text.is_none();
        let value = text.as_deref().and_then(parse);
        if value.is_none() {
            self.problems.push(VarProblem { name, expected, missing, entry: None });
        }
        value
    }

    fn is_set(&self, name: &str) -> bool {
        (self.lookup)(name).is_some_and(|text| !text.is_empty())
    }

    /// Like [`Self::take`], but a missing var is no problem.
    fn take_optional<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if !self.is_set(name) {
            return None;
        }
        self.take(name, expected, parse)
    }

    /// Like [`Self::take_optional`], of a var that depends on another. Where that one is wrong, this one
    /// is not judged: one mistake is one problem.
    fn take_beside<D: ?Sized, T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        other: Option<&D>,
        parse: impl FnOnce(&str, &D) -> Option<T>,
    ) -> Option<T> {
        if !self.is_set(name) {
            return None;
        }
        let other = other?;
        self.take(name, expected, |text| parse(text, other))
    }

    /// Says of a list that is malformed which entry is, by its place.
    fn point_out(&mut self, name: &str, separator: char, is_right: impl Fn(&str) -> bool) {
        let text = (self.lookup)(name).unwrap_or_default();
        let place = text.split(separator).position(|entry| !is_right(entry));
        let problem = self.problems.iter_mut().find(|it| it.name == name && !it.missing);
        if let Some(problem) = problem {
            problem.entry = place.map(|before| before + 1);
        }
    }

    /// Like [`Self::take_optional`], where `parse` says itself what must be and is not.
    fn take_explained<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<T> {
        let text = (self.lookup)(name).filter(|text| !text.is_empty())?;
        let note = |expected| {
            self.problems.push(VarProblem { name, expected, missing: false, entry: None })
        };
        parse(&text).map_err(note).ok()
    }

    fn brand(&mut self) -> Brand {
        let accent = self.take_optional("ACCENT_COLOR", COLOUR, Colour::parse);
        let logo = self.take_optional("LOGO_URL", LOGO, Logo::parse);
        let name = self.take_optional("PRODUCT_NAME", NAME, product_name);
        Brand::new(name, logo, accent)
    }
}

impl<L: Fn(&str) -> Option<String>> Vars<L> {
    /// `None` where there is no `ORIGIN`.
    fn entrance(&mut self, base: Option<&Url>, known: Option<&[String]>) -> Option<Entrance> {
        let public = self.take_optional("PUBLIC_PATHS", PUBLIC_PATHS, public_paths);
        self.point_out("PUBLIC_PATHS", ',', |path| public_paths(path).is_some());
        let roles = self.take_beside("PATH_ROLES", PATH_ROLES, known, path_roles);
        self.point_out("PATH_ROLES", ';', |rule| {
            known.is_some_and(|known| path_roles(rule, known).is_some())
        });
        let token_header = self.take_optional("TOKEN_HEADER", "a header's name", token_header);
        let timeout = self.take_optional("ORIGIN_TIMEOUT_SECONDS", "1 to 600", |text| {
            text.parse().ok().filter(|seconds| (1..=600).contains(seconds))
        });
        let upstream = self.take_optional("ORIGIN", ORIGIN, |text| match text {
            "service" => Some(Upstream::Service),
            // On this machine there is no zone, and the Worker would ask itself.
            "zone" => base.is_none_or(|it| it.scheme() == "https").then_some(Upstream::Zone),
            _ => base_url(text).map(|url| Upstream::Url(url.origin().ascii_serialization())),
        })?;
        if matches!(upstream, Upstream::Service) {
            let expected = "the binding of a service in wrangler.toml";
            self.take("ORIGIN_SERVICE", expected, |_| Some(()))?;
        }
        let paths =
            PathRules { public: public.unwrap_or_default(), roles: roles.unwrap_or_default() };
        let timeout_seconds = timeout.unwrap_or(ORIGIN_TIMEOUT_SECONDS);
        let token_header = token_header.unwrap_or_else(|| TOKEN_HEADER.to_owned());
        Some(Entrance { paths, timeout_seconds, token_header, upstream })
    }
}

/// As long as Cloudflare itself waits for an origin.
const ORIGIN_TIMEOUT_SECONDS: u32 = 100;
const ORIGIN: &str = "zone where BASE_URL is https, service, or an https origin without a path";
const PATH_ROLES: &str =
    "rules such as /reports/* = developer, finance; /invoice = finance, with roles of ROLES";
const PUBLIC_PATHS: &str = "paths separated by commas, such as /robots.txt, /public/*";
const TOKEN_HEADER: &str = "x-saml-edge-jwt-assertion";

const COLOUR: &str = "a colour such as #1f5fbf";
const LOGO: &str = "an https address, or a data: URL of an image of up to 5000 octets";
const NAME: &str = "a name of up to 60 characters";

fn base_url(text: &str) -> Option<Url> {
    let url = secure_url(text)?;
    let bare = url.as_str().strip_suffix('/') == Some(&*url.origin().ascii_serialization());
    bare.then_some(url)
}

/// Plain http is for this machine alone: anywhere else cookies and events would travel in the open.
fn secure_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "https" || (url.scheme() == "http" && local)).then_some(url)
}

/// Everything that a webhook takes, or events would be lost. A key alone is what there is while an
/// operator sets one up, secret first: no reason to answer nobody.
fn webhook(vars: &mut Vars<impl Fn(&str) -> Option<String>>) -> Option<Webhook> {
    if !vars.is_set("WEBHOOK_URL") {
        return None;
    }
    let url = vars.take("WEBHOOK_URL", "an https address", webhook_url);
    let keys = vars.take("WEBHOOK_KEY", WEBHOOK_KEYS, WebhookKeys::parse);
    let queue = vars.take("EVENTS", "the binding of a queue in wrangler.toml", |_| Some(()));
    queue.and_then(|()| Some(Webhook::new(url?, keys?)))
}

/// The zone must be that of `base`: another one would leave its own open.
fn zone_of(text: &str, base: &Url) -> Option<String> {
    let is_zone = is_domain(text) && text.contains('.') && is_within(base.host_str()?, text);
    is_zone.then(|| text.to_owned())
}

/// Whether `host` is `zone` or a name in it.
fn is_within(host: &str, zone: &str) -> bool {
    host.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn last_two_labels(host: &str) -> &str {
    let before = host.rmatch_indices('.').nth(1).map(|(at, _)| at);
    before.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

/// The runtime sends no credentials that stand in an address, and no fragment.
fn webhook_url(text: &str) -> Option<Url> {
    let plain = |url: &Url| {
        url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
    };
    secure_url(text).filter(plain)
}

fn claim(text: &str) -> Option<String> {
    let named = text.len() <= 256 && text.chars().all(|character| !character.is_control());
    named.then(|| text.to_owned())
}

/// Roles travel in headers and lists, so they are short words of printable ASCII.
fn roles(text: &str) -> Option<Vec<String>> {
    let role = |role: &str| {
        let role = role.trim();
        let word =
            (1..=64).contains(&role.len()) && role.bytes().all(|octet| octet.is_ascii_graphic());
        word.then(|| role.to_owned())
    };
    text.split(',').map(role).collect()
}

/// A role that nobody can have would be a misspelling, and its administrators be locked out.
fn admin_roles(text: &str, roles: &[String]) -> Option<Vec<String>> {
    self::roles(text).filter(|administrators| administrators.iter().all(|it| roles.contains(it)))
}

fn default_admin_roles(roles: &[String]) -> Vec<String> {
    roles.iter().filter(|role| *role == ADMIN_ROLE).cloned().collect()
}
