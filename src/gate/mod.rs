//! The gate: what is not this service's own is the origin's, and needs a session.
//!
//! It is closed by default, costs two MACs, and reads no storage but where a session is to be
//! renewed ([`crate::session::current`]). The path is judged in the form in which it is forwarded,
//! so that there is no second reading on this side (row H4).

pub(crate) mod admission;
pub(crate) mod audience;
pub(crate) mod forwarded;
pub(crate) mod headers;
mod request;

use saml_verify::time::UnixTime;

use crate::config::parse::Config;
use crate::error::denial::GateDenial;
use crate::gate::admission::{METHODS, Target, denied, failed, over_plain_http};
use crate::gate::audience::ErrorAudience;
use crate::gate::forwarded::ForwardedRequest;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::platform::context::{Platform, Service};
use crate::session::current;
use crate::session::current::CurrentSession;
use crate::session::issue::Session;

/// What becomes of a request.
#[derive(Debug)]
pub enum Decision {
    /// The gate answers the request.
    Respond(Reply),
    /// The request goes on to the origin.
    Forward(ForwardedRequest),
    /// The request is for this service itself.
    Own,
}

/// A request to the origin, judged by what it brings along.
struct Gated<'a> {
    target: Target<'a>,
    current: CurrentSession,
    /// The session that must be renewed before the request goes on.
    due: Option<Session>,
}

/// Why no session decides about a request.
enum Ungated {
    /// The path has more than one reading.
    Ambiguous(GateDenial),
    /// The request is for this service itself.
    Own,
    /// The request came by plain http.
    PlainHttp,
    /// The method echoes the request, cookies included.
    Traced,
}

/// Judges one request, at one of our routes or at none. No storage is read.
fn judge<'a>(
    request: &Request<'_>,
    route: Option<&Route>,
    config: &'a Config,
    now: UnixTime,
) -> Result<Gated<'a>, Ungated> {
    if request.is_plain(config) {
        return Err(Ungated::PlainHttp);
    }
    let gate = config.gate.as_ref().filter(|_| route.is_none()).ok_or(Ungated::Own)?;
    if request.is_traced() {
        return Err(Ungated::Traced);
    }
    let target = Target::of(request, gate, config).map_err(Ungated::Ambiguous)?;
    let target = target.ok_or(Ungated::Own)?;
    let (current, due) = CurrentSession::from_cookies_alone(request.cookies, config, now);
    let due = due.filter(|_| !target.is_public());
    Ok(Gated { target, current, due })
}

/// Decides about one request, at one of our routes or at none. A session that is due is renewed.
pub async fn gate(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    route: Option<&Route>,
    entropy: &Entropy,
    now: UnixTime,
) -> Decision {
    let audience = ErrorAudience { wants_page: request.wants_page(), reference: entropy.reference };
    let reply = match judge(request, route, cx.config, now) {
        Ok(Gated { target, current, due }) => {
            let current = current::renew_due(cx, current, due, now).await;
            return decide(target, request, current, audience, cx.config, now);
        }
        Err(Ungated::Own) => return Decision::Own,
        Err(Ungated::PlainHttp) => {
            return Decision::Respond(over_plain_http(request, route, cx.config).into());
        }
        Err(Ungated::Ambiguous(denial)) => failed(&denial.into(), None, audience),
        Err(Ungated::Traced) => Answer::method_not_allowed(METHODS).into(),
    };
    Decision::Respond(reply.with_layout(cx.config))
}

impl ForwardedRequest {
    /// The request, forwarded without storage being read, as most requests are. `None` says no more
    /// than that [`gate`] decides.
    pub fn without_renewal(
        request: &Request<'_>,
        route: Option<&Route>,
        config: &Config,
        now: UnixTime,
    ) -> Option<Self> {
        let Gated { target, current, due: None } = judge(request, route, config, now).ok()? else {
            return None;
        };
        let CurrentSession { session, token, .. } = current;
        let admission = target.admit(request, session.as_ref(), config).ok()?;
        Some(Self::new(&admission, request, token, config, now))
    }
}

/// Decides on a request to `target`.
fn decide(
    target: Target<'_>,
    request: &Request<'_>,
    current: CurrentSession,
    audience: ErrorAudience,
    config: &Config,
    now: UnixTime,
) -> Decision {
    let CurrentSession { session, token, set_cookies, fault } = current;
    let log_of_fault = fault.and_then(|fault| failed(&fault.into(), None, audience).log);
    match target.admit(request, session.as_ref(), config) {
        Ok(admission) => {
            let forwarded = ForwardedRequest::new(&admission, request, token, config, now);
            Decision::Forward(forwarded.with_set_cookies(set_cookies, log_of_fault))
        }
        Err(denial) => {
            let account = session.and_then(|session| session.account_id());
            let Reply { answer, log } = denied(request, denial, account.as_ref(), config, audience);
            let answer = answer.with_cookies(set_cookies);
            Decision::Respond(Reply { answer, log: log.or(log_of_fault) }.with_layout(config))
        }
    }
}
