//! One call of the API.

use saml_verify::time::UnixTime;

use crate::encoding::hex;
use crate::http::entropy::Entropy;
use crate::http::request::Request;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;

/// One call of the API, without its body.
pub(crate) struct ApiCall<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) entropy: &'a Entropy,
    /// Identifies the call in the log and in audit events.
    pub(crate) reference: String,
    pub(crate) now: UnixTime,
}

impl<'a> ApiCall<'a> {
    pub(crate) fn new(request: &'a Request<'a>, entropy: &'a Entropy, now: UnixTime) -> Self {
        Self { request, entropy, reference: hex(&entropy.reference), now }
    }

    /// Why the call changes what it changes.
    pub(crate) const fn cause(&self) -> Cause<'_> {
        Cause { actor: &Actor::Operator, reference: self.reference.as_str(), now: self.now }
    }
}
