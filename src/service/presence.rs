//! Who is signed in.
//!
//! A session cookie stands on its own for `RENEW_SECONDS`, which costs two MACs a request and no
//! storage. Then the ledger is asked whether the session still stands, and a fresh token replaces the
//! old one. That is how long a session outlives its end elsewhere: a sign-out, a LogoutRequest, a
//! change that narrows what the account trusts ([`crate::service::Trust`]). While the ledger is out
//! of reach, a session lasts until its token expires, after twice that time, and no longer.

use crate::service::Service;
use crate::service::account::AccountId;
use crate::service::config::Config;
use crate::service::error::Fault;
use crate::service::ledger::{self, Ledger, Renewal, Sighting};
use crate::service::session::{self, Renewed, Session, Standing};
use crate::service::sightings::State;
use crate::service::store::{Accounts, Stored};
use crate::time::UnixTime;

/// What a browser's cookies come to at one moment.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    /// The session of whoever is signed in.
    pub(crate) session: Option<Session>,
    /// Its identity token.
    pub(crate) token: String,
    /// What the browser must be told, whatever else it is answered.
    pub(crate) set_cookies: Vec<String>,
    /// Why nobody could be asked.
    pub(crate) fault: Option<Fault>,
}

impl<A: Accounts, L: Ledger, K> Service<'_, A, L, K> {
    /// The session that the cookies hold, renewed where that is due.
    pub(crate) async fn presence(&self, cookies: Option<&str>, now: UnixTime) -> Presence {
        let (present, due) = Presence::unasked(cookies, self.config, now);
        let Some(session) = due else { return present };
        match self.renew(&session, now).await {
            Ok(renewed) => Presence::renewed(renewed),
            Err(fault) => Presence { fault: Some(fault), ..present },
        }
    }

    /// The same, where the ledger is asked however young the token is.
    pub(crate) async fn certain_presence(
        &self,
        cookies: Option<&str>,
        now: UnixTime,
    ) -> Result<Presence, Fault> {
        match Session::last_known(cookies, self.config, now) {
            Some(session) => Ok(Presence::renewed(self.renew(&session, now).await?)),
            None => Ok(Presence::default()),
        }
    }

    /// The session with a fresh token, or `None` where it is over.
    async fn renew(&self, session: &Session, now: UnixTime) -> Result<Option<Renewed>, Fault> {
        let Some(account) = session.account_id() else { return Ok(None) };
        if !self.still_stands(&account, session, now).await? {
            return Ok(None);
        }
        session.again(self.config, now).map(Some)
    }

    /// Whether the ledger lets `session` go on at this moment.
    pub(crate) async fn still_stands(
        &self,
        account: &AccountId,
        session: &Session,
        now: UnixTime,
    ) -> Result<bool, Fault> {
        let stored = self.accounts.stored(account).await?;
        let renewal = Renewal { sid: &session.sid, epoch: &stored.epoch(), idle: self.idle() };
        let renewed = match self.ledger.renew(account, &renewal, now).await? {
            ledger::Renewed::Unseen => {
                self.show(account, &stored, now).await?;
                self.ledger.renew(account, &renewal, now).await?
            }
            renewed => renewed,
        };
        match renewed {
            ledger::Renewed::Stands => Ok(true),
            ledger::Renewed::Over => Ok(false),
            // What was shown cannot be unseen; the next request asks again.
            ledger::Renewed::Unseen => {
                Err(Fault::LedgerUnreachable("what is stored was not seen".to_owned()))
            }
        }
    }

    /// Shows the ledger what is stored, which somebody may have written past it.
    pub(crate) async fn show_stored(
        &self,
        account: &AccountId,
        now: UnixTime,
    ) -> Result<(), Fault> {
        self.show(account, &self.accounts.stored(account).await?, now).await
    }

    async fn show(&self, account: &AccountId, stored: &Stored, now: UnixTime) -> Result<(), Fault> {
        let (state, is_heard) = (&State::of(stored), self.config.webhook.is_some());
        self.ledger.see(account, &Sighting { state, is_heard }, now).await
    }

    /// After how many seconds without a renewal a session is over.
    pub(crate) fn idle(&self) -> Option<i64> {
        // The last request may be as much younger than the last renewal.
        self.config.idle_seconds.map(|seconds| seconds + self.config.renew_seconds)
    }
}

impl Presence {
    /// What the cookies come to where nobody is asked, and the session that must be renewed first.
    pub(crate) fn unasked(
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
            return Self { set_cookies: session::clear().into(), ..Self::default() };
        };
        let set_cookies = vec![renewed.set_cookie()];
        Self { set_cookies, ..Self::of(renewed.session, renewed.token) }
    }

    fn of(session: Session, token: String) -> Self {
        Self { session: Some(session), token, ..Self::default() }
    }
}
