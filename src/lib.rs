//! A SAML 2.0 service provider for Cloudflare Workers. [`saml_verify`] verifies an identity
//! provider's Response; this crate makes a session of it, and lets signed-in requests through to
//! the product.
//!
//! # A login
//!
//! 1. [`answer`] finds the use case by the request's path: `router.rs`.
//! 2. `acs/posted.rs` reads the form, under a cap, and settles which account it is for: by the
//!    address, before any XML.
//! 3. `idp/verify.rs` hands the Response to the verifier with the account's own keys and addresses,
//!    and gets a [`saml_verify::saml::Accepted`].
//! 4. `idp/claims.rs` makes a user of the account of its claims.
//! 5. `idp/principal.rs` uses the assertion, and the request it answers, exactly once in the
//!    [`Ledger`], and gives a `Principal`.
//! 6. `session/issue.rs` makes a session of a `Principal`, and of nothing else.
//!
//! Every failure on the way is a named [`saml_verify::error::Refusal`], [`Denial`] or [`Fault`],
//! and closes.
//!
//! # The rooms
//!
//! A use case is a function of a module and borrows a [`Service`], the bag of settings, keys and
//! ports. Each folder is a room; a room imports from lower rooms alone. CONTRIBUTING.md lists them
//! in their order, and `tests/repository/rooms.rs` holds the order.
//!
//! Rows in comments, such as F5, are those of `docs/threat-model.md`.

mod account;
mod acs;
mod admin;
mod codes;
mod config;
mod crypto;
pub mod encoding;
mod error;
mod gate;
mod http;
mod idp;
mod jobs;
mod ledger;
pub mod limits;
mod log;
mod logout;
mod model;
mod platform;
mod rate;
mod report;
mod router;
mod session;
mod settings;
mod signin;

#[cfg(target_arch = "wasm32")]
mod worker;

pub use crate::account::addresses::Addresses;
pub use crate::account::refresh::{Refreshed, refresh};
pub use crate::codes::codes;
pub use crate::config::parse::Config;
pub use crate::config::webhook::Webhook;
pub use crate::crypto::rotation::{FreshKeys, NotRotated, Rotated, Secret, complete, rotate};
pub use crate::crypto::sp_keys::SpKey;
pub use crate::error::config::ConfigError;
pub use crate::error::denial::{
    AccountDenial, ClaimDenial, FetchDenial, GateDenial, RateDenial, SessionDenial, SettingsDenial,
    SignInDenial,
};
pub use crate::error::settings::{InvalidEntityId, InvalidSettings, Setting};
pub use crate::error::{Denial, Error, Fault, Untold};
pub use crate::gate::forwarded::ForwardedRequest;
pub use crate::gate::{Decision, gate};
pub use crate::http::answer::Answer;
pub use crate::http::entropy::Entropy;
pub use crate::http::failure::fault_reply;
pub use crate::http::method::Method;
pub use crate::http::reply::Reply;
pub use crate::http::request::Request;
pub use crate::http::routes::api::Resource;
pub use crate::http::routes::{OWN_PATHS, Route, SettingsRoute, paths};
pub use crate::jobs::delivery_error::DeliveryError;
pub use crate::jobs::message::QueueMessage;
pub use crate::jobs::rounds::expiry::own_certificate;
pub use crate::jobs::rounds::{Job, Task, TaskOutcome, work};
pub use crate::jobs::{outbox, webhook};
pub use crate::ledger::audit::action::Action;
pub use crate::ledger::audit::actor::Actor;
pub use crate::ledger::audit::entry::{AuditEntry, AuditEvent, AuditPage};
pub use crate::ledger::calls::answer_call;
pub use crate::ledger::changes::exclusive::{Exclusive, Taken};
pub use crate::ledger::changes::put::{Changed, Current, Put};
pub use crate::ledger::changes::store::AccountStore;
pub use crate::ledger::changes::turns::Turn;
pub use crate::ledger::database::{Database, Row, Value};
pub use crate::ledger::erasure::Erased;
pub use crate::ledger::events::event::{Event, Origin};
pub use crate::ledger::logins::claim::{Claim, LoginClaim};
pub use crate::ledger::logins::past_refusals::{NoteRefusal, PastRefusal};
pub use crate::ledger::logins::users::{KnownUser, User, UserPage};
pub use crate::ledger::metadata::refresh_state::{LastRefresh, RefreshState, Staged};
pub use crate::ledger::port::{Ledger, LedgerName};
pub use crate::ledger::query::{Call, Query, decode_reply, encode};
pub use crate::ledger::schema::migration::migrate;
pub use crate::ledger::sessions::list::{KnownSession, SessionPage};
pub use crate::ledger::sessions::session::NewSession;
pub use crate::ledger::setup_links::SetupLink;
pub use crate::ledger::sweep::{is_left, sweep};
pub use crate::ledger::trust::narrowing::{Ended, Renew, Renewed, See};
pub use crate::ledger::trust::sightings::{Ends, Sightings, Standing, State};
pub use crate::model::account_id::AccountId;
pub use crate::model::acs::Acs;
pub use crate::model::certificate_expiry::Expiry;
pub use crate::model::new_certificates::NewCertificates;
pub use crate::model::settings::{AccountSettings, Choices, ClaimOverrides, IdpInitiated};
pub use crate::model::stored::Stored;
pub use crate::model::trust::{Trust, settings_go_first};
pub use crate::platform::accounts::{AccountPage, Accounts, DirectoryHit, StoredKind};
pub use crate::platform::body::Body;
pub use crate::platform::context::{Platform, Service};
pub use crate::platform::keys::{NoPrivateKeys, PrivateKeys};
pub use crate::platform::metadata_cache::MetadataCache;
pub use crate::platform::metadata_url::MetadataUrl;
pub use crate::platform::network::{Fetch, FetchError, FetchFuture, Fetched};
#[cfg(not(target_arch = "wasm32"))]
pub use crate::platform::rsa_keys::RsaKeys;
pub use crate::rate::{Limiter, counts, too_many};
pub use crate::report::inspect;
pub use crate::router::answer;
