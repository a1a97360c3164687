//! The current session of a browser.
//!
//! A session cookie stands on its own for `RENEW_SECONDS`, which costs two MACs a request and no
//! storage. Then the ledger is asked whether the session still stands, and a fresh token replaces
//! the old one. That is how long a session outlives its end elsewhere: a sign-out, a LogoutRequest,
//! a change that narrows what the account trusts ([`crate::model::trust::Trust`]). While the ledger
//! is out of reach, a session lasts until its token expires, after twice that time, and no longer.

use saml_verify::time::UnixTime;

use crate::config::parse::Config;
use crate::encoding::hex;
use crate::error::Fault;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::ledger::port::Ledger;
use crate::ledger::trust::narrowing;
use crate::ledger::trust::narrowing::{Renew, See};
use crate::ledger::trust::sightings::State;
use crate::log;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::accounts::Accounts;
use crate::platform::context::{Platform, Service};
use crate::session::issue;
use crate::session::issue::{Renewed, Session, Standing};

/// The session of a browser at one moment.
#[derive(Debug, Default)]
pub(crate) struct CurrentSession {
    /// The session of the signed-in user.
    pub(crate) session: Option<Session>,
    /// The identity token of the session.
    pub(crate) token: String,
    /// The Set-Cookie headers that every answer must carry.
    pub(crate) set_cookies: Vec<String>,
    /// Why the ledger or the store could not be asked.
    pub(crate) fault: Option<Fault>,
}

/// The session that the cookies hold, renewed where that is due.
pub(crate) async fn current_session(
    cx: &Service<'_, impl Platform>,
    cookies: Option<&str>,
    now: UnixTime,
) -> CurrentSession {
    let (current, due) = CurrentSession::from_cookies_alone(cookies, cx.config, now);
    renew_due(cx, current, due, now).await
}

/// The session that goes on in place of `current`, where `due` must be renewed.
pub(crate) async fn renew_due(
    cx: &Service<'_, impl Platform>,
    current: CurrentSession,
    due: Option<Session>,
    now: UnixTime,
) -> CurrentSession {
    let Some(session) = due else { return current };
    match renew(cx, &session, now).await {
        Ok(renewed) => CurrentSession::renewed(renewed),
        Err(fault) => CurrentSession { fault: Some(fault), ..current },
    }
}

/// The current session, which the ledger confirms however new the token is.
pub(crate) async fn current_session_checked(
    cx: &Service<'_, impl Platform>,
    cookies: Option<&str>,
    now: UnixTime,
) -> Result<CurrentSession, Fault> {
    match Session::last_known(cookies, cx.config, now) {
        Some(session) => Ok(CurrentSession::renewed(renew(cx, &session, now).await?)),
        None => Ok(CurrentSession::default()),
    }
}

/// The session with a fresh token, or `None` where it is over.
async fn renew(
    cx: &Service<'_, impl Platform>,
    session: &Session,
    now: UnixTime,
) -> Result<Option<Renewed>, Fault> {
    let Some(account) = session.account_id() else { return Ok(None) };
    if !still_stands(cx, &account, session, now).await? {
        return Ok(None);
    }
    session.again(cx.config, now).map(Some)
}

/// Whether the ledger lets `session` go on at this moment.
pub(crate) async fn still_stands(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    session: &Session,
    now: UnixTime,
) -> Result<bool, Fault> {
    let stored = cx.accounts.stored(account).await?;
    let renew = Renew {
        sid: session.sid.clone(),
        epoch: stored.revision(),
        idle: idle(cx),
        now: now.seconds(),
    };
    let renewed = match cx.ledger.ask(account, &renew).await? {
        narrowing::Renewed::Unseen => {
            show(cx, account, &stored, now).await?;
            cx.ledger.ask(account, &renew).await?
        }
        renewed => renewed,
    };
    match renewed {
        narrowing::Renewed::Seen { stands } => Ok(stands),
        // What was shown cannot be unseen; the next request asks again.
        narrowing::Renewed::Unseen => {
            Err(Fault::LedgerUnreachable("what is stored was not seen".to_owned()))
        }
    }
}

/// Shows the ledger what is stored, since KV may have been written directly.
pub(crate) async fn show_stored(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<(), Fault> {
    show(cx, account, &cx.accounts.stored(account).await?, now).await
}

async fn show(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    stored: &Stored,
    now: UnixTime,
) -> Result<(), Fault> {
    let see = See {
        state: State::of(stored),
        account: account.clone(),
        is_heard: cx.config.webhook.is_some(),
        now: now.seconds(),
    };
    cx.ledger.ask(account, &see).await
}

/// After how many seconds without a renewal a session is over.
pub(crate) fn idle(cx: &Service<'_, impl Platform>) -> Option<i64> {
    // The last request may be as much younger than the last renewal.
    cx.config.sessions.idle_seconds.map(|seconds| seconds + cx.config.sessions.renew_seconds)
}

impl CurrentSession {
    /// `answer`, with what the browser must be told of its session.
    pub(crate) fn reply(self, answer: Answer, entropy: &Entropy) -> Reply {
        let Self { set_cookies, fault, .. } = self;
        let line = |fault: Fault| {
            log::LogLine::failure(&fault.into(), None, &hex(&entropy.reference)).line()
        };
        Reply { answer: answer.with_cookies(set_cookies), log: fault.and_then(line) }
    }

    /// The session that the cookies hold, without a look at the ledger, and the session that must
    /// be renewed first.
    pub(crate) fn from_cookies_alone(
        cookies: Option<&str>,
        config: &Config,
        now: UnixTime,
    ) -> (Self, Option<Session>) {
        let Some((session, token)) = Session::with_token(cookies, config, now) else {
            return (Self::default(), None);
        };
        match session.standing(config, now) {
            Standing::Stands => (Self::of(session, token), None),
            Standing::Due => (Self::of(session.clone(), token), Some(session)),
            Standing::Late => (Self::default(), Some(session)),
        }
    }

    /// The session that goes on, or none that is over.
    fn renewed(renewed: Option<Renewed>) -> Self {
        let Some(renewed) = renewed else {
            return Self { set_cookies: issue::clear().into(), ..Self::default() };
        };
        let set_cookies = vec![renewed.set_cookie()];
        Self { set_cookies, ..Self::of(renewed.session, renewed.token) }
    }

    fn of(session: Session, token: String) -> Self {
        Self { session: Some(session), token, ..Self::default() }
    }
}
