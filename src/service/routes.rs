//! Which page a path is.

use crate::service::AccountId;
use crate::service::admin::Resource;
use crate::service::settings;

/// A path of this service. It is taken as it came, never decoded, so that no second spelling of a
/// path exists (row H4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
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
    Settings(AccountId, settings::Page),
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

impl Route {
    /// The route at `path`, if there is one.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match path {
            "/.well-known/jwks.json" => Some(Self::Jwks),
            "/sso/" => Some(Self::StartPage),
            "/sso/acs" => Some(Self::SharedAcs),
            "/sso/confirm" => Some(Self::Confirm),
            "/sso/healthz" => Some(Self::Health),
            "/sso/login" => Some(Self::LoginPage),
            "/sso/logout" => Some(Self::Logout),
            "/sso/metadata" => Some(Self::SharedMetadata),
            "/sso/slo" => Some(Self::SharedSlo),
            "/sso/sessions" => Some(Self::Devices),
            "/sso/session" => Some(Self::Session),
            _ => {
                if let Some(resource) = path.strip_prefix("/sso/api/v1/") {
                    return Some(Self::Api(Resource::of(resource)));
                }
                let (account, action) = path.strip_prefix("/sso/")?.split_once('/')?;
                let account = AccountId::parse(account)?;
                match action {
                    "acs" => Some(Self::Acs(account)),
                    "login" => Some(Self::Login(account)),
                    "metadata" => Some(Self::Metadata(account)),
                    "slo" => Some(Self::Slo(account)),
                    action => settings::Page::of(action).map(|page| Self::Settings(account, page)),
                }
            }
        }
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
            Self::Health
            | Self::Jwks
            | Self::Metadata(_)
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
