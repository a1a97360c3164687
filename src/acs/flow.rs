//! The Assertion Consumer Service: from an IdP's POST to a session (Profiles §4.1.4.3–§4.1.4.5).

use saml_verify::dsig::TrustedKey;
use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Requests, Skew};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::account::{directory, load};
use crate::acs::message::Message;
use crate::acs::posted::{AcsEndpoint, Posted};
use crate::acs::posted_again;
use crate::encoding::hex;
use crate::error::denial::SignInDenial;
use crate::error::{Error, Fault};
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::return_to;
use crate::http::{cookie, failure};
use crate::idp::claims::Identity;
use crate::idp::principal::claim;
use crate::idp::refusal_events;
use crate::idp::verify::accept;
use crate::ledger::events::event::Origin;
use crate::ledger::logins::claim::{LoginClaim, Refuse};
use crate::log;
use crate::log::LoginOutcome;
use crate::model::email::Email;
use crate::model::settings::IdpInitiated;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};
use crate::report::run_test::Attempt;
use crate::report::test_run::TestRun;
use crate::report::{Report, page, record, run_test};
use crate::session::issue::Session;
use crate::session::{confirm, device};
use crate::signin::pending::{Pending, Purpose};
use crate::signin::start;
use crate::signin::start::{Start, Started, to_idp};

/// So many replaced logins without an answer, all within [`ROUND_SECONDS`], go round in circles.
const ROUNDS: usize = 3;

/// Nobody clicks so often in that time, and a loop takes seconds.
const ROUND_SECONDS: i64 = 120;

/// How a response that was accepted ends.
#[derive(Debug)]
pub(crate) enum AcsOutcome {
    /// In a session, or in one that is held until its user says so.
    Accepted {
        outcome: LoginOutcome,
        return_to: String,
        set_cookies: Vec<String>,
        /// The fingerprints of the keys that it rests on.
        signed_by: Vec<String>,
        uses_sha1: bool,
        /// Why the directory could not be written, which is no reason to refuse anybody.
        unentered: Option<Fault>,
    },
    /// In nothing, on this page: the response has signed its user in before, in this browser.
    PostedAgain(String),
    /// In the report of a test sign-in, which makes no session.
    Tested(Box<Report>),
    /// In a request of ours, which the IdP answers from its own session.
    Upgraded(Started),
}

/// Takes the response that was posted at `endpoint`. Its account is settled (row G1), and nothing is
/// used up before everything signed has passed.
pub(crate) async fn login(
    cx: &Service<'_, impl Platform>,
    endpoint: &AcsEndpoint,
    posted: Posted,
    request: &Request<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<AcsOutcome, Error> {
    let Posted { account, form, mut pending } = posted;
    let account = load::load(cx, account, now).await?;
    endpoint.require(account.addresses.acs)?;
    pending.retain(|pending| pending.is_for(&account));
    let test = TestRun::claimed(&pending, &form.response_xml);
    let reference = hex(&entropy.reference);
    let outstanding: Vec<&str> = pending.iter().map(|pending| &*pending.request_id).collect();
    let requests = Requests::OrUnsolicited(&outstanding);
    let relayed = return_to::same_site(form.relay_state.as_deref(), &cx.config.site.base);
    let response_xml = &*form.response_xml;
    let message = Message { response_xml, account: &account, pending: &pending, relayed, request };
    let login = match accept(cx, response_xml, &account, requests, now).await {
        Ok(accepted) => {
            // A test publishes no event.
            let origin = refusal_events::origin(cx, &account.id, reference.clone())
                .filter(|_| test.is_none());
            complete_and_publish(cx, accepted, &message, origin.as_ref(), entropy, now).await
        }
        Err(error) => go_on_or(cx, error, &message, now).await,
    };
    match (login, test) {
        // Whoever knows a test's request makes a report of a refusal, and of nothing else.
        (Err(error), Some((test, claimed))) => {
            let request_id = Some(test.request_id.clone());
            let test_run = TestRun { request_id, ..TestRun::refused(error, claimed) };
            Report::of(test_run, &account, cx.config, now)
                .map(|it| AcsOutcome::Tested(Box::new(it)))
        }
        (Err(error), None) => {
            record::note(cx, &error, &account.id, &reference, now).await;
            Err(error)
        }
        (Ok(login), _) => Ok(login),
    }
}

/// Settles `message` and lets the product hear of it where it is refused.
async fn complete_and_publish(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    origin: Option<&Origin>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<AcsOutcome, Error> {
    let (assertion, until) = (accepted.replay_key().to_owned(), accepted.expires().seconds());
    let claimed = LoginClaim {
        assertion: assertion.clone(),
        until,
        request_id: None,
        request_until: None,
        signed_by: accepted.signed_by().iter().map(TrustedKey::id).collect(),
        now: now.seconds(),
        user: None,
        session: None,
        trust: None,
        origin: origin.cloned(),
    };
    let login = match complete(cx, accepted, message, claimed, entropy, now).await {
        Err(error) => go_on_or(cx, error, message, now).await,
        login => login,
    };
    if let (Err(error), Some(origin)) = (&login, origin) {
        let (code, origin, now) = (error.code().to_owned(), origin.clone(), now.seconds());
        let refuse = Refuse { assertion, until, code, now, origin };
        refusal_events::publish_refusal(cx, error, refuse, &message.account.id).await;
    }
    login
}

/// The error, unless the browser has only posted again what has signed its user in.
async fn go_on_or(
    cx: &Service<'_, impl Platform>,
    error: Error,
    message: &Message<'_>,
    now: UnixTime,
) -> Result<AcsOutcome, Error> {
    posted_again::posted_again(cx, &error, message, now)
        .await
        .map(AcsOutcome::PostedAgain)
        .ok_or(error)
}

/// Decides what an authentic message means, and uses it up.
async fn complete(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    claimed: LoginClaim,
    entropy: Entropy,
    now: UnixTime,
) -> Result<AcsOutcome, Error> {
    let Message { account, pending, request, .. } = *message;
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

/// What an accepted response means for this browser and account.
enum Flow<'a> {
    /// The response answers a request of ours.
    Answer(&'a Pending),
    /// The response answers a request of a test sign-in, which ends in a report.
    Test(&'a Pending),
    /// The response is unsolicited, which the account allows.
    Unsolicited,
    /// The response is unsolicited, so a request of ours replaces it (row F4).
    Upgrade,
}

impl<'a> Flow<'a> {
    fn of(
        accepted: &Accepted,
        account: &Account,
        pending: &'a [Pending],
        skew: Skew,
        now: UnixTime,
    ) -> Result<Self, Error> {
        if let Some(id) = accepted.in_response_to() {
            let answered = pending.iter().find(|pending| pending.request_id == id);
            let answered = answered.ok_or(Refusal::InResponseToUnknown)?;
            if Self::Answer(answered).proves_anew(account) {
                accepted.require_authn_since(answered.issued(), skew)?;
            }
            return Ok(match answered.purpose {
                Purpose::Test => Self::Test(answered),
                Purpose::SignIn | Purpose::Upgrade => Self::Answer(answered),
            });
        }
        match account.settings.idp_initiated() {
            IdpInitiated::Off => Err(SignInDenial::IdpInitiatedOff.into()),
            IdpInitiated::On => Ok(Self::Unsolicited),
            IdpInitiated::Upgrade => {
                account.sso_endpoint()?;
                if goes_round(pending, now) {
                    return Err(SignInDenial::UpgradeLoop.into());
                }
                Ok(Self::Upgrade)
            }
        }
    }

    /// Whether the request asked for users to prove anew who they are.
    const fn proves_anew(&self, account: &Account) -> bool {
        match self {
            Self::Answer(pending) | Self::Test(pending) => {
                pending.force_authn || account.settings.force_authn
            }
            Self::Unsolicited | Self::Upgrade => false,
        }
    }

    fn answered(&self) -> Option<(String, i64)> {
        match self {
            Self::Answer(pending) | Self::Test(pending) => {
                Some((pending.request_id.clone(), pending.answered_until()))
            }
            Self::Unsolicited | Self::Upgrade => None,
        }
    }
}

/// Whether the IdP answers our requests as if nobody had asked. One that replaced a login and has
/// no answer is none of that yet: its user has opened a second tab, or closed a prompt and begun
/// anew.
fn goes_round(pending: &[Pending], now: UnixTime) -> bool {
    let is_recent =
        |it: &&Pending| it.purpose == Purpose::Upgrade && now < it.issued().plus(ROUND_SECONDS);
    pending.iter().filter(is_recent).count() >= ROUNDS
}

pub(crate) async fn reply_to_response(
    cx: &Service<'_, impl Platform>,
    endpoint: AcsEndpoint,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    let posted = match Posted::read(&endpoint, request, body, cx.config, now).await {
        Ok(posted) => posted,
        Err(error) => return failure::reply(&error, endpoint.account(), &reference),
    };
    let id = posted.account.clone();
    match login(cx, &endpoint, posted, request, entropy, now).await {
        Ok(AcsOutcome::Accepted {
            outcome,
            return_to,
            set_cookies,
            signed_by,
            uses_sha1,
            unentered,
        }) => Reply {
            answer: Answer::see_other(&return_to).with_cookies(set_cookies),
            log: log::LogLine::login(outcome, &id, &reference)
                .signed_by(signed_by)
                .signed_with_sha1(uses_sha1)
                .not_entered(unentered.as_ref())
                .line(),
        },
        Ok(AcsOutcome::PostedAgain(page)) => Reply {
            answer: Answer::see_other(&page),
            log: log::LogLine::login(LoginOutcome::PostedAgain, &id, &reference).line(),
        },
        Ok(AcsOutcome::Tested(report)) => page::reply(&report, &id, &reference),
        Ok(AcsOutcome::Upgraded(started)) => Reply {
            answer: to_idp(started),
            log: log::LogLine::login(LoginOutcome::Upgraded, &id, &reference).line(),
        },
        Err(error) => failure::reply(&error, Some(&id), &reference),
    }
}
