//! What the product does with the verifier. Asynchronous, and free of any platform: clock, entropy,
//! store and ledger come in from outside.

mod account;
mod addresses;
mod admin;
mod advice;
mod ago;
mod answer;
mod audit;
mod body;
mod branding;
mod change;
mod claims;
mod config;
mod confirm;
mod context;
mod cookie;
mod device;
mod devices;
mod directory;
mod discovery;
pub mod doctor;
mod door;
mod erasure;
mod error;
mod events;
mod exclusive;
mod gate;
mod keygen;
mod keys;
mod ledger;
mod log;
mod login;
mod login_page;
mod logout;
mod mac;
mod masked_token;
mod metadata_cache;
pub mod outbox;
mod own_form;
mod pages;
mod pairs;
mod past_refusals;
mod pending;
mod place;
mod posted_again;
mod presence;
mod private_keys;
mod rate;
mod refresh;
mod remembered;
mod report;
mod return_to;
mod routes;
#[cfg(not(target_arch = "wasm32"))]
mod rsa_keys;
mod seal;
mod send;
mod session;
mod sessions;
mod settings;
mod sightings;
mod slo;
mod sp_keys;
mod sp_metadata;
mod start;
mod store;
mod token;
mod trust;
mod turn;
mod undelivered;
pub mod upkeep;
mod users;
pub mod webhook;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service::account::Account;
pub use crate::service::account::{
    AccountId, AccountSettings, Choices, ClaimOverrides, IdpInitiated,
};
pub use crate::service::addresses::{Acs, Addresses};
pub use crate::service::answer::Answer;
use crate::service::answer::field;
pub use crate::service::audit::{Actor, AuditEvent, AuditPage, Entry, Noted};
pub use crate::service::body::Body;
use crate::service::branding::Brand;
pub use crate::service::config::{Config, ConfigError};
pub use crate::service::context::{Platform, Service};
use crate::service::door::{Door, Posted};
pub use crate::service::error::{Denial, Error, Fault, Untold};
pub use crate::service::events::{Event, Origin};
pub use crate::service::exclusive::{Exclusive, Taken};
pub use crate::service::gate::{Gate, Passage, gate};
pub use crate::service::keygen::{FreshKeys, NotRotated, Rotated, Secret, complete, rotate};
pub use crate::service::ledger::{
    Answered, Change, Claim, Ended, Ending, Erased, Erasure, Ledger, Listing, LoggedOut, Once,
    Refused, Renewal, Renewed, Sighting,
};
use crate::service::log::Outcome;
use crate::service::login::Login;
pub use crate::service::metadata_cache::MetadataCache;
use crate::service::pages::ReportPage;
pub use crate::service::past_refusals::PastRefusal;
use crate::service::presence::Presence;
pub use crate::service::private_keys::{NoPrivateKeys, PrivateKeys};
pub use crate::service::rate::{Limiter, client_of, counts, too_many};
pub use crate::service::refresh::{
    Fetch, Fetched, Following, Getting, LastRefresh, MetadataUrl, NewCertificates, Refreshed,
    Staged, Unfetched, refresh,
};
use crate::service::report::Report;
use crate::service::routes::Route;
pub use crate::service::routes::paths;
#[cfg(not(target_arch = "wasm32"))]
pub use crate::service::rsa_keys::RsaKeys;
pub use crate::service::sessions::{KnownSession, NewSession, SessionPage};
pub use crate::service::settings::SetupLink;
pub use crate::service::sightings::{Ends, Sightings, Standing, State};
pub use crate::service::sp_keys::SpKey;
use crate::service::start::Start;
pub use crate::service::store::{Accounts, Kind, Known, Names, Stored};
pub use crate::service::trust::Trust;
pub use crate::service::turn::Turn;
pub use crate::service::undelivered::Undelivered;
pub use crate::service::upkeep::{Expiry, Task, Worked, work};
pub use crate::service::users::{KnownUser, User, UserPage};

/// A request without its body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The method as it came.
    pub method: &'a str,
    /// The path as it came, percent-encoding included.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: Option<&'a str>,
    /// The Accept header.
    pub accept: Option<&'a str>,
    /// The Authorization header.
    pub authorization: Option<&'a str>,
    /// The client's IP address, by the platform's word.
    pub client: Option<&'a str>,
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
    /// The Cookie header.
    pub cookies: Option<&'a str>,
    /// The Sec-Fetch-Dest header.
    pub fetch_dest: Option<&'a str>,
    /// The Sec-Fetch-Mode header.
    pub fetch_mode: Option<&'a str>,
    /// The Sec-Fetch-Site header.
    pub fetch_site: Option<&'a str>,
    /// The If-Match header.
    pub if_match: Option<&'a str>,
    /// The If-None-Match header.
    pub if_none_match: Option<&'a str>,
    /// The Origin header.
    pub origin: Option<&'a str>,
    /// The scheme that the platform was asked by: `http` or `https`.
    pub scheme: Option<&'a str>,
    /// The Upgrade header.
    pub upgrade: Option<&'a str>,
    /// The User-Agent header.
    pub user_agent: Option<&'a str>,
}

/// Random octets for one request. It cannot be cloned, so nothing is drawn from it twice.
#[derive(Default)]
pub struct Entropy {
    /// Names the request in the log and on an error page.
    pub reference: [u8; 8],
    /// Names the session or the AuthnRequest that comes of it.
    pub id: [u8; 16],
    /// An AES-GCM nonce. Whatever is sealed with it has a key for its own purpose: under each key it
    /// is used once.
    pub nonce: [u8; 12],
}

impl From<[u8; 36]> for Entropy {
    fn from(octets: [u8; 36]) -> Self {
        let mut entropy = Self::default();
        let parts = [&mut entropy.reference[..], &mut entropy.id, &mut entropy.nonce];
        for (part, octet) in parts.into_iter().flatten().zip(octets) {
            *part = octet;
        }
        entropy
    }
}

impl Entropy {
    /// The ID of a message or document of ours: an NCName, so it begins with no digit.
    fn message_id(&self) -> String {
        format!("_{}", hex(&self.id))
    }
}

/// What goes back to the browser, and what goes to the log.
#[derive(Debug)]
pub struct Reply {
    /// Status, headers and body.
    pub answer: Answer,
    /// One line of JSON; never XML, NameID or attributes.
    pub log: Option<String>,
}

/// Answers one request. It never fails: a failure is an answer too.
pub async fn answer(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    reply(cx, request, body, entropy, now).await.dressed(cx.config)
}

async fn reply(
    cx: &Service<'_, impl Platform>,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let Some(route) = Route::of(request.path) else {
        return Answer::not_found().into();
    };
    // The API asks for its token first.
    if !matches!(route, Route::Api(_)) && !route.takes(request.method) {
        return Answer::method_not_allowed(route.methods()).into();
    }
    match route {
        Route::Account(id) => {
            let return_to = request.return_to(cx.config);
            Answer::see_other(&login_page::login_of(&id, &return_to)).into()
        }
        Route::Acs(id) => reply_to_response(cx, Door::Own(id), request, body, entropy, now).await,
        Route::Api(resource) => {
            admin::administer(cx, &resource, request, body, &entropy, now).await
        }
        Route::Confirm if request.method == "POST" => {
            confirm::reply_to_confirm_form(cx, request, body, &entropy, now).await
        }
        Route::Confirm => confirm::reply_to_confirm(cx, request, &entropy, now),
        Route::Devices if request.method == "POST" => {
            devices::reply_to_devices_form(cx, request, body, &entropy, now).await
        }
        Route::Devices => devices::reply_to_devices(cx, request, &entropy, now).await,
        Route::Health => Answer::health().into(),
        Route::Jwks => Answer::jwks(cx.config.token_keys.jwks()).into(),
        Route::Login(id) => {
            let return_to = request.return_to(cx.config);
            reply_to_login(cx, id, return_to, None, request, entropy, now).await
        }
        Route::LoginPage if request.method == "POST" => {
            login_page::reply_to_login_form(cx, request, body, entropy, now).await
        }
        Route::LoginPage => login_page::login_page(cx, request).into(),
        Route::Logout if request.method == "POST" => {
            logout::reply_to_logout(cx, request, &entropy, now).await
        }
        Route::Logout => logout::logout_page(cx, request, now).into(),
        Route::Root => Answer::see_other(return_to::START_PAGE).into(),
        Route::Metadata(id) => {
            sp_metadata::reply_to_sp_metadata(cx, Some(&id), &entropy, now).await
        }
        Route::Session => {
            let presence = presence::presence(cx, request.cookies, now).await;
            let answer = Answer::session(presence.session.as_ref());
            Reply::to_presence(answer, presence, &entropy)
        }
        Route::Settings(id, page) => {
            settings::reply_to_settings(cx, &id, page, request, body, entropy, now).await
        }
        Route::SharedAcs => reply_to_response(cx, Door::Shared, request, body, entropy, now).await,
        Route::SharedSlo => slo::reply_to_slo(cx, None, request, body, entropy, now).await,
        Route::Slo(id) => slo::reply_to_slo(cx, Some(id), request, body, entropy, now).await,
        Route::SharedMetadata => sp_metadata::reply_to_sp_metadata(cx, None, &entropy, now).await,
        Route::StartPage => {
            let presence = presence::presence(cx, request.cookies, now).await;
            let answer = match &presence.session {
                Some(session) => Answer::start_page(session, cx.config),
                None => login_page::login_page(cx, request),
            };
            Reply::to_presence(answer, presence, &entropy)
        }
    }
}

async fn reply_to_login(
    cx: &Service<'_, impl Platform>,
    id: AccountId,
    return_to: String,
    email: Option<&str>,
    request: &Request<'_>,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    let started = async {
        let account = &account(cx, id.clone(), now).await?;
        let (test, upgrade) = (false, false);
        // OpenID Connect's word for it (Core §3.1.2.1).
        let force_authn = field(request.query, "prompt").as_deref() == Some("login");
        let start = Start { account, return_to, test, upgrade, force_authn, request, email };
        start::start(cx, start, entropy, now).await
    };
    match started.await {
        Ok(started) => Reply {
            answer: Answer::to_idp(started),
            log: log::Event::login(Outcome::Started, &id, &reference).line(),
        },
        Err(error) => Reply::failed(&error, Some(&id), &reference),
    }
}

async fn reply_to_response(
    cx: &Service<'_, impl Platform>,
    door: Door,
    request: &Request<'_>,
    body: impl Body,
    entropy: Entropy,
    now: UnixTime,
) -> Reply {
    let reference = hex(&entropy.reference);
    let posted = match Posted::read(&door, request, body, cx.config, now).await {
        Ok(posted) => posted,
        Err(error) => return Reply::failed(&error, door.account(), &reference),
    };
    let id = posted.account.clone();
    match login::login(cx, &door, posted, request, entropy, now).await {
        Ok(Login::Accepted {
            outcome,
            return_to,
            set_cookies,
            signed_by,
            uses_sha1,
            unentered,
        }) => Reply {
            answer: Answer::see_other(&return_to).with_cookies(set_cookies),
            log: log::Event::login(outcome, &id, &reference)
                .signed_by(signed_by)
                .signed_with_sha1(uses_sha1)
                .not_entered(unentered.as_ref())
                .line(),
        },
        Ok(Login::PostedAgain(page)) => Reply {
            answer: Answer::see_other(&page),
            log: log::Event::login(Outcome::PostedAgain, &id, &reference).line(),
        },
        Ok(Login::Tested(report)) => Reply::report(&report, &id, &reference),
        Ok(Login::Upgraded(started)) => Reply {
            answer: Answer::to_idp(started),
            log: log::Event::login(Outcome::Upgraded, &id, &reference).line(),
        },
        Err(error) => Reply::failed(&error, Some(&id), &reference),
    }
}

async fn account(
    cx: &Service<'_, impl Platform>,
    id: AccountId,
    now: UnixTime,
) -> Result<Account, Error> {
    Account::load(id, cx.accounts, cx.metadata, cx.config, now).await
}

impl Reply {
    /// The answer to a request that failed before there was a service to answer it.
    pub fn fault(fault: Fault, entropy: &Entropy) -> Self {
        let Self { answer, log } = Self::failed(&fault.into(), None, &hex(&entropy.reference));
        Self { answer: answer.dressed(&Brand::default()), log }
    }

    fn dressed(self, config: &Config) -> Self {
        let answer = self.answer.dressed(&config.brand);
        Self { answer: if config.is_secure() { answer.secured() } else { answer }, ..self }
    }

    fn failed(error: &Error, account: Option<&AccountId>, reference: &str) -> Self {
        Self {
            answer: Answer::failed(error, account, reference),
            log: log::Event::failure(error, account, reference).line(),
        }
    }

    fn settings_failed(error: &Error, account: &AccountId, reference: &str) -> Self {
        Self {
            answer: Answer::settings_failed(error, account, reference),
            log: log::Event::settings_failure(error, account, reference).line(),
        }
    }

    /// What became of a sign-in that was to end in a report.
    fn report(report: &Report, account: &AccountId, reference: &str) -> Self {
        let page = ReportPage { account, report, reference };
        let log = log::Event::test(report.error.as_ref(), account, reference).line();
        Self { answer: Answer::settings_page(200, &page), log }
    }

    fn logout_failed(error: &Error, account: Option<&AccountId>, reference: &str) -> Self {
        Self {
            answer: Answer::logout_failed(error, account, reference),
            log: log::Event::logout_failure(error, account, reference).line(),
        }
    }

    /// `answer`, with what the browser must be told of its session.
    fn to_presence(answer: Answer, presence: Presence, entropy: &Entropy) -> Self {
        let Presence { set_cookies, fault, .. } = presence;
        let line = |fault: Fault| {
            log::Event::failure(&fault.into(), None, &hex(&entropy.reference)).line()
        };
        Self { answer: answer.with_cookies(set_cookies), log: fault.and_then(line) }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self { answer, log: None }
    }
}
