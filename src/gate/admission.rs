//! Which requests may go on to the origin, and the answers to the others.

use url::{Position, Url};

use crate::config::gate::GateConfig;
use crate::config::gate::paths::Demands;
use crate::config::parse::Config;
use crate::encoding::hex;
use crate::error::Error;
use crate::error::denial::GateDenial;
use crate::gate::audience::ErrorAudience;
use crate::http::answer::Answer;
use crate::http::failure;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::model::paths::is_own;
use crate::session::issue::Session;
use crate::session::pages::session_json;

/// As far as an Allow header can list what origins take.
pub(crate) const METHODS: &[Method] = &[
    Method::Delete,
    Method::Get,
    Method::Head,
    Method::Options,
    Method::Patch,
    Method::Post,
    Method::Put,
];

/// The address that a request is for, and what its path demands of the user.
pub(crate) struct Target<'a> {
    pub(crate) gate: &'a GateConfig,
    /// The address that is judged; of it nothing is written anew but the origin.
    pub(crate) url: Url,
    pub(crate) demands: Demands<'a>,
}

/// The permission to forward a request.
pub(crate) struct Admission<'a> {
    pub(crate) target: Target<'a>,
    /// The session of the signed-in user; `None` on a public path.
    pub(crate) session: Option<&'a Session>,
}

impl<'a> Target<'a> {
    /// `None` for another spelling of a page of ours: nothing is there.
    pub(crate) fn of(
        request: &Request<'_>,
        gate: &'a GateConfig,
        config: &Config,
    ) -> Result<Option<Self>, GateDenial> {
        let url = request.url(config).ok_or(GateDenial::PathAmbiguous)?;
        if is_own(url.path()) {
            return Ok(None);
        }
        let demands = gate.paths.demands(url.path()).ok_or(GateDenial::PathAmbiguous)?;
        Ok(Some(Self { gate, url, demands }))
    }

    /// Whether the path needs no session. No session is renewed there, and no cookie of ours is set
    /// or cleared: a shared cache may store the answer with its Set-Cookie (RFC 9111 §7.3), and
    /// would give one user's session to others (row H17).
    pub(crate) const fn is_public(&self) -> bool {
        self.demands.is_public
    }

    pub(crate) fn admit(
        self,
        request: &Request<'_>,
        session: Option<&'a Session>,
        config: &Config,
    ) -> Result<Admission<'a>, GateDenial> {
        let Some(session) = session else {
            let is_public = self.is_public();
            let anonymous = Admission { target: self, session: None };
            return is_public.then_some(anonymous).ok_or(GateDenial::NotSignedIn);
        };
        if let Some(roles) = self.demands.unmet_by(&session.role) {
            return Err(GateDenial::RoleInsufficient { roles: roles.to_vec() });
        }
        // Pages of sibling hosts send Lax cookies as well. The same-origin policy covers no
        // WebSocket, and a form or a simple request takes effect without a preflight.
        if request.is_foreign(config) {
            if request.is_websocket() {
                return Err(GateDenial::CrossSiteSocket);
            }
            if request.may_change() && !self.is_public() {
                return Err(GateDenial::CrossSiteRequest);
            }
        }
        Ok(Admission { target: self, session: Some(session) })
    }
}

/// The answer to a request by plain http: a redirect to the same address by https, or the health of
/// the Worker for monitors. Neither sets HSTS (RFC 6797 §7.2).
pub(crate) fn over_plain_http(
    request: &Request<'_>,
    route: Option<&Route>,
    config: &Config,
) -> Answer {
    match route {
        Some(Route::Health) if Route::Health.takes(request.method) => Answer::health(),
        _ => Answer::by_https(request.url(config).as_ref().unwrap_or(&config.site.base).as_str()),
    }
}

/// The answer to a request that is denied. A navigation is redirected to the login, and a program
/// gets the login's address as JSON. A form is not redirected: its content would be lost.
pub(crate) fn denied(
    request: &Request<'_>,
    denial: GateDenial,
    account: Option<&AccountId>,
    config: &Config,
    audience: ErrorAudience,
) -> Reply {
    let seen = request.url(config).filter(|_| request.method.is_read());
    match (denial, seen) {
        (GateDenial::NotSignedIn, _) if !audience.wants_page => session_json(None).into(),
        (GateDenial::NotSignedIn, Some(url)) => {
            Answer::found(&Route::LoginPage.with_return_to(page(&url))).into()
        }
        (denial, _) => failed(&denial.into(), account, audience),
    }
}

pub(crate) fn failed(error: &Error, account: Option<&AccountId>, audience: ErrorAudience) -> Reply {
    let reference = hex(&audience.reference);
    let answer = if audience.wants_page {
        failure::answer(error, account, &reference)
    } else {
        failure::json(error, &reference)
    };
    Reply { answer, log: LogLine::failure(error, account, &reference).line() }
}

/// Path and query.
pub(crate) fn page(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}
