//! The gate: what is not this service's own is the origin's, and needs a session.
//!
//! It is closed by default, costs two MACs, and reads no storage but where a session is to be renewed
//! ([`crate::service::presence`]). The path is judged in the form in
//! which it is forwarded, so that there is no second reading on this side (row H4).

mod headers;
mod lookalike;
mod passage;
mod path;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;
use url::{Position, Url};

use crate::service::account::AccountId;
use crate::service::config::Config;
use crate::service::context::{Platform, Service};
use crate::service::error::{Denial, Error};
pub(crate) use crate::service::gate::headers::token_header;
use crate::service::gate::passage::Asked;
pub use crate::service::gate::passage::Passage;
use crate::service::gate::path::{Demands, is_own};
pub(crate) use crate::service::gate::path::{PathRules, path_roles, public_paths};
use crate::service::log::Event;
use crate::service::presence::Presence;
use crate::service::routes::Route;
use crate::service::session::Session;
use crate::service::{Answer, Entropy, Reply, Request, login_page, presence};

/// What is behind the gate, and whom it lets through.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) paths: PathRules,
    pub(crate) timeout_seconds: u32,
    /// In lower case.
    pub(crate) token_header: String,
    pub(crate) upstream: Upstream,
}

/// Where the origin is.
#[derive(Debug)]
pub(crate) enum Upstream {
    /// Another Worker, bound as `ORIGIN_SERVICE`.
    Service,
    /// An origin such as `https://origin.example.com`.
    Url(String),
    /// The server that the route's host names.
    Zone,
}

/// As far as an Allow header can list what origins take.
const METHODS: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// What becomes of a request.
#[derive(Debug)]
pub enum Gate {
    /// The gate answers it.
    Closed(Reply),
    /// It goes on to the origin.
    Open(Passage),
    /// It is for this service itself.
    Own,
}

/// Judges one request.
pub async fn gate(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Gate {
    if request.is_plain(cx.config) {
        return Gate::Closed(over_plain_http(request, cx.config).into());
    }
    let Some(entrance) = &cx.config.entrance else { return Gate::Own };
    if Route::of(request.path).is_some() {
        return Gate::Own;
    }
    if request.is_traced() {
        let no = Reply::from(Answer::method_not_allowed(METHODS));
        return Gate::Closed(no.dressed(cx.config));
    }
    let asked = Asked { wants_page: request.wants_page(), reference: entropy.reference };
    let way = match Way::of(request, entrance, cx.config) {
        Ok(Some(way)) => way,
        Ok(None) => return Gate::Own,
        Err(denial) => {
            let no = failed(&denial.into(), None, asked);
            return Gate::Closed(no.dressed(cx.config));
        }
    };
    let presence = if way.is_public() {
        Presence::unasked(request.cookies, cx.config, now).0
    } else {
        presence::presence(cx, request.cookies, now).await
    };
    way.judge(request, presence, asked, cx.config, now)
}

impl Passage {
    /// The passage of a request about which nobody needs to be asked, as it is with most. `None` says no
    /// more than that [`Service::gate`] decides.
    pub fn at_once(request: &Request<'_>, config: &Config, now: UnixTime) -> Option<Self> {
        let entrance = config.entrance.as_ref()?;
        let is_other = request.is_plain(config) || request.is_traced();
        if is_other || Route::of(request.path).is_some() {
            return None;
        }
        let way = Way::of(request, entrance, config).ok()??;
        let (Presence { session, token, .. }, due) =
            Presence::unasked(request.cookies, config, now);
        if due.is_some() && !way.is_public() {
            return None;
        }
        let admission = way.admit(request, session.as_ref(), config).ok()?;
        Some(Self::new(&admission, request, token, config, now))
    }
}

/// Where a request goes, and what its path demands of whoever sends it.
pub(crate) struct Way<'a> {
    entrance: &'a Entrance,
    /// The address that is judged; of it nothing is written anew but the origin.
    url: Url,
    demands: Demands<'a>,
}

/// Leave to go it.
pub(crate) struct Admission<'a> {
    way: Way<'a>,
    /// Whose.
    session: Option<&'a Session>,
}

impl<'a> Way<'a> {
    /// `None` for another spelling of a page of ours: nothing is there.
    fn of(
        request: &Request<'_>,
        entrance: &'a Entrance,
        config: &Config,
    ) -> Result<Option<Self>, Denial> {
        let url = request.url(config).ok_or(Denial::PathAmbiguous)?;
        if is_own(url.path()) {
            return Ok(None);
        }
        let demands = entrance.paths.demands(url.path()).ok_or(Denial::PathAmbiguous)?;
        Ok(Some(Self { entrance, url, demands }))
    }

    /// Whether it is open to everybody. There nobody asks about a session, and no cookie of ours is set
    /// or cleared: what the origin answers may lie in a shared cache, Set-Cookie included (RFC 9111
    /// §7.3), and one user's session would be everybody's (row H17).
    const fn is_public(&self) -> bool {
        self.demands.is_public
    }

    fn judge(
        self,
        request: &Request<'_>,
        presence: Presence,
        asked: Asked,
        config: &Config,
        now: UnixTime,
    ) -> Gate {
        let Presence { session, token, set_cookies, fault } = presence;
        let unasked = fault.and_then(|fault| failed(&fault.into(), None, asked).log);
        match self.admit(request, session.as_ref(), config) {
            Ok(admission) => {
                let passage = Passage::new(&admission, request, token, config, now);
                Gate::Open(passage.telling(set_cookies, unasked))
            }
            Err(denial) => {
                let account = session.and_then(|session| session.account_id());
                let Reply { answer, log } =
                    denied(request, denial, account.as_ref(), config, asked);
                let answer = answer.with_cookies(set_cookies);
                Gate::Closed(Reply { answer, log: log.or(unasked) }.dressed(config))
            }
        }
    }

    fn admit(
        self,
        request: &Request<'_>,
        session: Option<&'a Session>,
        config: &Config,
    ) -> Result<Admission<'a>, Denial> {
        let Some(session) = session else {
            let is_public = self.is_public();
            let anonymous = Admission { way: self, session: None };
            return is_public.then_some(anonymous).ok_or(Denial::NotSignedIn);
        };
        if let Some(roles) = self.demands.unmet_by(&session.role) {
            return Err(Denial::RoleInsufficient { roles: roles.to_vec() });
        }
        // Pages of sibling hosts send Lax cookies as well. Sockets are under no same-origin policy, and
        // what a form or a simple request of such a page does is done before anybody asks it.
        if request.is_foreign(config) {
            if request.is_websocket() {
                return Err(Denial::CrossSiteSocket);
            }
            if request.may_change() && !self.is_public() {
                return Err(Denial::CrossSiteRequest);
            }
        }
        Ok(Admission { way: self, session: Some(session) })
    }
}

/// The same address by https, where no one on the way reads along or answers in our place. A monitor that
/// asks whether the Worker runs is told at once. Neither is dressed: HSTS has no place here (RFC 6797
/// §7.2).
fn over_plain_http(request: &Request<'_>, config: &Config) -> Answer {
    match Route::of(request.path) {
        Some(Route::Health) if Route::Health.takes(request.method) => Answer::health(),
        _ => Answer::by_https(request.url(config).as_ref().unwrap_or(&config.base).as_str()),
    }
}

/// Whoever can see a page is led to the login, whatever program cannot is told where that is. What was
/// sent with a form would be lost on the way.
fn denied(
    request: &Request<'_>,
    denial: Denial,
    account: Option<&AccountId>,
    config: &Config,
    asked: Asked,
) -> Reply {
    let seen = request.url(config).filter(|_| matches!(request.method, "GET" | "HEAD"));
    match (denial, seen) {
        (Denial::NotSignedIn, _) if !asked.wants_page => Answer::session(None).into(),
        (Denial::NotSignedIn, Some(url)) => Answer::found(&login_page::address(page(&url))).into(),
        (denial, _) => failed(&denial.into(), account, asked),
    }
}

fn failed(error: &Error, account: Option<&AccountId>, asked: Asked) -> Reply {
    let reference = hex(&asked.reference);
    let answer = if asked.wants_page {
        Answer::failed(error, account, &reference)
    } else {
        Answer::failed_as_json(error, &reference)
    };
    Reply { answer, log: Event::failure(error, account, &reference).line() }
}

/// Path and query.
fn page(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}

impl Request<'_> {
    /// The address as it would be forwarded. Its host is ours whatever the request says, and a
    /// fragment, which no client sends in good faith, is no part of it (GHSA-pxq7-h93f-9jrg).
    fn url(&self, config: &Config) -> Option<Url> {
        if !self.path.starts_with('/') || self.path.contains('#') {
            return None;
        }
        let query = self.query.map(|query| format!("?{query}")).unwrap_or_default();
        let mut url = Url::parse(&format!("{}{}{query}", config.base_url(), self.path)).ok()?;
        url.set_fragment(None);
        Some(url)
    }

    /// Whether it has come over plain http to a service that is reached by https.
    fn is_plain(&self, config: &Config) -> bool {
        self.scheme == Some("http") && config.is_secure()
    }

    /// Whether a page of another origin sends it, as far as browsers say. Origin is null on a page of our
    /// own that keeps its address to itself, and then Sec-Fetch-Site says whose it is. Programs say neither.
    fn is_foreign(&self, config: &Config) -> bool {
        match (self.origin, self.fetch_site) {
            (Some("null") | None, Some(site)) => !matches!(site, "none" | "same-origin"),
            (Some(origin), _) => origin != config.base_url(),
            (None, None) => false,
        }
    }

    /// Whether its method is not safe (RFC 9110 §9.2.1).
    fn may_change(&self) -> bool {
        !matches!(self.method, "GET" | "HEAD" | "OPTIONS")
    }

    /// Cross-site tracing: an echo of the request would show the token to whoever asks for it.
    fn is_traced(&self) -> bool {
        matches!(self.method, "CONNECT" | "TRACE" | "TRACK")
    }

    /// Whether a person waits for a page. Browsers say so; those from before 2023 do not, and want
    /// HTML.
    fn wants_page(&self) -> bool {
        let wants_html = || self.accept.is_some_and(|accept| accept.contains("text/html"));
        let navigates = self.fetch_mode.map_or_else(wants_html, |mode| mode == "navigate");
        navigates && self.upgrade.is_none()
    }

    fn is_websocket(&self) -> bool {
        self.upgrade.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"))
    }
}
