//! One line of JSON for everything that happens to a login.

use serde::Serialize;

use crate::error::{Denial, Error, Fault};
use crate::model::account_id::AccountId;

/// What became of a login that went on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// In a session that waits for its user's word.
    Held,
    /// In nothing: the browser has posted again what has signed its user in.
    PostedAgain,
    Started,
    Succeeded,
    Upgraded,
}

/// What became of a session that ended before its time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Logout {
    /// The IdP asked for it.
    Asked,
    /// Its user ended it from another device.
    Elsewhere,
    /// It is over, and the IdP says that it is over everywhere.
    Everywhere,
    /// It is over, and the browser goes to the IdP.
    Started,
    /// It is over.
    Succeeded,
    /// It is over, and the IdP does not say that it is over everywhere.
    Unsure,
}

/// Codes, a reference and an account id. There is no field that XML, a NameID or an attribute
/// could stand in.
#[derive(Debug, Serialize)]
pub(crate) struct Event<'a> {
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
    /// Why the directory does not know of the login.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<String>,
}

impl<'a> Event<'a> {
    pub(crate) fn login(outcome: Outcome, account: &'a AccountId, reference: &'a str) -> Self {
        let event = match outcome {
            Outcome::Held => "login_held",
            Outcome::PostedAgain => "login_posted_again",
            Outcome::Started => "login_started",
            Outcome::Succeeded => "login_succeeded",
            Outcome::Upgraded => "login_upgraded",
        };
        Self::named(event, account, reference)
    }

    pub(crate) fn logout(outcome: Logout, account: &'a AccountId, reference: &'a str) -> Self {
        let event = match outcome {
            Logout::Asked => "logout_asked",
            Logout::Elsewhere => "logout_elsewhere",
            Logout::Everywhere => "logout_confirmed",
            Logout::Started => "logout_started",
            Logout::Succeeded => "logout_succeeded",
            Logout::Unsure => "logout_unconfirmed",
        };
        Self::named(event, account, reference)
    }

    /// That a certificate of the account's IdP expires is told for the first time.
    pub(crate) fn expiry(
        event: &'static str,
        detail: String,
        account: &'a AccountId,
        reference: &'a str,
    ) -> Self {
        Self { detail: Some(detail), ..Self::named(event, account, reference) }
    }

    /// What a round has found at the address that the account's metadata follows.
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

    /// What became of a test, which is nobody's login.
    pub(crate) fn test(error: Option<&Error>, account: &'a AccountId, reference: &'a str) -> Self {
        match error {
            Some(error) => Self::of_error("test_refused", error, Some(account), reference),
            None => Self::named("test_passed", account, reference),
        }
    }

    fn named(event: &'static str, account: &'a AccountId, reference: &'a str) -> Self {
        Self { account: Some(account.as_str()), ..Self::of_nobody(event, reference) }
    }

    fn of_nobody(event: &'static str, reference: &'a str) -> Self {
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
            Error::Denied(
                Denial::CrossSiteRequest
                | Denial::CrossSiteSocket
                | Denial::NotSignedIn
                | Denial::PathAmbiguous
                | Denial::RoleInsufficient { .. },
            ) => "request_refused",
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

    /// The admin API has done something.
    pub(crate) fn changed_by_api(account: Option<&'a AccountId>, reference: &'a str) -> Self {
        Self {
            account: account.map(AccountId::as_str),
            ..Self::of_nobody("api_changed", reference)
        }
    }

    /// What went wrong in the admin API: `event` is `api_refused` or `fault`.
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
            ..Self::of_nobody(event, reference)
        }
    }

    /// Says which keys the login rests on (row D11).
    pub(crate) fn signed_by(self, signed_by: Vec<String>) -> Self {
        Self { signed_by, ..self }
    }

    /// Says that the login rests on SHA-1, which must end before the account's day comes (row D3).
    pub(crate) fn signed_with_sha1(self, uses_sha1: bool) -> Self {
        Self { warning: uses_sha1.then_some("signed_with_sha1"), ..self }
    }

    /// Says that the login page does not know the user's e-mail address yet, which no login fails for.
    pub(crate) fn not_entered(self, fault: Option<&Fault>) -> Self {
        Self { directory: fault.map(Fault::to_string), ..self }
    }

    pub(crate) fn line(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
