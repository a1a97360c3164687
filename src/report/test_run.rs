//! A test sign-in, for a report.

use saml_verify::saml::{ClaimedResponse, Contents};

use crate::error::Error;
use crate::ledger::logins::users::User;
use crate::signin::pending::{Pending, Purpose};

/// The outcome of a test sign-in, which makes no session.
#[derive(Debug)]
pub(crate) struct TestRun {
    /// Why the sign-in would be refused.
    pub(crate) error: Option<Error>,
    /// What the message claims.
    pub(crate) claimed: ClaimedResponse,
    /// The content of the accepted message.
    pub(crate) contents: Option<Contents>,
    /// The user who would be signed in.
    pub(crate) user: Option<User>,
    pub(crate) uses_sha1: bool,
    /// The request of the test; `None` in a dry run, which answers no request and uses nothing up.
    pub(crate) request_id: Option<String>,
}

impl TestRun {
    /// The outcome of a message that was refused.
    pub(crate) fn refused(error: Error, claimed: ClaimedResponse) -> Self {
        let (error, request_id) = (Some(error), None);
        Self { error, claimed, contents: None, user: None, uses_sha1: false, request_id }
    }

    /// The pending test that the Response in `xml` claims to answer, if this browser has one.
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
