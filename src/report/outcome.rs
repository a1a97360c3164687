//! What a sign-in came to, for a report.

use saml_verify::saml::{ClaimedResponse, Contents};

use crate::error::Error;
use crate::ledger::users::User;
use crate::signin::pending::{Pending, Purpose};

/// The outcome of a test sign-in, which makes no session.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Why the sign-in would be refused.
    pub(crate) error: Option<Error>,
    /// What the message says of itself.
    pub(crate) claimed: ClaimedResponse,
    /// What the accepted message says of the user.
    pub(crate) contents: Option<Contents>,
    /// Who would be signed in.
    pub(crate) user: Option<User>,
    pub(crate) uses_sha1: bool,
    /// The request that was made for it; `None` in a dry run, which answers none and uses nothing
    /// up.
    pub(crate) request_id: Option<String>,
}

impl Trial {
    /// Of a message that was refused.
    pub(crate) fn refused(error: Error, claimed: ClaimedResponse) -> Self {
        let (error, request_id) = (Some(error), None);
        Self { error, claimed, contents: None, user: None, uses_sha1: false, request_id }
    }

    /// The test that the Response in `xml` claims to answer, if this browser has one under way.
    pub(crate) fn claimed<'p>(
        pending: &'p [Pending],
        xml: &str,
    ) -> Option<(&'p Pending, ClaimedResponse)> {
        let tests: Vec<_> =
            pending.iter().filter(|pending| pending.purpose == Purpose::Test).collect();
        if tests.is_empty() {
            return None;
        }
        let claimed = ClaimedResponse::read(xml);
        let is_claimed = |it: &&Pending| claimed.claimed_requests.contains(&it.request_id);
        let test = tests.into_iter().find(is_claimed)?;
        Some((test, claimed))
    }
}
