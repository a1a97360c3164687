//! What became of a sign-in, step by step, for the account's administrators.
//!
//! A report is written after the verifier has spoken and changes nothing of what it said. What was
//! expected comes from our own configuration. What came instead is shown as verified where the
//! message was accepted, and else as what the message says of itself. No session can be made of a
//! report.

pub(crate) mod check;
pub(crate) mod comparison;
pub mod inspect;
pub(crate) mod outcome;
pub(crate) mod page;
pub(crate) mod record;
pub(crate) mod remedy;
pub(crate) mod text;
pub(crate) mod trial;

use saml_verify::saml::{Contents, Requests};
use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::config::parse::Config;
use crate::error::Error;
use crate::ledger::users::User;
use crate::report::check::{Check, Failed, Standing};
use crate::report::comparison::Terms;
use crate::report::outcome::Trial;
use crate::report::remedy::{Product, remedy};
use crate::report::text::{ATTRIBUTES, shortened};

/// A step and what is known of it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) check: Check,
    pub(crate) standing: Standing,
    pub(crate) expected: Vec<String>,
    /// What came instead, where one failed that compares something.
    pub(crate) actual: Option<Vec<String>>,
}

/// Why the sign-in would be refused.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) words: String,
    pub(crate) anyone: &'static str,
    /// Products, and where to click there.
    pub(crate) steps: Vec<(&'static str, &'static str)>,
}

/// Everything that an administrator is shown.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) failure: Option<Failure>,
    pub(crate) user: Option<User>,
    /// Names and values, as signed; `None` where the message was not accepted.
    pub(crate) said: Option<Vec<(String, Vec<String>)>>,
    pub(crate) uses_sha1: bool,
    pub(crate) is_dry_run: bool,
    /// For the log.
    pub(crate) error: Option<Error>,
}

impl Row {
    fn of(
        check: Check,
        failed: Option<Failed>,
        trial: &Trial,
        account: &Account,
        config: &Config,
        now: UnixTime,
    ) -> Self {
        let is_left_out =
            matches!(check, Check::Request | Check::Once) && trial.request_id.is_none();
        let (standing, actual) = match check.standing(failed) {
            Standing::Passed if is_left_out => (Standing::Unknown, None),
            Standing::Failed => (Standing::Failed, actual(check, trial, account, config, now)),
            standing => (standing, None),
        };
        let expected = expected(check, trial, account, config, now);
        Self { check, standing, expected, actual: actual.map(shortened) }
    }
}

impl Report {
    /// Reports on `trial`, which was judged at `now`; or gives its error back where that is no step
    /// of a sign-in.
    pub(crate) fn of(
        mut trial: Trial,
        account: &Account,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let error = trial.error.take();
        let failed = error.as_ref().and_then(Failed::of);
        let error = match error {
            Some(error) if failed.is_none() => return Err(error),
            error => error,
        };
        let row = |check| Row::of(check, failed, &trial, account, config, now);
        Ok(Self {
            rows: Check::ALL.into_iter().map(row).collect(),
            failure: error.as_ref().map(|error| Failure::of(error, account)),
            said: trial.contents.as_ref().map(said),
            uses_sha1: trial.uses_sha1,
            is_dry_run: trial.request_id.is_none(),
            user: trial.user,
            error,
        })
    }

    pub(crate) const fn passed(&self) -> bool {
        self.failure.is_none()
    }

    /// Whether what came is shown as it was signed, and not as the message says of itself.
    pub(crate) const fn is_verified(&self) -> bool {
        self.said.is_some()
    }
}

impl Failure {
    fn of(error: &Error, account: &Account) -> Self {
        let code = error.code();
        let words = match error {
            Error::Opened(_) => "what is encrypted cannot be decrypted, or breaks a rule; which \
                                 one, is told in the service’s log alone"
                .to_owned(),
            Error::Denied(_) | Error::Fault(_) | Error::Metadata(_) | Error::Refused(_) => {
                error.to_string()
            }
        };
        let mend = remedy(code).unwrap_or_default();
        let product = Product::of(account.idp.entity_id());
        Self { code, words, anyone: mend.anyone(), steps: mend.steps(product) }
    }
}

/// What must be, from our configuration alone.
fn expected(
    check: Check,
    trial: &Trial,
    account: &Account,
    config: &Config,
    now: UnixTime,
) -> Vec<String> {
    let names = Names::of(account, config);
    let one = |text: &str| vec![text.to_owned()];
    match check {
        Check::Metadata => one("Metadata of the identity provider that is in use"),
        Check::Message => one("One SAML 2.0 Response, within the limits"),
        Check::Shape => one("Exactly one assertion"),
        Check::Encryption if account.addresses.is_unique => {
            one("Nothing that is encrypted, or encrypted to this service")
        }
        Check::Encryption => {
            one("Nothing that is encrypted, or an assertion that is signed itself \
                                  and encrypted to this service")
        }
        Check::Signature => one("Response or assertion signed with a key of the stored metadata"),
        Check::Contents => {
            one("A subject with a NameID, conditions, and a statement of the sign-in")
        }
        Check::Request if trial.request_id.is_none() => one("Not judged in a dry run"),
        Check::Status
        | Check::Destination
        | Check::Issuer
        | Check::Recipient
        | Check::Request
        | Check::Time
        | Check::Audience => {
            let compared = compared(check, trial, account, config, now);
            compared.map(|(expected, _)| expected).unwrap_or_default()
        }
        Check::Account => vec![format!("{} = {}", names.account, account.id)],
        Check::Role => {
            let ceiling = account.settings.roles.as_ref();
            let may_grant = |role: &&String| ceiling.is_none_or(|it| it.contains(role));
            let roles = config.roles.all.iter().filter(may_grant);
            roles.map(|role| format!("{} = {role}", names.role)).collect()
        }
        Check::Email => match account.settings.domains() {
            Some(domains) => domains.iter().map(|it| format!("{} = …@{it}", names.email)).collect(),
            None => vec![format!("{}, one plain e-mail address", names.email)],
        },
        Check::Session => one("Name, e-mail address and role that fit into a cookie"),
        Check::Once if trial.request_id.is_some() => {
            one("Neither response nor request used before")
        }
        Check::Once if account.addresses.is_unique => one("Not judged in a dry run"),
        Check::Once => one("No other account with this Identifier at this identity provider; the \
                            rest is not judged in a dry run"),
    }
}

/// What the verifier compares at that step, and what the message says of itself there.
fn compared<'t>(
    check: Check,
    trial: &'t Trial,
    account: &Account,
    config: &Config,
    now: UnixTime,
) -> Option<(Vec<String>, &'t [String])> {
    let known: Vec<_> = trial.request_id.as_deref().into_iter().collect();
    let terms = Terms {
        acs_url: &account.addresses.acs_url,
        entity_id: &account.addresses.entity_id,
        issuer: account.idp.entity_id(),
        requests: Requests::Only(&known),
        skew: config.sessions.skew,
        now,
    };
    terms.compare(check, &trial.claimed)
}

/// What came instead: of an accepted message what it says, and else what it says of itself.
fn actual(
    check: Check,
    trial: &Trial,
    account: &Account,
    config: &Config,
    now: UnixTime,
) -> Option<Vec<String>> {
    let names = Names::of(account, config);
    let values = |name: &str| -> Vec<String> {
        let claims = trial.contents.as_ref().map_or(&[][..], |it| it.attributes.values(name));
        claims.iter().map(|value| format!("{name} = {value}")).collect()
    };
    match check {
        Check::Account => Some(values(names.account)),
        Check::Role => Some(values(names.role)),
        Check::Email => Some(match (&account.settings.claims.email, &trial.contents) {
            (Some(claim), _) => values(claim),
            (None, Some(contents)) => {
                let name_id = contents.name_id.iter();
                name_id.map(|it| format!("NameID = {}", it.value)).collect()
            }
            (None, None) => Vec::new(),
        }),
        Check::Metadata
        | Check::Message
        | Check::Status
        | Check::Shape
        | Check::Encryption
        | Check::Signature
        | Check::Destination
        | Check::Issuer
        | Check::Contents
        | Check::Recipient
        | Check::Request
        | Check::Time
        | Check::Audience
        | Check::Session
        | Check::Once => {
            compared(check, trial, account, config, now).map(|(_, claimed)| claimed.to_vec())
        }
    }
}

/// The names of the account's claims.
struct Names<'a> {
    account: &'a str,
    email: &'a str,
    role: &'a str,
}

impl<'a> Names<'a> {
    fn of(account: &'a Account, config: &'a Config) -> Self {
        let own = &account.settings.claims;
        Self {
            account: own.account.as_ref().unwrap_or(&config.claims.account),
            email: own.email.as_deref().unwrap_or("NameID"),
            role: own.role.as_ref().unwrap_or(&config.claims.role),
        }
    }
}

/// What an accepted message says of the user.
fn said(contents: &Contents) -> Vec<(String, Vec<String>)> {
    let line = |name: &str, values: &[String]| {
        (shortened(vec![name.to_owned()]).concat(), shortened(values.to_vec()))
    };
    let name_id = contents.name_id.iter();
    let name_id = name_id.map(|it| line("NameID", std::slice::from_ref(&it.value)));
    let attributes = contents.attributes.iter().map(|(name, values)| line(name, values));
    name_id.chain(attributes).take(ATTRIBUTES).collect()
}
