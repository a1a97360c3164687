//! Signing out (Profiles §4.4): ends the session here, whatever becomes of it elsewhere.

use crate::encoding::hex;
use crate::service::answer::Answer;
use crate::service::error::Error;
use crate::service::ledger::Ledger;
use crate::service::log::{Event, Logout};
use crate::service::own_form::require_own;
use crate::service::private_keys::PrivateKeys;
use crate::service::session::{self, Session};
use crate::service::store::Accounts;
use crate::service::{Entropy, Reply, Request, Service};
use crate::time::UnixTime;

/// Asks before it signs out, and says so afterwards. A product may link here: a link that signed out
/// by itself could be in anybody's page.
pub(crate) const PAGE: &str = "/sso/logout";

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Who would be signed out, or that nobody is signed in any more.
    pub(crate) fn logout_page(&self, request: &Request<'_>, now: UnixTime) -> Answer {
        match Session::of(request.cookies, self.config, now) {
            Some(session) => Answer::sign_out_page(&session, self.config),
            None => Answer::signed_out_page(),
        }
    }

    /// Ends the session and takes its cookies away.
    pub(crate) async fn reply_to_logout(
        &self,
        request: &Request<'_>,
        entropy: &Entropy,
        now: UnixTime,
    ) -> Reply {
        let reference = hex(&entropy.reference);
        if let Err(denial) = require_own(request, self.config) {
            // The page asks whoever did mean it.
            let log = Event::logout_failure(&denial.into(), None, &reference).line();
            return Reply { answer: Answer::see_other(PAGE), log };
        }
        let signed_out = Answer::see_other(PAGE).with_cookies(session::clear());
        let Some(session) = Session::of(request.cookies, self.config, now) else {
            return signed_out.into();
        };
        match self.end(&session).await {
            Ok(()) => {
                let account = session.account_id();
                let event =
                    account.as_ref().map(|id| Event::logout(Logout::Succeeded, id, &reference));
                Reply { answer: signed_out, log: event.and_then(|event| event.line()) }
            }
            Err(error) => {
                let Reply { answer, log } =
                    Reply::logout_failed(&error, session.account_id().as_ref(), &reference);
                Reply { answer: answer.with_cookies(session::clear()), log }
            }
        }
    }

    async fn end(&self, session: &Session) -> Result<(), Error> {
        let Some(account) = session.account_id() else { return Ok(()) };
        self.ledger.end(&account, &session.sid).await?;
        Ok(())
    }
}
