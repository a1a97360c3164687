//! The result of a sign-in, check by check, for the account's administrators.
//!
//! A report is made after the verifier has decided and changes nothing of that. What was expected
//! comes from our own configuration. What was received is shown as verified if the message was
//! accepted, and otherwise as what the message claims. No session can be made from a report.

pub(crate) mod check;
pub(crate) mod comparison;
pub mod inspect;
pub(crate) mod page;
pub(crate) mod record;
pub(crate) mod remedy;
pub(crate) mod run_test;
pub(crate) mod test_run;
pub(crate) mod text;
mod values;

use saml_verify::error::Step;
use saml_verify::saml::Contents;
use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::config::parse::Config;
use crate::error::Error;
use crate::ledger::logins::users::User;
use crate::report::check::{Check, CheckState, Failed};
use crate::report::remedy::product::Product;
use crate::report::remedy::remedy;
use crate::report::test_run::TestRun;
use crate::report::text::{ATTRIBUTES, shortened};
use crate::report::values::Values;

/// A check, what is known of it, and what it compares.
#[derive(Debug)]
pub(crate) struct CheckRow {
    pub(crate) check: Check,
    pub(crate) state: CheckState,
    pub(crate) expected: Vec<String>,
    /// What was received, if the check failed and compares something.
    pub(crate) actual: Option<Vec<String>>,
}

/// Why the sign-in would be refused.
#[derive(Debug)]
pub(crate) struct Explanation {
    pub(crate) code: &'static str,
    pub(crate) words: String,
    /// What mends it, for every product.
    pub(crate) general: &'static str,
    /// Products, and where to click there.
    pub(crate) steps: Vec<(&'static str, &'static str)>,
}

/// Everything that an administrator is shown.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) rows: Vec<CheckRow>,
    pub(crate) failure: Option<Explanation>,
    pub(crate) user: Option<User>,
    /// Names and values, as signed; `None` where the message was not accepted.
    pub(crate) said: Option<Vec<(String, Vec<String>)>>,
    pub(crate) uses_sha1: bool,
    pub(crate) is_dry_run: bool,
    /// For the log.
    pub(crate) error: Option<Error>,
}

impl CheckRow {
    fn of(check: Check, failed: Option<Failed>, values: &Values<'_>) -> Self {
        let is_left_out = matches!(check, Check::Verify(Step::Request | Step::Once))
            && values.test_run.request_id.is_none();
        let (state, actual) = match check.state(failed) {
            CheckState::Passed if is_left_out => (CheckState::Unknown, None),
            CheckState::Failed => (CheckState::Failed, values.actual(check)),
            state => (state, None),
        };
        let expected = values.expected(check);
        Self { check, state, expected, actual: actual.map(shortened) }
    }
}

impl Report {
    /// The report on `test_run`, which was verified at `now`; or its error, if that belongs to no
    /// check of a sign-in.
    pub(crate) fn of(
        mut test_run: TestRun,
        account: &Account,
        config: &Config,
        now: UnixTime,
    ) -> Result<Self, Error> {
        let error = test_run.error.take();
        let failed = error.as_ref().and_then(Failed::of);
        let error = match error {
            Some(error) if failed.is_none() => return Err(error),
            error => error,
        };
        let values = Values { test_run: &test_run, account, config, now };
        Ok(Self {
            rows: Check::all().map(|check| CheckRow::of(check, failed, &values)).collect(),
            failure: error.as_ref().map(|error| Explanation::of(error, account)),
            said: test_run.contents.as_ref().map(said),
            uses_sha1: test_run.uses_sha1,
            is_dry_run: test_run.request_id.is_none(),
            user: test_run.user,
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

impl Explanation {
    fn of(error: &Error, account: &Account) -> Self {
        let code = error.code();
        let words = match error {
            Error::Opened(_) => {
                "what is encrypted cannot be decrypted, or breaks a rule; only the \
                                 service’s log tells which one"
                    .to_owned()
            }
            Error::Denied(_) | Error::Fault(_) | Error::Metadata(_) | Error::Refused(_) => {
                error.to_string()
            }
        };
        let product = Product::of(account.idp.entity_id());
        let remedy = remedy(code);
        Self {
            code,
            words,
            general: remedy.map_or("", |it| it.general),
            steps: remedy.map(|it| it.steps(product)).unwrap_or_default(),
        }
    }
}

/// The NameID and the attributes of an accepted message.
fn said(contents: &Contents) -> Vec<(String, Vec<String>)> {
    let line = |name: &str, values: &[String]| {
        (shortened(vec![name.to_owned()]).concat(), shortened(values.to_vec()))
    };
    let name_id = contents.name_id.iter();
    let name_id = name_id.map(|it| line("NameID", std::slice::from_ref(&it.value)));
    let attributes = contents.attributes.iter().map(|(name, values)| line(name, values));
    name_id.chain(attributes).take(ATTRIBUTES).collect()
}
