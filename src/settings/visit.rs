//! A visit to the settings by someone who may change them.

use saml_verify::time::UnixTime;

use crate::model::account_id::AccountId;
use crate::settings::access::administrator::Administrator;

/// One request of an administrator for the settings of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) administrator: &'a Administrator,
    /// Names the request in the log.
    pub(crate) reference: &'a str,
    pub(crate) now: UnixTime,
}
