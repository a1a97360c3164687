//! A sign-in that ends in a report. It takes the very path of every other one, up to the session.

use saml_verify::saml::{Accepted, ClaimedResponse, Requests};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim;
use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::error::{Error, Fault};
use crate::http::entropy::Entropy;
use crate::idp::claims::Identity;
use crate::idp::{principal, verify};
use crate::ledger::logins::LoginClaim;
use crate::ledger::users::User;
use crate::platform::context::{Platform, Service};
use crate::report::Report;
use crate::report::inspect::response_xml;
use crate::report::outcome::Trial;
use crate::session::issue::Session;

/// Takes an accepted message as far as a session would be made of it, and drops it there. `once`
/// is used up as in every other sign-in: what was a test can be nothing else later.
pub(crate) async fn try_out(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    login: Option<&LoginClaim>,
    account: &Account,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<Trial, Fault> {
    let uses_sha1 = accepted.uses_sha1();
    let pairs = Pair::all(account, accepted.signed_by());
    let contents = accepted.unclaimed().clone();
    let tried = try_contents(cx, accepted, &pairs, login, account, entropy, now).await;
    let (user, error) = match tried {
        Ok(user) => (Some(user), None),
        Err(Error::Fault(fault)) => return Err(fault),
        Err(error) => (None, Some(error)),
    };
    let request_id = login.and_then(|login| login.request_id.clone());
    let (claimed, contents) = (ClaimedResponse::default(), Some(contents));
    Ok(Trial { error, claimed, contents, user, uses_sha1, request_id })
}

async fn try_contents(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    pairs: &[Pair],
    login: Option<&LoginClaim>,
    account: &Account,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<User, Error> {
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
    let trial = match response_xml(pasted) {
        Ok(xml) => match verify::accept(cx, &xml, account, Requests::Any, at).await {
            Ok(accepted) => try_out(cx, accepted, None, account, entropy, at).await?,
            Err(error) => Trial::refused(error, ClaimedResponse::read(&xml)),
        },
        Err(refusal) => Trial::refused(refusal.into(), ClaimedResponse::default()),
    };
    Report::of(trial, account, cx.config, at)
}
