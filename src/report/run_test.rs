//! A sign-in that ends in a report. It takes the same path as every other, up to the session.

use saml_verify::saml::{Accepted, ClaimedResponse, Requests};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim;
use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::error::{Error, Fault};
use crate::http::entropy::Entropy;
use crate::idp::claims::Identity;
use crate::idp::{principal, verify};
use crate::ledger::logins::claim::LoginClaim;
use crate::ledger::logins::users::User;
use crate::platform::context::{Platform, Service};
use crate::report::Report;
use crate::report::inspect::response_xml;
use crate::report::test_run::TestRun;
use crate::session::issue::Session;

/// A sign-in that is tried for a report.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) account: &'a Account,
    /// The claim to use up; `None` in a dry run.
    pub(crate) login: Option<&'a LoginClaim>,
    pub(crate) entropy: &'a Entropy,
    pub(crate) now: UnixTime,
}

/// Maps and claims an accepted message as a sign-in does, and makes no session. The claim is used
/// up, so a tested message cannot be used for a sign-in later.
pub(crate) async fn run_test(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    attempt: Attempt<'_>,
) -> Result<TestRun, Fault> {
    let uses_sha1 = accepted.uses_sha1();
    let contents = accepted.unclaimed().clone();
    let (user, error) = match try_contents(cx, accepted, attempt).await {
        Ok(user) => (Some(user), None),
        Err(Error::Fault(fault)) => return Err(fault),
        Err(error) => (None, Some(error)),
    };
    let request_id = attempt.login.and_then(|login| login.request_id.clone());
    let (claimed, contents) = (ClaimedResponse::default(), Some(contents));
    Ok(TestRun { error, claimed, contents, user, uses_sha1, request_id })
}

async fn try_contents(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    Attempt { account, login, entropy, now }: Attempt<'_>,
) -> Result<User, Error> {
    let pairs = &Pair::all(account, accepted.signed_by());
    let identity = Identity::map(accepted.unclaimed(), account, cx.config)?;
    let user = identity.user();
    Session::draft(identity, account, "", entropy, cx.config, now)?;
    match login {
        Some(login) => {
            principal::claim(cx, accepted, account, pairs, login).await?;
        }
        None => entity_id_claim::require_free(cx, &account.id, pairs, now).await?,
    }
    Ok(user)
}

/// Checks the Response in `pasted` at `at`. It makes no session, uses nothing up and stores
/// nothing.
pub(crate) async fn dry_run(
    cx: &Service<'_, impl Platform>,
    pasted: &str,
    account: &Account,
    entropy: &Entropy,
    at: UnixTime,
) -> Result<Report, Error> {
    let test_run = match response_xml(pasted) {
        Ok(xml) => match verify::accept(cx, &xml, account, Requests::Any, at).await {
            Ok(accepted) => {
                let attempt = Attempt { account, login: None, entropy, now: at };
                run_test(cx, accepted, attempt).await?
            }
            Err(error) => TestRun::refused(error, ClaimedResponse::read(&xml)),
        },
        Err(refusal) => TestRun::refused(refusal.into(), ClaimedResponse::default()),
    };
    Report::of(test_run, account, cx.config, at)
}
