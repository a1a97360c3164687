//! `/sso/{account}/slo` and `/sso/slo`: single logout, as it comes from the IdP (Profiles §4.4).
//!
//! The browser is a mere carrier. Entra sends it in a hidden frame, where our cookies do not come
//! along: what a LogoutRequest ends, it ends in the ledger, and every copy of the session with it.

use crate::encoding::hex;
use crate::error::Refusal;
use crate::limits::FORM_OCTETS;
use crate::saml::{
    ExpectedLogout, Incoming, IncomingForm, Logout, LogoutAccepted, LogoutAnswer, Outgoing,
    takes_answers,
};
use crate::service::account::{Account, AccountId};
use crate::service::answer::Answer;
use crate::service::body::{self, Body};
use crate::service::claims::Names;
use crate::service::error::{Denial, Error, Fault};
use crate::service::ledger::{Ledger, LoggedOut};
use crate::service::log::{self, Event};
use crate::service::private_keys::PrivateKeys;
use crate::service::session::{self, Companion, Session};
use crate::service::store::Accounts;
use crate::service::{Entropy, Reply, Request, Service, logout, remembered};
use crate::time::UnixTime;

/// What became of a message of single logout.
struct Heard {
    answer: Answer,
    outcome: log::Logout,
    uses_sha1: bool,
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Takes a message that came in by an account's own address, or by that of all accounts.
    pub(crate) async fn reply_to_slo(
        &self,
        own: Option<AccountId>,
        request: &Request<'_>,
        body: impl Body,
        entropy: Entropy,
        now: UnixTime,
    ) -> Reply {
        let reference = hex(&entropy.reference);
        let Some(id) = own.or_else(|| self.account_of(request, now)) else {
            return Reply::logout_failed(&Denial::AccountUnknown.into(), None, &reference);
        };
        match self.hear(&id, request, body, entropy, now).await {
            Ok(Heard { answer, outcome, uses_sha1 }) => {
                let event = Event::logout(outcome, &id, &reference).signed_with_sha1(uses_sha1);
                Reply { answer, log: event.line() }
            }
            Err(error) => Reply::logout_failed(&error, Some(&id), &reference),
        }
    }

    /// The account of whoever is signed in in this browser, or was: a LogoutRequest does not say
    /// whose it is. It is a guess at whose keys to try, and where cookies do not come along there is
    /// none.
    fn account_of(&self, request: &Request<'_>, now: UnixTime) -> Option<AccountId> {
        let session = Session::last_known(request.cookies, self.config, now);
        let signed_in = session.as_ref().and_then(Session::account_id);
        signed_in.or_else(|| remembered::of(request.cookies))
    }

    async fn hear(
        &self,
        id: &AccountId,
        request: &Request<'_>,
        body: impl Body,
        entropy: Entropy,
        now: UnixTime,
    ) -> Result<Heard, Error> {
        let incoming = if request.method == "POST" {
            let form = body::read(body, FORM_OCTETS).await?;
            Incoming::Form(IncomingForm::parse(request.content_type, &form)?)
        } else {
            Incoming::Query(request.query.unwrap_or_default())
        };
        let account = self.account(id.clone(), now).await?;
        let expected = ExpectedLogout {
            idp: &account.idp,
            addresses: &account.addresses.slo_urls(&account.id, self.config),
            skew: self.config.skew,
            sha1: account.settings.sha1(now),
            unsigned: account.settings.allow_unsigned_logout,
        };
        match Logout::accept(&incoming, &expected, now)? {
            Logout::Request(accepted) => {
                let relay_state = incoming.relay_state();
                let uses_sha1 = accepted.uses_sha1;
                let ended = self.end_as_asked(&account, &accepted).await?;
                let answer =
                    self.confirm_logout(&account, &accepted, relay_state, &entropy, now).await?;
                let cookies = cookies_of(&ended, request);
                let (answer, outcome) = (answer.with_cookies(cookies), log::Logout::Asked);
                Ok(Heard { answer, outcome, uses_sha1 })
            }
            Logout::Answer(said) => Ok(back(said)),
        }
    }

    /// Ends the sessions that the request means, says which, and uses it up.
    async fn end_as_asked(
        &self,
        account: &Account,
        accepted: &LogoutAccepted,
    ) -> Result<Vec<String>, Error> {
        // Whatever name the IdP uses for itself here, logins know it by its entity id.
        let names = Names { account: &account.id, issuer: account.idp.entity_id() };
        let sub = names.subject(&accepted.name_id);
        let indexes = accepted.session_indexes.iter().map(|index| names.session_index(index));
        let logged_out = LoggedOut {
            request: accepted.once_key.as_deref(),
            until: accepted.expires,
            sub: &sub,
            session_indexes: &indexes.collect::<Vec<_>>(),
        };
        let sids = self.ledger.log_out(&account.id, &logged_out).await?;
        Ok(sids.ok_or(Refusal::LogoutReplayed)?)
    }

    /// The answer, to where the IdP takes it; or a page for nobody to read.
    async fn confirm_logout(
        &self,
        account: &Account,
        accepted: &LogoutAccepted,
        relay_state: Option<String>,
        entropy: &Entropy,
        now: UnixTime,
    ) -> Result<Answer, Error> {
        let endpoint = account.slo_endpoint().filter(|_| takes_answers(account.idp.entity_id()));
        let Some(endpoint) = endpoint else {
            return Ok(Answer::signed_out_page(LogoutAnswer::Everywhere).framed_by(&account.idp));
        };
        let location = endpoint.response_location.as_ref().unwrap_or(&endpoint.location);
        let id = entropy.message_id();
        let head = account.message_head(&id, location, now);
        let xml = head.logout_response(&accepted.id).ok_or(Fault::ClockUnusable)?;
        let message = Outgoing::response(&xml, relay_state.as_deref());
        let signed = self.private_keys.count() > 0;
        let carrier = self.send(&message, endpoint.binding, location, signed).await?;
        Ok(Answer::carry(303, carrier).framed_by(&account.idp))
    }
}

/// Signs this very browser out, if what ended is what it has. A POST of another site brings only the
/// companion, which names the session.
fn cookies_of(ended: &[String], request: &Request<'_>) -> Vec<String> {
    let companion = Companion::of(request.cookies);
    let sid = companion.and_then(|companion| companion.sid);
    let has_ended = sid.is_some_and(|sid| ended.iter().any(|it| it == sid));
    if has_ended { session::clear().into() } else { Vec::new() }
}

/// Back from the IdP, where a logout of ours went. The session was over before it left.
fn back(said: LogoutAnswer) -> Heard {
    let (outcome, answer) = match said {
        LogoutAnswer::Everywhere => (log::Logout::Everywhere, logout::PAGE),
        LogoutAnswer::Unsure => (log::Logout::Unsure, logout::UNSURE),
    };
    Heard { answer: Answer::see_other(answer), outcome, uses_sha1: false }
}
