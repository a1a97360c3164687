//! `/sso/{account}/slo` and `/sso/slo`: single logout, as it comes from the IdP (Profiles §4.4).
//!
//! The browser only carries the message. Entra sends it in a hidden frame, where our cookies do not
//! come along: what a LogoutRequest ends, it ends in the ledger, and every copy of the session with
//! it.

use saml_verify::error::Refusal;
use saml_verify::limits::FORM_OCTETS;
use saml_verify::saml::{
    AcceptedLogout, ExpectedLogout, Incoming, IncomingForm, Logout, LogoutAnswer, LogoutRequest,
    LogoutStatus, Outgoing, ReceivedLogout,
};
use saml_verify::time::UnixTime;

use crate::account::load;
use crate::account::load::Account;
use crate::encoding::hex;
use crate::error::denial::SignInDenial;
use crate::error::{Error, Fault};
use crate::http::answer::Answer;
use crate::http::method::Method;
use crate::http::reply::Reply;
use crate::http::request::{Exchange, Request};
use crate::idp::claims::SubjectDigests;
use crate::idp::outbound;
use crate::idp::outbound::to_answer;
use crate::ledger::logins::claim::LogOut;
use crate::ledger::port::Ledger;
use crate::log;
use crate::log::LogLine;
use crate::logout::page::signed_out_page;
use crate::logout::{page, sign_out};
use crate::model::account_id::AccountId;
use crate::platform::body;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::platform::keys::{PrivateKeys, open_name};
use crate::session::issue::{Companion, Session};
use crate::session::{issue, last_account};

/// The result of a message of single logout.
struct Received {
    answer: Answer,
    outcome: Result<log::LogoutOutcome, Error>,
    uses_sha1: bool,
}

/// What a LogoutRequest has ended.
struct EndedSessions {
    sids: Vec<String>,
    uses_sha1: bool,
}

/// A LogoutRequest that is to be answered.
struct Answerable {
    id: String,
    relay_state: Option<String>,
}

/// Takes a message that came in by an account's own address, or by that of all accounts.
pub(crate) async fn reply_to_slo(
    cx: &Service<'_, impl Platform>,
    own: Option<AccountId>,
    exchange: Exchange<'_>,
    body: impl Body,
) -> Reply {
    let reference = hex(&exchange.entropy.reference);
    let Some(id) = own.or_else(|| account_of(cx, exchange.request, exchange.now)) else {
        return page::failed(&SignInDenial::AccountUnknown.into(), None, &reference);
    };
    match receive(cx, &id, &exchange, body).await {
        Ok(Received { answer, outcome, uses_sha1 }) => {
            let event = match &outcome {
                Ok(outcome) => LogLine::logout(*outcome, &id, &reference),
                Err(error) => LogLine::logout_failure(error, Some(&id), &reference),
            };
            Reply { answer, log: event.signed_with_sha1(uses_sha1).line() }
        }
        Err(error) => page::failed(&error, Some(&id), &reference),
    }
}

/// The account of this browser's current or last session: a LogoutRequest does not name its
/// account. It only selects the keys to verify with. In a cross-site frame, where no cookies are
/// sent, there is none.
fn account_of(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    now: UnixTime,
) -> Option<AccountId> {
    let session = Session::last_known(request.cookies, cx.config, now);
    let signed_in = session.as_ref().and_then(Session::account_id);
    signed_in.or_else(|| last_account::of(request.cookies))
}

async fn receive(
    cx: &Service<'_, impl Platform>,
    id: &AccountId,
    exchange: &Exchange<'_>,
    body: impl Body,
) -> Result<Received, Error> {
    let Exchange { request, now, .. } = *exchange;
    let incoming = if request.method == Method::Post {
        let form = body::read(body, FORM_OCTETS).await?;
        Incoming::Form(IncomingForm::parse(request.content_type, &form)?)
    } else {
        Incoming::Query(request.query.unwrap_or_default())
    };
    // Before the account is read (row H14).
    Logout::require_message(&incoming)?;
    let account = load::load(cx, id.clone(), now).await?;
    let expected = ExpectedLogout {
        idp: &account.idp,
        addresses: &account.addresses.slo_urls(&account.id, cx.config),
        skew: cx.config.sessions.skew,
        sha1: account.settings.sha1(now),
        unsigned: account.settings.allow_unsigned_logout,
    };
    let asked = match Logout::verify(&incoming, &expected, now)? {
        Logout::Request(asked) => asked,
        Logout::Answer(said) => return Ok(back(said)),
    };
    let is_signed = asked.is_signed();
    let relay_state = incoming.relay_state();
    let answerable = asked.id(&expected).map(|id| Answerable { id, relay_state });
    match act_on(cx, &account, asked, &expected, now).await {
        Ok(EndedSessions { sids, uses_sha1 }) => {
            let status = LogoutStatus::Success;
            let answer = match &answerable {
                Some(to) => answer_idp(cx, &account, to, status, exchange).await?,
                None => None,
            };
            let page = || page::framed_by(signed_out_page(LogoutAnswer::Everywhere), &account.idp);
            let answer = answer.unwrap_or_else(page).with_cookies(cookies_of(&sids, request));
            Ok(Received { answer, outcome: Ok(log::LogoutOutcome::Asked), uses_sha1 })
        }
        Err(error) => {
            // An unsigned message gets no answer.
            let Some(to) = answerable.filter(|_| is_signed) else { return Err(error) };
            let status = status_of(&error);
            match answer_idp(cx, &account, &to, status, exchange).await {
                Ok(Some(answer)) => Ok(Received { answer, outcome: Err(error), uses_sha1: false }),
                Ok(None) | Err(_) => Err(error),
            }
        }
    }
}

/// Does what the request asks for.
///
/// An encrypted name is no account's: any IdP can sign a request around a name that another one's
/// was encrypted for. So the request has one answer, whether the name cannot be decrypted or has
/// no session (row E2).
async fn act_on(
    cx: &Service<'_, impl Platform>,
    account: &Account,
    asked: LogoutRequest,
    expected: &ExpectedLogout<'_>,
    now: UnixTime,
) -> Result<EndedSessions, Error> {
    let sealed = match asked.accept(expected, now)? {
        ReceivedLogout::Accepted(accepted) => {
            return end_as_asked(cx, account, &accepted, accepted.is_signed()).await;
        }
        ReceivedLogout::Sealed(_) if cx.private_keys.count() == 0 => {
            return Err(Refusal::NameIdEncrypted.into());
        }
        ReceivedLogout::Sealed(sealed) => sealed,
    };
    let opened = open_name(sealed, expected, cx.private_keys, now).await;
    let opened = opened.map_err(|refusal| Error::untold(refusal.into()))?;
    let ended = end_as_asked(cx, account, &opened, false).await;
    let ended = ended.map_err(Error::untold)?;
    if ended.sids.is_empty() {
        return Err(Error::untold(Refusal::NameIdUnknown.into()));
    }
    Ok(ended)
}

/// Ends the sessions that the request means, says which, and uses it up.
///
/// Those of users without a NameID are meant by their SessionIndex alone, if
/// `may_mean_nameless`: a stranger must not guess one, and what ends must not tell whether
/// anything was decrypted (row E2).
async fn end_as_asked(
    cx: &Service<'_, impl Platform>,
    account: &Account,
    accepted: &AcceptedLogout,
    may_mean_nameless: bool,
) -> Result<EndedSessions, Error> {
    // Whatever name the IdP uses for itself here, logins know it by its entity id.
    let names = SubjectDigests { account: &account.id, issuer: account.idp.entity_id() };
    let sub = names.subject(accepted.name_id());
    let indexes = || accepted.session_indexes().iter();
    let nameless = indexes().filter(|_| may_mean_nameless);
    let nameless = nameless.map(|index| names.nameless_session_index(index));
    let log_out = LogOut {
        request: accepted.replay_key().map(str::to_owned),
        until: accepted.expires().seconds(),
        sub,
        session_indexes: indexes().map(|it| names.session_index(it)).collect(),
        nameless_sessions: nameless.collect(),
    };
    let sids = cx.ledger.ask(&account.id, &log_out).await?;
    let sids = sids.ok_or(Refusal::LogoutReplayed)?;
    Ok(EndedSessions { sids, uses_sha1: accepted.uses_sha1() })
}

/// The answer on its way to where the IdP takes it, if it takes any. It is the end of it: no answer
/// has an answer, so nothing goes round between the IdP and us.
async fn answer_idp(
    cx: &Service<'_, impl Platform>,
    account: &Account,
    to: &Answerable,
    status: LogoutStatus,
    exchange: &Exchange<'_>,
) -> Result<Option<Answer>, Error> {
    let endpoint = account.slo_endpoint().filter(|_| account.idp.accepts_logout_responses());
    let Some(endpoint) = endpoint else { return Ok(None) };
    let location = endpoint.response_location.as_ref().unwrap_or(&endpoint.location);
    let id = exchange.entropy.message_id();
    let head = account.message_head(&id, location, exchange.now);
    let xml = head.logout_response(&to.id, status).ok_or(Fault::ClockUnusable)?;
    let message = Outgoing::response(&xml, to.relay_state.as_deref());
    let signed = cx.private_keys.count() > 0;
    let outbound = outbound::bind(cx, &message, endpoint.binding, location, signed).await?;
    Ok(Some(page::framed_by(to_answer(303, outbound), &account.idp)))
}

/// What an IdP is told of a request that was refused (Profiles §4.4.3.4): whose fault it is, no
/// more.
const fn status_of(error: &Error) -> LogoutStatus {
    match error {
        Error::Refused(Refusal::VersionUnsupported) => LogoutStatus::VersionMismatch,
        Error::Denied(_) | Error::Opened(_) | Error::Refused(_) => LogoutStatus::Requester,
        Error::Fault(_) | Error::Metadata(_) => LogoutStatus::Responder,
    }
}

/// Signs this very browser out, if what ended is what it has. A POST of another site brings only
/// the companion, which names the session.
fn cookies_of(ended: &[String], request: &Request<'_>) -> Vec<String> {
    let companion = Companion::of(request.cookies);
    let sid = companion.and_then(|companion| companion.sid);
    let has_ended = sid.is_some_and(|sid| ended.iter().any(|it| it == sid));
    if has_ended { issue::clear().into() } else { Vec::new() }
}

/// Back from the IdP, where a logout of ours went. The session was over before it left.
fn back(said: LogoutAnswer) -> Received {
    let (outcome, answer) = match said {
        LogoutAnswer::Everywhere => (log::LogoutOutcome::Everywhere, sign_out::page()),
        LogoutAnswer::Unsure => (log::LogoutOutcome::Unsure, sign_out::unsure_page()),
    };
    Received { answer: Answer::see_other(&answer), outcome: Ok(outcome), uses_sha1: false }
}
