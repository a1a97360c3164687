//! Signing out (Profiles §4.4): ends the session here, then goes on to the IdP if it wants to hear
//! of it. The session is over whether or not the IdP confirms it.

use saml_verify::saml::{LogoutAnswer, Outgoing};
use saml_verify::time::UnixTime;

use crate::account::load;
use crate::encoding::hex;
use crate::error::{Error, Fault};
use crate::http::answer::{Answer, field};
use crate::http::entropy::Entropy;
use crate::http::form::require_own;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::idp::outbound;
use crate::idp::outbound::{OutboundMessage, to_answer};
use crate::ledger::port::Ledger;
use crate::ledger::sessions::end::EndSession;
use crate::ledger::sessions::idp_session::IdpSession;
use crate::log::{LogLine, LogoutOutcome};
use crate::logout::page;
use crate::logout::page::{sign_out_page, signed_out_page};
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};
use crate::platform::keys::PrivateKeys;
use crate::session::issue;
use crate::session::issue::Session;

/// Asks before it signs out, and says so afterwards. A product may link here: a link that signed
/// out by itself could stand in an attacker's page.
pub(crate) fn page() -> String {
    Route::Logout.path()
}

/// The page after a sign-out that the IdP has not confirmed.
pub(crate) fn unsure_page() -> String {
    format!("{}?elsewhere=unsure", page())
}

/// Whether the IdP is asked to end its own session.
enum IdpLogout {
    /// By this request.
    Requested(OutboundMessage),
    /// The IdP accepts no such request.
    Unsupported,
    /// The IdP sent no NameID, without which a request cannot name the session.
    NameIdMissing,
}

/// The user who would be signed out, or that there is no session any more.
pub(crate) fn logout_page(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    now: UnixTime,
) -> Answer {
    match Session::last_known(request.cookies, cx.config, now) {
        Some(session) => sign_out_page(&session, cx.config),
        None if field(request.query, "elsewhere").is_some() => {
            signed_out_page(LogoutAnswer::Unsure)
        }
        None => signed_out_page(LogoutAnswer::Everywhere),
    }
}

/// Ends the session and takes its cookies away.
pub(crate) async fn reply_to_logout(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    if let Err(denial) = require_own(request, cx.config) {
        // The page asks for confirmation.
        let log = LogLine::logout_failure(&denial.into(), None, &reference).line();
        return Reply { answer: Answer::see_other(&page()), log };
    }
    let session = Session::last_known(request.cookies, cx.config, now);
    let account = session.as_ref().and_then(Session::account_id);
    let Reply { answer, log } = match (session, account) {
        (Some(session), Some(account)) => log_out(cx, &session, &account, entropy, now).await,
        (Some(_), None) | (None, _) => Answer::see_other(&page()).into(),
    };
    Reply { answer: answer.with_cookies(issue::clear()), log }
}

async fn log_out(
    cx: &Service<'_, impl Platform>,
    session: &Session,
    account: &AccountId,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let reference = &hex(&entropy.reference);
    let end = EndSession { sid: session.sid.clone() };
    let sealed = match cx.ledger.ask(account, &end).await {
        Ok(sealed) => sealed,
        Err(fault) => return page::failed(&fault.into(), Some(account), reference),
    };
    let idp_session = sealed
        .and_then(|sealed| IdpSession::open(&sealed, &session.sid, &cx.config.keys.idp_session));
    let asked = match idp_session {
        Some(idp_session) => ask_idp(cx, &idp_session, account, entropy, now).await,
        None => Ok(IdpLogout::Unsupported),
    };
    let (answer, event) = match asked {
        Ok(IdpLogout::Requested(outbound)) => {
            (to_answer(303, outbound), LogLine::logout(LogoutOutcome::Started, account, reference))
        }
        Ok(IdpLogout::Unsupported) => (
            Answer::see_other(&page()),
            LogLine::logout(LogoutOutcome::Succeeded, account, reference),
        ),
        Ok(IdpLogout::NameIdMissing) => (
            Answer::see_other(&unsure_page()),
            LogLine::logout(LogoutOutcome::Unsure, account, reference),
        ),
        Err(error) => {
            let log = LogLine::logout_failure(&error, Some(account), reference).line();
            return Reply { answer: Answer::see_other(&unsure_page()), log };
        }
    };
    Reply { answer, log: event.line() }
}

/// A LogoutRequest to the IdP that the session is of, if it takes any.
async fn ask_idp(
    cx: &Service<'_, impl Platform>,
    idp_session: &IdpSession,
    account: &AccountId,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<IdpLogout, Error> {
    let account = load::load(cx, account.clone(), now).await?;
    let endpoint = account.slo_endpoint().filter(|_| idp_session.idp == account.idp.entity_id());
    let Some(endpoint) = endpoint else { return Ok(IdpLogout::Unsupported) };
    // A LogoutRequest must name its subject (Core §3.7.1).
    let Some(name_id) = idp_session.name_id() else { return Ok(IdpLogout::NameIdMissing) };
    let id = entropy.message_id();
    let head = account.message_head(&id, &endpoint.location, now);
    let xml = head.logout_request(&name_id, idp_session.session_index.as_deref());
    let xml = xml.ok_or(Fault::ClockUnusable)?;
    let message = Outgoing::request(&xml);
    let signed = cx.private_keys.count() > 0;
    let outbound =
        outbound::bind(cx, &message, endpoint.binding, &endpoint.location, signed).await?;
    Ok(IdpLogout::Requested(outbound))
}
