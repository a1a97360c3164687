//! A response that was accepted, and what came with it.

use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::http::request::Request;
use crate::signin::pending::Pending;

/// A response as it was posted, and for which account.
pub(crate) struct Message<'a> {
    pub(crate) response_xml: &'a str,
    pub(crate) account: &'a Account,
    pub(crate) pending: &'a [Pending],
    /// The page that RelayState names.
    pub(crate) relayed: String,
    pub(crate) request: &'a Request<'a>,
    pub(crate) now: UnixTime,
}
