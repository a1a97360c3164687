//! Log lines: one line of JSON for everything that happens. No other room writes any.

pub(crate) mod jobs;

use serde::Serialize;

use crate::error::{Denial, Error, Fault};
use crate::model::account_id::AccountId;

/// How a login went on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoginOutcome {
    /// In a session that waits for the user's confirmation.
    Held,
    /// Without a new session: the browser has posted the same response again.
    PostedAgain,
    Started,
    Succeeded,
    Upgraded,
}

/// How a session ended before it expired.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogoutOutcome {
    /// The IdP requested it.
    Asked,
    /// Its user ended it from another device.
    Elsewhere,
    /// It has ended, and the IdP says that it has ended everywhere.
    Everywhere,
    /// It has ended, and the browser goes to the IdP.
    Started,
    /// It has ended.
    Succeeded,
    /// It has ended, and the IdP does not say that it has ended everywhere.
    Unsure,
}

/// Codes, a reference and an account id. There is no field that XML, a NameID or an attribute
/// could stand in.
#[derive(Debug, Serialize)]
pub(crate) struct LogLine<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// SHA-256 of the keys that signed what was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signed_by: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
    /// Why the login was not added to the directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<String>,
}

impl<'a> LogLine<'a> {
    pub(crate) fn login(outcome: LoginOutcome, account: &'a AccountId, reference: &'a str) -> Self {
        let event = match outcome {
            LoginOutcome::Held => "login_held",
            LoginOutcome::PostedAgain => "login_posted_again",
            LoginOutcome::Started => "login_started",
            LoginOutcome::Succeeded => "login_succeeded",
            LoginOutcome::Upgraded => "login_upgraded",
        };
        Self::named(event, account, reference)
    }

    pub(crate) fn logout(
        outcome: LogoutOutcome,
        account: &'a AccountId,
        reference: &'a str,
    ) -> Self {
        let event = match outcome {
            LogoutOutcome::Asked => "logout_asked",
            LogoutOutcome::Elsewhere => "logout_elsewhere",
            LogoutOutcome::Everywhere => "logout_confirmed",
            LogoutOutcome::Started => "logout_started",
            LogoutOutcome::Succeeded => "logout_succeeded",
            LogoutOutcome::Unsure => "logout_unconfirmed",
        };
        Self::named(event, account, reference)
    }

    /// The first notice that the certificate of an account's IdP expires.
    pub(crate) fn expiry(
        event: &'static str,
        detail: String,
        account: &'a AccountId,
        reference: &'a str,
    ) -> Self {
        Self { detail: Some(detail), ..Self::named(event, account, reference) }
    }

    /// The outcome of a refresh of the account's metadata in a round.
    pub(crate) fn refresh(code: &'static str, account: &'a AccountId, reference: &'a str) -> Self {
        Self { code: Some(code), ..Self::named("metadata_refreshed", account, reference) }
    }

    pub(crate) fn settings(
        event: &'static str,
        account: &'a AccountId,
        reference: &'a str,
    ) -> Self {
        Self::named(event, account, reference)
    }

    pub(crate) fn settings_failure(
        error: &Error,
        account: &'a AccountId,
        reference: &'a str,
    ) -> Self {
        Self::of_error("settings_refused", error, Some(account), reference)
    }

    /// The outcome of a test sign-in, which signs no user in.
    pub(crate) fn test(error: Option<&Error>, account: &'a AccountId, reference: &'a str) -> Self {
        match error {
            Some(error) => Self::of_error("test_refused", error, Some(account), reference),
            None => Self::named("test_passed", account, reference),
        }
    }

    fn named(event: &'static str, account: &'a AccountId, reference: &'a str) -> Self {
        Self { account: Some(account.as_str()), ..Self::without_account(event, reference) }
    }

    fn without_account(event: &'static str, reference: &'a str) -> Self {
        Self {
            event,
            code: None,
            reference,
            account: None,
            detail: None,
            signed_by: Vec::new(),
            warning: None,
            directory: None,
        }
    }

    pub(crate) fn failure(
        error: &Error,
        account: Option<&'a AccountId>,
        reference: &'a str,
    ) -> Self {
        Self::of_error("login_refused", error, account, reference)
    }

    pub(crate) fn logout_failure(
        error: &Error,
        account: Option<&'a AccountId>,
        reference: &'a str,
    ) -> Self {
        Self::of_error("logout_refused", error, account, reference)
    }

    fn of_error(
        refused: &'static str,
        error: &Error,
        account: Option<&'a AccountId>,
        reference: &'a str,
    ) -> Self {
        let error = error.for_log();
        let event = match error {
            Error::Denied(Denial::Gate(_)) => "request_refused",
            Error::Denied(_) | Error::Opened(_) | Error::Refused(_) => refused,
            Error::Fault(_) | Error::Metadata(_) => "fault",
        };
        Self {
            event,
            code: Some(error.code()),
            reference,
            account: account.map(AccountId::as_str),
            detail: Some(match error {
                Error::Denied(denial) => denial.detail(),
                error => error.to_string(),
            }),
            signed_by: Vec::new(),
            warning: None,
            directory: None,
        }
    }

    /// The admin API has changed something.
    pub(crate) fn changed_by_api(account: Option<&'a AccountId>, reference: &'a str) -> Self {
        Self {
            account: account.map(AccountId::as_str),
            ..Self::without_account("api_changed", reference)
        }
    }

    /// A failure in the admin API: `event` is `api_refused` or `fault`.
    pub(crate) fn of_api(
        event: &'static str,
        (code, detail): (&'static str, String),
        account: Option<&'a AccountId>,
        reference: &'a str,
    ) -> Self {
        Self {
            code: Some(code),
            account: account.map(AccountId::as_str),
            detail: Some(detail),
            ..Self::without_account(event, reference)
        }
    }

    /// Adds the keys that signed what was accepted (row D11).
    pub(crate) fn signed_by(self, signed_by: Vec<String>) -> Self {
        Self { signed_by, ..self }
    }

    /// Adds a warning where the login depends on SHA-1, which the account allows until a day (row
    /// D3).
    pub(crate) fn signed_with_sha1(self, uses_sha1: bool) -> Self {
        Self { warning: uses_sha1.then_some("signed_with_sha1"), ..self }
    }

    /// Adds why the login page does not know the user's e-mail address yet. No login fails for it.
    pub(crate) fn not_entered(self, fault: Option<&Fault>) -> Self {
        Self { directory: fault.map(Fault::to_string), ..self }
    }

    pub(crate) fn line(&self) -> Option<String> {
        Some(written(self))
    }
}

/// The line in JSON. Lines have no field that could fail, and a failure would not be silent.
fn written(line: &impl Serialize) -> String {
    serde_json::to_string(line).unwrap_or_else(|_| r#"{"event":"fault"}"#.to_owned())
}
