//! Why something is done to an account.

use saml_verify::time::UnixTime;

use crate::ledger::audit::actor::Actor;

/// Who changes an account, in which request, and when: what the audit log says of each change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause<'a> {
    /// Who asks for the change.
    pub(crate) actor: &'a Actor,
    /// Names the request in the log.
    pub(crate) reference: &'a str,
    pub(crate) now: UnixTime,
}
