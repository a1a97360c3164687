//! A session of one user is never silently replaced by one of another (row F4).
//!
//! This is login CSRF: an attacker with an account of their own sends a victim's browser through
//! that account's login, and the attacker's IdP answers with the attacker's name. The victim then
//! works in the attacker's account. So a session that would replace another user's is held in a
//! sealed cookie, and the browser goes to `/sso/confirm`, where the user decides.
//!
//! The ACS cannot see the session itself: the IdP's POST is cross-site and brings no Lax cookie. It
//! sees the companion cookie of the session instead, at the moment it decides; a note made when the
//! login began would not know who has signed in since, in another tab or because the attacker
//! waited for it. `/sso/confirm` is reached by a GET, with the session itself in view, and decides
//! by that.
//!
//! What remains: a browser without a session has none to protect; and an attacker who can set
//! hundreds of cookies from a sibling host can evict all of ours, which visibly signs the user out
//! first.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::config::parse::Config;
use crate::encoding::hex;
use crate::error::denial::SessionDenial;
use crate::error::{Error, Fault};
use crate::http::answer::Answer;
use crate::http::cookie::SameSite;
use crate::http::entropy::Entropy;
use crate::http::form::OwnForm;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::return_to;
use crate::http::routes::{Route, START_PAGE};
use crate::http::{cookie, failure};
use crate::log::{LogLine, LoginOutcome};
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::session::issue::{Issued, Session};
use crate::session::pages::{ConfirmPage, confirm_page};

const COOKIE: &str = cookie::CONFIRM;

/// The number of seconds for the user's decision.
const LIFETIME: u32 = 300;

/// A session that its user has yet to confirm.
#[derive(Serialize, Deserialize)]
struct Held {
    /// The session cookie's value.
    session: String,
    /// Unix time from which it is worthless.
    until: i64,
}

/// The page that asks, and goes on to `return_to` then.
pub(crate) fn address(return_to: &str) -> String {
    Route::Confirm.with_return_to(return_to)
}

/// The Set-Cookie header that holds `issued`. No two calls may share a `nonce`.
pub(crate) fn hold(
    issued: Issued,
    config: &Config,
    nonce: [u8; 12],
    now: UnixTime,
) -> Result<String, Fault> {
    let until = now.plus(LIFETIME.into()).seconds();
    let held = Held { session: issued.into_value(), until };
    let plain = serde_json::to_vec(&held).map_err(|_| Fault::KeyUnusable)?;
    let value = config.keys.confirm.seal(COOKIE, &plain, nonce)?;
    Ok(cookie::set(COOKIE, &value, SameSite::Lax, Some(LIFETIME)))
}

/// What a browser at `/sso/confirm` has to decide between.
struct Choice {
    held: Session,
    /// The held session's cookie.
    value: String,
    present: Option<Session>,
}

impl Choice {
    fn of(cookies: Option<&str>, config: &Config, now: UnixTime) -> Result<Self, SessionDenial> {
        let read = || {
            let plain = config.keys.confirm.open(COOKIE, cookie::value(cookies, COOKIE)?)?;
            let Held { session, until } = serde_json::from_slice(&plain).ok()?;
            let (held, _) = Session::unsealed(&session, config, now)?;
            (now < UnixTime::from_seconds(until)).then_some((held, session))
        };
        let (held, value) = read().ok_or(SessionDenial::NothingToConfirm)?;
        Ok(Self { held, value, present: Session::last_known(cookies, config, now) })
    }

    /// The session that would be replaced, where it is another user's.
    fn replaced(&self) -> Option<&Session> {
        self.present.as_ref().filter(|present| present.sub != self.held.sub)
    }

    /// The `shown` of the form, which names both sessions. The confirmation holds only for the
    /// sessions that its page has shown: another tab may have changed either since.
    fn shown(&self, present: &Session) -> String {
        format!("{}.{}", present.sid, self.held.sid)
    }

    fn ask(&self, present: &Session, return_to: &str) -> Reply {
        let shown = &self.shown(present);
        let page = ConfirmPage { held: &self.held, present, return_to, shown };
        confirm_page(&page).into()
    }

    fn install(self, return_to: &str, reference: &str) -> Reply {
        let Some(account) = self.held.account_id() else {
            return failure::reply(&SessionDenial::NothingToConfirm.into(), None, reference);
        };
        let log = LogLine::login(LoginOutcome::Succeeded, &account, reference).line();
        let set_cookies = Issued::again(self.value, &self.held).install(&account);
        let answer = Answer::see_other(return_to)
            .with_cookies(set_cookies)
            .with_cookies([cookie::clear(COOKIE)]);
        Reply { answer, log }
    }
}

/// Installs the held session if it replaces no other user's; asks otherwise.
pub(crate) fn reply_to_confirm(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let return_to = request.return_to(cx.config);
    let reference = hex(&entropy.reference);
    match Choice::of(request.cookies, cx.config, now) {
        Err(denial) => failure::reply(&denial.into(), None, &reference),
        Ok(choice) => match choice.replaced() {
            Some(present) => choice.ask(present, &return_to),
            None => choice.install(&return_to, &reference),
        },
    }
}

/// Takes the user's decision.
pub(crate) async fn reply_to_confirm_form(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    let read = async {
        let form = OwnForm::read_own(request, body, cx.config).await?;
        Ok::<_, Error>((form, Choice::of(request.cookies, cx.config, now)?))
    };
    let (form, choice) = match read.await {
        Ok(read) => read,
        Err(error) => return failure::reply(&error, None, &reference),
    };
    let return_to = return_to::same_site(form.field("return_to"), &cx.config.site.base);
    if form.field("choice") != Some("replace") {
        let answer = Answer::see_other(START_PAGE);
        return answer.with_cookies([cookie::clear(COOKIE)]).into();
    }
    match choice.replaced() {
        Some(present) if form.field("shown") != Some(&choice.shown(present)) => {
            choice.ask(present, &return_to)
        }
        Some(_) | None => choice.install(&return_to, &reference),
    }
}
