//! From an IdP's Response to a session (Profiles §4.1.4.3–§4.1.4.5).

use saml_verify::dsig::TrustedKey;
use saml_verify::saml::{Accepted, Requests};

use crate::account::entity_id_claim::Pair;
use crate::account::{directory, load};
use crate::acs::flow::Flow;
use crate::acs::message::Message;
use crate::acs::posted::{AcsEndpoint, Posted};
use crate::acs::posted_again;
use crate::encoding::hex;
use crate::error::{Error, Fault};
use crate::http::cookie;
use crate::http::entropy::Entropy;
use crate::http::request::Exchange;
use crate::http::routes::return_to;
use crate::idp::claims::Identity;
use crate::idp::principal::claim;
use crate::idp::refusal_events;
use crate::idp::verify::accept;
use crate::ledger::events::event::Origin;
use crate::ledger::logins::claim::{LoginClaim, Refuse};
use crate::log::LoginOutcome;
use crate::model::email::Email;
use crate::platform::context::{Platform, Service};
use crate::report::run_test::Attempt;
use crate::report::test_run::TestRun;
use crate::report::{Report, record, run_test};
use crate::session::issue::Session;
use crate::session::{confirm, device};
use crate::signin::pending::Purpose;
use crate::signin::start;
use crate::signin::start::{Start, Started};

/// What an accepted response ends in.
#[derive(Debug)]
pub(super) enum AcsOutcome {
    /// A session, or one that is held until its user confirms it.
    Accepted {
        outcome: LoginOutcome,
        return_to: String,
        set_cookies: Vec<String>,
        /// The fingerprints of the keys that the signatures were verified with.
        signed_by: Vec<String>,
        uses_sha1: bool,
        /// Why the directory could not be written. The sign-in succeeds all the same.
        unentered: Option<Fault>,
    },
    /// This page: the response has signed its user in before, in this browser.
    PostedAgain(String),
    /// The report of a test sign-in, which makes no session.
    Tested(Box<Report>),
    /// A request of ours, which the IdP answers from its own session.
    Upgraded(Started),
}

/// Takes the response that was posted at `endpoint`. Its account is settled (row G1), and no replay
/// key is claimed before everything signed has passed.
pub(super) async fn login(
    cx: &Service<'_, impl Platform>,
    endpoint: &AcsEndpoint,
    posted: Posted,
    exchange: Exchange<'_>,
) -> Result<AcsOutcome, Error> {
    let Exchange { request, entropy, now } = exchange;
    let Posted { account, form, mut pending } = posted;
    let account = &load::load(cx, account, now).await?;
    endpoint.require(account.addresses.acs)?;
    pending.retain(|pending| pending.is_for(account));
    let test = TestRun::claimed(&pending, &form.response_xml);
    let reference = hex(&entropy.reference);
    let outstanding: Vec<&str> = pending.iter().map(|pending| &*pending.request_id).collect();
    let requests = Requests::OrUnsolicited(&outstanding);
    let relayed = return_to::same_site(form.relay_state.as_deref(), &cx.config.site.base);
    let response_xml = &*form.response_xml;
    let message = Message { response_xml, account, pending: &pending, relayed, request, now };
    let login = match accept(cx, response_xml, account, requests, now).await {
        Ok(accepted) => {
            // A test publishes no event.
            let origin = refusal_events::origin(cx, &account.id, reference.clone())
                .filter(|_| test.is_none());
            complete_and_publish(cx, accepted, &message, origin.as_ref(), entropy).await
        }
        Err(error) => go_on_or(cx, error, &message).await,
    };
    match (login, test) {
        // The ID of a test's request, which is not signed here, leads to a report of the refusal
        // alone.
        (Err(error), Some((test, claimed))) => {
            let request_id = Some(test.request_id.clone());
            let test_run = TestRun { request_id, ..TestRun::refused(error, claimed) };
            Report::of(test_run, account, cx.config, now).map(|it| AcsOutcome::Tested(Box::new(it)))
        }
        (Err(error), None) => {
            record::note(cx, &error, &account.id, &reference, now).await;
            Err(error)
        }
        (Ok(login), _) => Ok(login),
    }
}

/// Completes the sign-in, and publishes an event if it is refused.
async fn complete_and_publish(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    origin: Option<&Origin>,
    entropy: Entropy,
) -> Result<AcsOutcome, Error> {
    let (assertion, until) = (accepted.replay_key().to_owned(), accepted.expires().seconds());
    let claimed = LoginClaim {
        assertion: assertion.clone(),
        until,
        request_id: None,
        request_until: None,
        signed_by: accepted.signed_by().iter().map(TrustedKey::id).collect(),
        now: message.now.seconds(),
        user: None,
        session: None,
        trust: None,
        origin: origin.cloned(),
    };
    let login = match complete(cx, accepted, message, claimed, entropy).await {
        Err(error) => go_on_or(cx, error, message).await,
        login => login,
    };
    if let (Err(error), Some(origin)) = (&login, origin) {
        let (code, origin) = (error.code().to_owned(), origin.clone());
        let now = message.now.seconds();
        let refuse = Refuse { assertion, until, code, now, origin };
        refusal_events::publish_refusal(cx, error, refuse, &message.account.id).await;
    }
    login
}

/// The error, unless the browser has posted again the response that signed its user in.
async fn go_on_or(
    cx: &Service<'_, impl Platform>,
    error: Error,
    message: &Message<'_>,
) -> Result<AcsOutcome, Error> {
    posted_again::posted_again(cx, &error, message).await.map(AcsOutcome::PostedAgain).ok_or(error)
}

/// Decides which flow an authentic message ends, and claims its replay key.
async fn complete(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    claimed: LoginClaim,
    entropy: Entropy,
) -> Result<AcsOutcome, Error> {
    let Message { account, pending, request, now, .. } = *message;
    let relayed = message.relayed.clone();
    let uses_sha1 = accepted.uses_sha1();
    let pairs = Pair::all(account, accepted.signed_by());
    let flow = Flow::of(&accepted, account, pending, cx.config.sessions.skew, now)?;
    let (request_id, request_until) = flow.answered().unzip();
    let claimed = LoginClaim { request_id, request_until, ..claimed };
    let proved = flow.proves_anew(account);
    let (return_to, used) = match flow {
        Flow::Answer(pending) => (pending.return_to.clone(), Some(pending.cookie())),
        Flow::Test(_) => {
            let attempt = Attempt { account, login: Some(&claimed), entropy: &entropy, now };
            let test_run = run_test::run_test(cx, accepted, attempt).await?;
            let report = Report::of(test_run, account, cx.config, now)?;
            return Ok(AcsOutcome::Tested(Box::new(report)));
        }
        Flow::Unsolicited => (relayed, None),
        Flow::Upgrade => {
            Identity::map(accepted.unclaimed(), account, cx.config)?;
            // It makes no session, so it is not a login.
            claim(cx, accepted, account, &pairs, &claimed).await?;
            let (return_to, purpose, force_authn, email) = (relayed, Purpose::Upgrade, false, None);
            let start = Start { account, return_to, purpose, force_authn, request, email };
            return start::begin(cx, start, entropy, now).await.map(AcsOutcome::Upgraded);
        }
    };
    let mut identity = Identity::map(accepted.unclaimed(), account, cx.config)?;
    identity.proved = proved;
    let user = identity.user();
    let device = device::label(request.user_agent);
    let draft = Session::draft(identity, account, &device, &entropy, cx.config, now)?;
    let (session, trust) = (Some(draft.row().clone()), Some(account.trust()));
    let claimed = LoginClaim { user: Some(user.clone()), session, trust, ..claimed };
    let principal = claim(cx, accepted, account, &pairs, &claimed).await?;
    let signed_by = claimed.signed_by;
    let issued = draft.start(principal);
    let (outcome, return_to, mut set_cookies) = if issued.replaces_another(request.cookies) {
        let held = confirm::hold(issued, cx.config, entropy.nonce, now)?;
        (LoginOutcome::Held, confirm::address(&return_to), vec![held])
    } else {
        (LoginOutcome::Succeeded, return_to, issued.install(&account.id))
    };
    set_cookies.extend(used.as_deref().map(cookie::clear));
    let unentered = match Email::parse(&user.email) {
        Some(email) => directory::enter(cx, &account.id, &email, now).await.err(),
        None => None,
    };
    let return_to = account.addresses.landing(return_to);
    Ok(AcsOutcome::Accepted { outcome, return_to, set_cookies, signed_by, uses_sha1, unentered })
}
