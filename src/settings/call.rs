//! A request for the settings, before and after access to them was granted.

use saml_verify::time::UnixTime;

use crate::encoding::hex;
use crate::error::Error;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::links;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Route;
use crate::model::account_id::AccountId;
use crate::settings::access::administrator::{AccessDenied, Administrator};
use crate::settings::pages;

/// A request for a page of the settings of an account.
pub(crate) struct SettingsCall<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) request: &'a Request<'a>,
    pub(crate) entropy: Entropy,
    pub(crate) now: UnixTime,
}

/// A request of an administrator, who has access to the settings of the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) administrator: &'a Administrator,
    /// Names the request in the log.
    pub(crate) reference: &'a str,
    pub(crate) now: UnixTime,
}

impl SettingsCall<'_> {
    /// Names the request in the log and on pages.
    pub(crate) fn reference(&self) -> String {
        hex(&self.entropy.reference)
    }

    /// The page that tells why the request failed.
    pub(crate) fn failed(&self, error: &Error) -> Reply {
        pages::failed(error, self.account, &self.reference())
    }

    /// The reply to a visitor without access: the login, or the reason if there is a session.
    pub(crate) fn denied(&self, denied: &AccessDenied) -> Reply {
        match denied {
            AccessDenied::NotSignedIn => {
                let login = Route::Login(self.account.clone());
                Answer::see_other(&login.with_return_to(&links::settings(self.account))).into()
            }
            AccessDenied::Error(error) => self.failed(error),
        }
    }
}
