//! The Assertion Consumer Service: from an IdP's POST to a session (Profiles §4.1.4.3–§4.1.4.5).

use saml_verify::dsig::TrustedKey;
use saml_verify::encoding::hex;
use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Expected, Requests, Skew};
use saml_verify::time::UnixTime;

use crate::service;
use crate::service::account::{Account, IdpInitiated};
use crate::service::claims::{Identity, require_account};
use crate::service::context::{Platform, Service};
use crate::service::discovery::Email;
use crate::service::door::{Door, Posted};
use crate::service::error::{Denial, Error, Fault};
use crate::service::events::Origin;
use crate::service::ledger::{Answered, Claim, Ledger, Once, Refused};
use crate::service::log::Outcome;
use crate::service::pairs::Pair;
use crate::service::pending::Pending;
use crate::service::private_keys::judge;
use crate::service::report::{Report, Trial, trial};
use crate::service::session::Session;
use crate::service::start::{Start, Started};
use crate::service::{
    Entropy, Request, confirm, cookie, device, discovery, events, pairs, past_refusals,
    posted_again, return_to, start,
};

/// So many replaced logins without an answer, all within [`ROUND_SECONDS`], go round in circles.
const ROUNDS: usize = 3;

/// Nobody clicks so often in that time, and a loop takes seconds.
const ROUND_SECONDS: i64 = 120;

/// The proof that an assertion was accepted, mapped and claimed for the first time. No session
/// starts without it, and only [`Service::claim`] makes one.
#[derive(Debug)]
pub(crate) struct Principal(());

/// How a response that was accepted ends.
#[derive(Debug)]
pub(crate) enum Login {
    /// In a session, or in one that is held until its user says so.
    Accepted {
        outcome: Outcome,
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
    /// In a report, for which it was started: nobody is signed in.
    Tested(Box<Report>),
    /// In a request of ours, which the IdP answers from its own session.
    Upgraded(Started),
}

/// Takes the response that was posted at `door`. Its account is settled (row G1), and nothing is
/// used up before everything signed has passed.
pub(crate) async fn login(
    cx: &Service<'_, impl Platform>,
    door: &Door,
    posted: Posted,
    request: &Request<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Login, Error> {
    let Posted { account, form, mut pending } = posted;
    let account = service::account(cx, account, now).await?;
    door.require(account.addresses.acs)?;
    pending.retain(|pending| pending.is_for(&account));
    let test = Trial::claimed(&pending, &form.response_xml);
    let reference = hex(&entropy.reference);
    let outstanding: Vec<&str> = pending.iter().map(|pending| &*pending.request_id).collect();
    let requests = Requests::OrUnsolicited(&outstanding);
    let relayed = return_to::same_site(form.relay_state.as_deref(), &cx.config.base);
    let response_xml = &*form.response_xml;
    let message = Message { response_xml, account: &account, pending: &pending, relayed, request };
    let login = match accept(cx, response_xml, &account, requests, now).await {
        Ok(accepted) => {
            // What becomes of a test is nobody's event.
            let origin =
                events::origin(cx, &account.id, reference.clone()).filter(|_| test.is_none());
            settle_and_tell(cx, accepted, &message, origin.as_ref(), entropy, now).await
        }
        Err(error) => go_on_or(cx, error, &message, now).await,
    };
    match (login, test) {
        // Whoever knows a test's request makes a report of a refusal, and of nothing else.
        (Err(error), Some((test, claimed))) => {
            let request_id = Some(test.request_id.clone());
            let trial = Trial { request_id, ..Trial::refused(error, claimed) };
            Report::of(trial, &account, cx.config, now).map(|it| Login::Tested(Box::new(it)))
        }
        (Err(error), None) => {
            past_refusals::note(cx, &error, &account.id, &reference, now).await;
            Err(error)
        }
        (Ok(login), _) => Ok(login),
    }
}

/// Settles `message` and lets the product hear of it where it is refused.
async fn settle_and_tell(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    origin: Option<&Origin>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Login, Error> {
    let (assertion, until) = (&*accepted.replay_key().to_owned(), accepted.expires());
    let signed_by: Vec<_> = accepted.signed_by().iter().map(TrustedKey::id).collect();
    let once = Once {
        assertion,
        until,
        request: None,
        signed_by: &signed_by,
        user: None,
        session: None,
        trust: None,
        origin,
    };
    let login = match settle(cx, accepted, message, once, entropy, now).await {
        Err(error) => go_on_or(cx, error, message, now).await,
        login => login,
    };
    if let (Err(error), Some(origin)) = (&login, origin) {
        let refused = Refused { assertion, until, code: error.code(), origin };
        events::hear_of(cx, error, refused, &message.account.id, now).await;
    }
    login
}

/// The error, unless the browser has only posted again what has signed its user in.
async fn go_on_or(
    cx: &Service<'_, impl Platform>,
    error: Error,
    message: &Message<'_>,
    now: UnixTime,
) -> Result<Login, Error> {
    posted_again::posted_again(cx, &error, message, now).await.map(Login::PostedAgain).ok_or(error)
}

/// Decides what an authentic message means, and uses it up.
async fn settle(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    message: &Message<'_>,
    once: Once<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Result<Login, Error> {
    let Message { account, pending, request, .. } = *message;
    let relayed = message.relayed.clone();
    let uses_sha1 = accepted.uses_sha1();
    let pairs = Pair::all(account, accepted.signed_by());
    let course = Course::of(&accepted, account, pending, cx.config.skew, now)?;
    let once = Once { request: course.answered(), ..once };
    let proved = course.proves_anew(account);
    let (return_to, used) = match course {
        Course::Answer(pending) => (pending.return_to.clone(), Some(pending.cookie())),
        Course::Test(_) => {
            let trial = trial::try_out(cx, accepted, Some(&once), account, &entropy, now).await?;
            let report = Report::of(trial, account, cx.config, now)?;
            return Ok(Login::Tested(Box::new(report)));
        }
        Course::Unsolicited => (relayed, None),
        Course::Upgrade => {
            Identity::map(accepted.into_claims(), account, cx.config)?;
            // Nobody is signed in by it, so it is nobody's login.
            claim(cx, account, &pairs, &once, now).await?;
            let (return_to, test, upgrade, force_authn, email) =
                (relayed, false, true, false, None);
            let start = Start { account, return_to, test, upgrade, force_authn, request, email };
            return start::start(cx, start, entropy, now).await.map(Login::Upgraded);
        }
    };
    let mut identity = Identity::map(accepted.into_claims(), account, cx.config)?;
    identity.proved = proved;
    let user = identity.user();
    let device = device::label(request.user_agent);
    let draft = Session::draft(identity, account, &device, &entropy, cx.config, now)?;
    let trust = account.trust();
    let (session, trust) = (Some(draft.row()), Some(&trust));
    let once = Once { user: Some(&user), session, trust, ..once };
    let principal = claim(cx, account, &pairs, &once, now).await?;
    let signed_by = once.signed_by.to_vec();
    let issued = draft.start(principal);
    let (outcome, return_to, mut set_cookies) = if issued.replaces_another(request.cookies) {
        let held = confirm::hold(issued, cx.config, entropy.nonce, now)?;
        (Outcome::Held, confirm::address(&return_to), vec![held])
    } else {
        (Outcome::Succeeded, return_to, issued.install(&account.id))
    };
    set_cookies.extend(used.as_deref().map(cookie::clear));
    let unentered = match Email::parse(&user.email) {
        Some(email) => discovery::enter(cx, &account.id, &email, now).await.err(),
        None => None,
    };
    let return_to = account.addresses.landing(return_to);
    Ok(Login::Accepted { outcome, return_to, set_cookies, signed_by, uses_sha1, unentered })
}

/// Holds the Response to what the account expects. What is accepted is no sign-in yet; where
/// something in it was decrypted, it names this account.
pub(super) async fn accept(
    cx: &Service<'_, impl Platform>,
    response_xml: &str,
    account: &Account,
    requests: Requests<'_>,
    now: UnixTime,
) -> Result<Accepted, Error> {
    let expected = Expected {
        entity_id: &account.addresses.entity_id,
        acs_url: &account.addresses.acs_url,
        idp: &account.idp,
        requests,
        skew: cx.config.skew,
        sha1: account.settings.sha1(now),
        nameless: account.settings.claims.email.is_some(),
    };
    let verdict = judge(response_xml, &expected, cx.private_keys, now).await;
    verdict.for_account(|accepted| require_addressed(cx, accepted, account))
}

/// Refuses what was decrypted and is not meant for this account for certain.
///
/// Where accounts share Reply URL and entity id, the addresses in the assertion are those of all
/// of them. Then a signature around the ciphertext does not say whose the assertion is: each
/// IdP can sign around another's. One in the assertion itself does.
fn require_addressed(
    cx: &Service<'_, impl Platform>,
    accepted: &Accepted,
    account: &Account,
) -> Result<(), Error> {
    if !account.addresses.is_unique && !accepted.is_assertion_signed() {
        return Err(Refusal::EncryptedAssertionUnsigned.into());
    }
    Ok(require_account(|claim| accepted.claim(claim), account, cx.config)?)
}

/// Uses up the assertion and the request it answers, once and for all (row F5).
pub(super) async fn claim(
    cx: &Service<'_, impl Platform>,
    account: &Account,
    pairs: &[Pair],
    once: &Once<'_>,
    now: UnixTime,
) -> Result<Principal, Error> {
    pairs::take_pairs(cx, &account.id, pairs, now).await?;
    match cx.ledger.claim(&account.id, once, now).await? {
        Claim::Fresh => Ok(Principal(())),
        Claim::AssertionSeen => Err(Refusal::AssertionReplayed.into()),
        Claim::RequestUsed => Err(Refusal::RequestUsed.into()),
        Claim::Narrowed => Err(Denial::AccountNarrowed.into()),
    }
}

/// A response as it was posted, and for which account.
pub(super) struct Message<'a> {
    pub(super) response_xml: &'a str,
    pub(super) account: &'a Account,
    pub(super) pending: &'a [Pending],
    /// The page that RelayState names.
    pub(super) relayed: String,
    pub(super) request: &'a Request<'a>,
}

/// What an accepted response means for this browser and account.
enum Course<'a> {
    /// It answers a request of ours.
    Answer(&'a Pending),
    /// It answers a request that was made to end in a report.
    Test(&'a Pending),
    /// It answers none, which the account allows.
    Unsolicited,
    /// It answers none, so a request of ours replaces it (row F4).
    Upgrade,
}

impl<'a> Course<'a> {
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
            return Ok(if answered.test { Self::Test(answered) } else { Self::Answer(answered) });
        }
        match account.settings.idp_initiated() {
            IdpInitiated::Off => Err(Denial::IdpInitiatedOff.into()),
            IdpInitiated::On => Ok(Self::Unsolicited),
            IdpInitiated::Upgrade => {
                account.sso_endpoint()?;
                if goes_round(pending, now) {
                    return Err(Denial::UpgradeLoop.into());
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

    fn answered(&self) -> Option<Answered<'a>> {
        match self {
            Self::Answer(pending) | Self::Test(pending) => Some(pending.answered()),
            Self::Unsolicited | Self::Upgrade => None,
        }
    }
}

/// Whether the IdP answers our requests as if nobody had asked. One that replaced a login and has no
/// answer is none of that yet: its user has opened a second tab, or closed a prompt and begun anew.
fn goes_round(pending: &[Pending], now: UnixTime) -> bool {
    let is_recent = |it: &&Pending| it.upgrade && now < it.issued().plus(ROUND_SECONDS);
    pending.iter().filter(is_recent).count() >= ROUNDS
}
