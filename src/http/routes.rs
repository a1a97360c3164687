//! Which page a path is.

use crate::http::api_routes::Resource;
use crate::model::account_id::AccountId;

/// A path of this service. It is taken as it came, never decoded, so that no second spelling of a
/// path exists (row H4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
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
    Settings(AccountId, Page),
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

/// The routes that are no account's.
static COMMON: [(&str, Route); 12] = [
    ("/.well-known/jwks.json", Route::Jwks),
    ("/sso", Route::Root),
    ("/sso/", Route::StartPage),
    ("/sso/acs", Route::SharedAcs),
    ("/sso/confirm", Route::Confirm),
    ("/sso/healthz", Route::Health),
    ("/sso/login", Route::LoginPage),
    ("/sso/logout", Route::Logout),
    ("/sso/metadata", Route::SharedMetadata),
    ("/sso/session", Route::Session),
    ("/sso/sessions", Route::Devices),
    ("/sso/slo", Route::SharedSlo),
];

/// What follows `/sso/{account}/`, and the route that it leads to.
type OfAccount = (&'static str, fn(AccountId) -> Route);

/// The routes of an account.
const OF_ACCOUNT: [OfAccount; 7] = [
    ("acs", Route::Acs),
    ("login", Route::Login),
    ("metadata", Route::Metadata),
    ("settings", |account| Route::Settings(account, Page::Settings)),
    ("settings/start", |account| Route::Settings(account, Page::Start)),
    ("settings/test", |account| Route::Settings(account, Page::Test)),
    ("slo", Route::Slo),
];

/// Every path of this service but those of the admin API, with the methods it takes: its own, and those
/// of `account`.
pub fn paths(account: &AccountId) -> Vec<(String, &'static str)> {
    let common = COMMON.iter().map(|(path, route)| ((*path).to_owned(), route.methods()));
    let of_account = OF_ACCOUNT.iter().map(|(action, route)| {
        (format!("/sso/{account}/{action}"), route(account.clone()).methods())
    });
    let bare = Route::Account(account.clone());
    let bare = std::iter::once((format!("/sso/{account}"), bare.methods()));
    common.chain(bare).chain(of_account).collect()
}

impl Route {
    /// The route at `path`, if there is one.
    pub(crate) fn of(path: &str) -> Option<Self> {
        if let Some((_, route)) = COMMON.iter().find(|(common, _)| *common == path) {
            return Some(route.clone());
        }
        if let Some(resource) = path.strip_prefix("/sso/api/v1/") {
            return Some(Self::Api(Resource::of(resource)));
        }
        let rest = path.strip_prefix("/sso/")?;
        let Some((account, action)) = rest.split_once('/') else {
            return AccountId::parse(rest).map(Self::Account);
        };
        let account = AccountId::parse(account)?;
        let (_, route) = OF_ACCOUNT.iter().find(|(known, _)| *known == action)?;
        Some(route(account))
    }

    /// The methods it takes, as the Allow header lists them.
    pub(crate) const fn methods(&self) -> &'static str {
        match self {
            Self::Acs(_) | Self::SharedAcs => "POST",
            Self::Api(resource) => resource.methods(),
            Self::Devices | Self::LoginPage | Self::Logout => "GET, HEAD, POST",
            // A look at the headers alone must neither open a request nor install or end a session.
            Self::Confirm | Self::SharedSlo | Self::Slo(_) => "GET, POST",
            Self::Login(_) => "GET",
            Self::Settings(_, page) => page.methods(),
            Self::Account(_)
            | Self::Health
            | Self::Jwks
            | Self::Metadata(_)
            | Self::Root
            | Self::Session
            | Self::SharedMetadata
            | Self::StartPage => "GET, HEAD",
        }
    }

    /// Whether it takes `method`, which is case-sensitive (RFC 9110 §9.1).
    pub(crate) fn takes(&self, method: &str) -> bool {
        self.methods().split(", ").any(|taken| taken == method)
    }
}

/// What is below an account's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// The settings.
    Settings,
    /// Opens a setup link.
    Start,
    /// Tests the sign-in.
    Test,
}

impl Page {
    /// The methods it takes, as the Allow header lists them.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Settings | Self::Start | Self::Test => "GET, HEAD, POST",
        }
    }
}

/// The login page, with the page to go to afterwards.
pub(crate) fn address(return_to: &str) -> String {
    carried_by("/sso/login", return_to)
}

/// The login of one account.
pub(crate) fn login_of(account: &AccountId, return_to: &str) -> String {
    carried_by(&format!("/sso/{account}/login"), return_to)
}

/// Who is signed in.
pub(crate) const START_PAGE: &str = "/sso/";

/// `path` with the page to go to afterwards, which `Request::return_to` reads there.
pub(crate) fn carried_by(path: &str, return_to: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.append_pair("return_to", return_to).finish())
}
