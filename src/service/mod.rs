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

pub use account::{AccountId, AccountSettings, Choices, ClaimOverrides, IdpInitiated};
pub use addresses::{Acs, Addresses};
pub use answer::Answer;
pub use audit::{Actor, AuditEvent, AuditPage, Entry, Noted};
pub use body::Body;
pub use config::{Config, ConfigError};
pub use error::{Denial, Error, Fault, Untold};
pub use events::{Event, Origin};
pub use exclusive::{Exclusive, Taken};
pub use gate::{Gate, Passage};
pub use keygen::{FreshKeys, NotRotated, Rotated, Secret, complete, rotate};
pub use ledger::{
    Answered, Change, Claim, Ended, Ending, Erased, Erasure, Ledger, Listing, LoggedOut, Once,
    Refused, Renewal, Renewed, Sighting,
};
pub use metadata_cache::MetadataCache;
pub use past_refusals::PastRefusal;
pub use private_keys::{NoPrivateKeys, PrivateKeys};
pub use rate::{Limiter, client_of};
pub use refresh::{
    Fetch, Fetched, Following, Getting, LastRefresh, MetadataUrl, NewCertificates, Refreshed,
    Staged, Unfetched,
};
pub use routes::paths;
#[cfg(not(target_arch = "wasm32"))]
pub use rsa_keys::RsaKeys;
pub use sessions::{KnownSession, NewSession, SessionPage};
pub use settings::SetupLink;
pub use sightings::{Ends, Sightings, Standing, State};
pub use sp_keys::SpKey;
pub use store::{Accounts, Kind, Known, Names, Stored};
pub use trust::Trust;
pub use turn::Turn;
pub use undelivered::Undelivered;
pub use upkeep::{Expiry, Task, Worked};
pub use users::{KnownUser, User, UserPage};

use crate::encoding::hex;
use crate::time::UnixTime;
use account::Account;
use answer::field;
use branding::Brand;
use door::{Door, Posted};
use log::Outcome;
use login::Login;
use pages::ReportPage;
use presence::Presence;
use report::Report;
use routes::Route;
use start::Start;

/// This service over one platform's store and ledger.
pub struct Service<'a, A, L, K> {
    /// Settings and keys.
    pub config: &'a Config,
    /// What operators store.
    pub accounts: &'a A,
    /// What happens once.
    pub ledger: &'a L,
    /// What signs requests, and what assertions are encrypted to.
    pub private_keys: &'a K,
    /// Metadata parsed before.
    pub metadata: &'a MetadataCache,
    /// What asks servers of others.
    pub network: &'a dyn Fetch,
}

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

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Answers one request. It never fails: a failure is an answer too.
    pub async fn answer(
        &self,
        request: &Request<'_>,
        body: impl Body,
        entropy: Entropy,
        now: UnixTime,
    ) -> Reply {
        self.reply(request, body, entropy, now).await.dressed(self.config)
    }

    async fn reply(
        &self,
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
                let return_to = request.return_to(self.config);
                Answer::see_other(&login_page::login_of(&id, &return_to)).into()
            }
            Route::Acs(id) => {
                self.reply_to_response(Door::Own(id), request, body, entropy, now).await
            }
            Route::Api(resource) => self.administer(&resource, request, body, &entropy, now).await,
            Route::Confirm if request.method == "POST" => {
                self.reply_to_confirm_form(request, body, &entropy, now).await
            }
            Route::Confirm => self.reply_to_confirm(request, &entropy, now),
            Route::Devices if request.method == "POST" => {
                self.reply_to_devices_form(request, body, &entropy, now).await
            }
            Route::Devices => self.reply_to_devices(request, &entropy, now).await,
            Route::Health => Answer::health().into(),
            Route::Jwks => Answer::jwks(self.config.token_keys.jwks()).into(),
            Route::Login(id) => {
                let return_to = request.return_to(self.config);
                self.reply_to_login(id, return_to, None, request, entropy, now).await
            }
            Route::LoginPage if request.method == "POST" => {
                self.reply_to_login_form(request, body, entropy, now).await
            }
            Route::LoginPage => self.login_page(request).into(),
            Route::Logout if request.method == "POST" => {
                self.reply_to_logout(request, &entropy, now).await
            }
            Route::Logout => self.logout_page(request, now).into(),
            Route::Root => Answer::see_other(return_to::START_PAGE).into(),
            Route::Metadata(id) => self.reply_to_sp_metadata(Some(&id), &entropy, now).await,
            Route::Session => {
                let presence = self.presence(request.cookies, now).await;
                let answer = Answer::session(presence.session.as_ref());
                Reply::to_presence(answer, presence, &entropy)
            }
            Route::Settings(id, page) => {
                self.reply_to_settings(&id, page, request, body, entropy, now).await
            }
            Route::SharedAcs => {
                self.reply_to_response(Door::Shared, request, body, entropy, now).await
            }
            Route::SharedSlo => self.reply_to_slo(None, request, body, entropy, now).await,
            Route::Slo(id) => self.reply_to_slo(Some(id), request, body, entropy, now).await,
            Route::SharedMetadata => self.reply_to_sp_metadata(None, &entropy, now).await,
            Route::StartPage => {
                let presence = self.presence(request.cookies, now).await;
                let answer = match &presence.session {
                    Some(session) => Answer::start_page(session, self.config),
                    None => self.login_page(request),
                };
                Reply::to_presence(answer, presence, &entropy)
            }
        }
    }

    async fn reply_to_login(
        &self,
        id: AccountId,
        return_to: String,
        email: Option<&str>,
        request: &Request<'_>,
        entropy: Entropy,
        now: UnixTime,
    ) -> Reply {
        let reference = hex(&entropy.reference);
        let started = async {
            let account = &self.account(id.clone(), now).await?;
            let (test, upgrade) = (false, false);
            // OpenID Connect's word for it (Core §3.1.2.1).
            let force_authn = field(request.query, "prompt").as_deref() == Some("login");
            let start = Start { account, return_to, test, upgrade, force_authn, request, email };
            self.start(start, entropy, now).await
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
        &self,
        door: Door,
        request: &Request<'_>,
        body: impl Body,
        entropy: Entropy,
        now: UnixTime,
    ) -> Reply {
        let reference = hex(&entropy.reference);
        let posted = match Posted::read(&door, request, body, self.config, now).await {
            Ok(posted) => posted,
            Err(error) => return Reply::failed(&error, door.account(), &reference),
        };
        let id = posted.account.clone();
        match self.login(&door, posted, request, entropy, now).await {
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

    async fn account(&self, id: AccountId, now: UnixTime) -> Result<Account, Error> {
        Account::load(id, self.accounts, self.metadata, self.config, now).await
    }
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
