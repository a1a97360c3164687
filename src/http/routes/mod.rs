//! Every path of this service, both ways: which route a path is, and the path of a route.

pub(crate) mod api;
pub(crate) mod return_to;

use crate::config::parse::Config;
use crate::http::method::Method::{self, Get, Head, Post};
use crate::http::request::Request;
use crate::http::routes::api::Resource;
use crate::model::account_id::AccountId;
use crate::model::paths::{METADATA, PREFIX, ROOT, of_account};

/// The public keys of the identity token (RFC 8615).
const JWKS: &str = "/.well-known/jwks.json";

/// The admin API, below [`PREFIX`].
const API: &str = "api/v1/";

/// Shows who is signed in.
pub(crate) const START_PAGE: &str = PREFIX;

/// What must reach the Worker by its routes, beside what is the origin's.
pub const OWN_PATHS: [&str; 2] = [PREFIX, JWKS];

/// A path of this service. It is taken as it came, never decoded, so that no second spelling of a
/// path exists (row H4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Goes on to the start page.
    Root,
    /// Goes on to the account's login.
    Account(AccountId),
    /// Who is signed in.
    StartPage,
    /// Asks for the account, then goes on to its login.
    LoginPage,
    /// Starts a login.
    Login(AccountId),
    /// Takes the IdP's response.
    Acs(AccountId),
    /// Takes messages of single logout.
    Slo(AccountId),
    /// What an account's IdP must know of this service.
    Metadata(AccountId),
    /// How an account signs in, for its administrators.
    Settings(AccountId, SettingsRoute),
    /// Takes the responses of all accounts that share a Reply URL.
    SharedAcs,
    /// Takes messages of single logout for whichever account the browser is signed in to.
    SharedSlo,
    /// What this service is towards the IdPs of all accounts that share an entity id.
    SharedMetadata,
    /// Asks before another user's session is replaced.
    Confirm,
    /// Where the user is signed in.
    Devices,
    /// Ends the session.
    Logout,
    /// The signed-in user as JSON.
    Session,
    /// Whether the Worker runs.
    Health,
    /// The public keys of the identity token.
    Jwks,
    /// The admin API.
    Api(Resource),
}

/// The routes below [`PREFIX`] that are no account's.
static COMMON: [(&str, Route); 10] = [
    ("", Route::StartPage),
    ("acs", Route::SharedAcs),
    ("confirm", Route::Confirm),
    ("healthz", Route::Health),
    ("login", Route::LoginPage),
    ("logout", Route::Logout),
    (METADATA, Route::SharedMetadata),
    ("session", Route::Session),
    ("sessions", Route::Devices),
    ("slo", Route::SharedSlo),
];

/// What follows an account, and the route that it leads to.
type OfAccount = (&'static str, fn(AccountId) -> Route);

/// The routes of an account.
const OF_ACCOUNT: [OfAccount; 7] = [
    ("acs", Route::Acs),
    ("login", Route::Login),
    (METADATA, Route::Metadata),
    ("settings", |account| Route::Settings(account, SettingsRoute::Settings)),
    ("settings/start", |account| Route::Settings(account, SettingsRoute::Start)),
    ("settings/test", |account| Route::Settings(account, SettingsRoute::Test)),
    ("slo", Route::Slo),
];

/// Every path of this service but those of the admin API, with the methods it takes: its own, and
/// those of `account`.
pub fn paths(account: &AccountId) -> Vec<(String, &'static [Method])> {
    let common = COMMON.iter().map(|(_, route)| route.clone());
    let of_account = OF_ACCOUNT.iter().map(|(_, route)| route(account.clone()));
    let others = [Route::Jwks, Route::Root, Route::Account(account.clone())];
    let routes = common.chain(of_account).chain(others);
    routes.map(|route| (route.path(), route.methods())).collect()
}

impl Request<'_> {
    /// The route of this request, if there is one.
    pub fn route(&self) -> Option<Route> {
        Route::of(self.path)
    }
}

impl Route {
    /// The route at `path`, if there is one.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let Some(rest) = path.strip_prefix(PREFIX) else {
            return match path {
                JWKS => Some(Self::Jwks),
                ROOT => Some(Self::Root),
                _ => None,
            };
        };
        if let Some((_, route)) = COMMON.iter().find(|(common, _)| *common == rest) {
            return Some(route.clone());
        }
        if let Some(resource) = rest.strip_prefix(API) {
            return Some(Self::Api(Resource::of(resource)));
        }
        let Some((account, action)) = rest.split_once('/') else {
            return AccountId::parse(rest).map(Self::Account);
        };
        let account = AccountId::parse(account)?;
        let (_, route) = OF_ACCOUNT.iter().find(|(known, _)| *known == action)?;
        Some(route(account))
    }

    /// The path that [`Self::of`] reads as this route.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Account(account) => format!("{PREFIX}{account}"),
            Self::Acs(account) => of_account(account.as_str(), "acs"),
            Self::Api(resource) => format!("{PREFIX}{API}{}", resource.path()),
            Self::Jwks => JWKS.to_owned(),
            Self::Login(account) => of_account(account.as_str(), "login"),
            Self::Metadata(account) => of_account(account.as_str(), METADATA),
            Self::Root => ROOT.to_owned(),
            Self::Settings(account, page) => of_account(account.as_str(), page.path()),
            Self::Slo(account) => of_account(account.as_str(), "slo"),
            Self::Confirm
            | Self::Devices
            | Self::Health
            | Self::LoginPage
            | Self::Logout
            | Self::Session
            | Self::SharedAcs
            | Self::SharedMetadata
            | Self::SharedSlo
            | Self::StartPage => {
                let name = COMMON.iter().find(|(_, route)| route == self);
                format!("{PREFIX}{}", name.map(|(name, _)| *name).unwrap_or_default())
            }
        }
    }

    /// Its whole address.
    pub(crate) fn url(&self, config: &Config) -> String {
        format!("{}{}", config.base_url(), self.path())
    }

    /// Its path, with the page to go to afterwards, which [`Request::return_to`] reads there.
    pub(crate) fn with_return_to(&self, page: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        format!("{}?{}", self.path(), query.append_pair("return_to", page).finish())
    }

    /// The methods it takes.
    pub(crate) const fn methods(&self) -> &'static [Method] {
        match self {
            Self::Acs(_) | Self::SharedAcs => &[Post],
            Self::Api(resource) => resource.methods(),
            Self::Devices | Self::LoginPage | Self::Logout | Self::Settings(..) => {
                &[Get, Head, Post]
            }
            // A look at the headers alone must neither open a request nor install or end a session.
            Self::Confirm | Self::SharedSlo | Self::Slo(_) => &[Get, Post],
            Self::Login(_) => &[Get],
            Self::Account(_)
            | Self::Health
            | Self::Jwks
            | Self::Metadata(_)
            | Self::Root
            | Self::Session
            | Self::SharedMetadata
            | Self::StartPage => &[Get, Head],
        }
    }

    /// Whether it takes `method`.
    pub(crate) fn takes(&self, method: Method) -> bool {
        self.methods().contains(&method)
    }
}

/// What is below an account's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsRoute {
    /// The settings.
    Settings,
    /// Opens a setup link.
    Start,
    /// Tests the sign-in.
    Test,
}

impl SettingsRoute {
    const fn path(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Start => "settings/start",
            Self::Test => "settings/test",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_path_that_it_writes() {
        let account = AccountId::parse("acme").unwrap();
        for (path, methods) in paths(&account) {
            let route = Route::of(&path).unwrap();
            assert_eq!((route.path(), route.methods()), (path, methods));
        }
        let (digest, pair, sid) = ("d".repeat(43), "a".repeat(64), "0".repeat(32));
        for rest in [
            "".to_owned(),
            "/audit-events".to_owned(),
            "/metadata".to_owned(),
            "/metadata/refresh".to_owned(),
            format!("/metadata/staged/{digest}"),
            format!("/metadata/staged/{digest}/approve"),
            "/metadata/versions".to_owned(),
            "/metadata/versions/7".to_owned(),
            "/metadata/versions/7/restore".to_owned(),
            "/pairs".to_owned(),
            format!("/pairs/{pair}"),
            "/sessions".to_owned(),
            format!("/sessions/{sid}"),
            "/setup-links".to_owned(),
            format!("/setup-links/{sid}"),
            "/users".to_owned(),
            format!("/users/{digest}"),
        ] {
            let path = format!("/sso/api/v1/accounts/acme{rest}");
            let route = Route::of(&path).unwrap();
            assert_ne!(route, Route::Api(Resource::Unknown), "{path}");
            assert_eq!(route.path(), path);
        }
        for path in ["/sso/api/v1/accounts", "/sso/api/v1/openapi.json"] {
            assert_eq!(Route::of(path).unwrap().path(), path);
        }
    }
}
