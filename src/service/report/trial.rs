//! A sign-in that ends in a report. It takes the very path of every other one, up to the session.

use saml_verify::saml::{Accepted, Claimed, Claims, Requests};
use saml_verify::time::UnixTime;

use crate::service::account::Account;
use crate::service::claims::Identity;
use crate::service::context::{Platform, Service};
use crate::service::doctor::response_xml;
use crate::service::error::{Error, Fault};
use crate::service::ledger::Once;
use crate::service::pairs::Pair;
use crate::service::pending::Pending;
use crate::service::report::Report;
use crate::service::session::Session;
use crate::service::users::User;
use crate::service::{Entropy, login, pairs};

/// A sign-in that signs nobody in.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Why nobody would be signed in.
    pub(crate) error: Option<Error>,
    /// What the message says of itself.
    pub(crate) claimed: Claimed,
    /// What the accepted message says of the user.
    pub(crate) claims: Option<Claims>,
    /// Who would be signed in.
    pub(crate) user: Option<User>,
    pub(crate) uses_sha1: bool,
    /// The request that was made for it; `None` in a dry run, which answers none and uses nothing
    /// up.
    pub(crate) request_id: Option<String>,
}

impl Trial {
    /// Of a message that was refused.
    pub(crate) fn refused(error: Error, claimed: Claimed) -> Self {
        let (error, request_id) = (Some(error), None);
        Self { error, claimed, claims: None, user: None, uses_sha1: false, request_id }
    }

    /// The test that the Response in `xml` claims to answer, if this browser has one under way.
    pub(crate) fn claimed<'p>(pending: &'p [Pending], xml: &str) -> Option<(&'p Pending, Claimed)> {
        let tests: Vec<_> = pending.iter().filter(|pending| pending.test).collect();
        if tests.is_empty() {
            return None;
        }
        let claimed = Claimed::read(xml);
        let is_claimed = |it: &&Pending| claimed.claimed_requests.contains(&it.request_id);
        let test = tests.into_iter().find(is_claimed)?;
        Some((test, claimed))
    }
}

/// Takes an accepted message as far as a session would be made of it, and drops it there. `once`
/// is used up as in every other sign-in: what was a test can be nothing else later.
pub(crate) async fn try_out(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    once: Option<&Once<'_>>,
    account: &Account,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<Trial, Fault> {
    let uses_sha1 = accepted.uses_sha1();
    let pairs = Pair::all(account, accepted.signed_by());
    let claims = accepted.into_claims();
    let tried = try_claims(cx, claims.clone(), &pairs, once, account, entropy, now).await;
    let (user, error) = match tried {
        Ok(user) => (Some(user), None),
        Err(Error::Fault(fault)) => return Err(fault),
        Err(error) => (None, Some(error)),
    };
    let request_id = once.and_then(|once| once.request).map(|it| it.id.to_owned());
    let (claimed, claims) = (Claimed::default(), Some(claims));
    Ok(Trial { error, claimed, claims, user, uses_sha1, request_id })
}

async fn try_claims(
    cx: &Service<'_, impl Platform>,
    claims: Claims,
    pairs: &[Pair],
    once: Option<&Once<'_>>,
    account: &Account,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<User, Error> {
    let identity = Identity::map(claims, account, cx.config)?;
    let user = identity.user();
    Session::draft(identity, account, "", entropy, cx.config, now)?;
    match once {
        Some(once) => {
            login::claim(cx, account, pairs, once, now).await?;
        }
        None => pairs::require_free(cx, &account.id, pairs, now).await?,
    }
    Ok(user)
}

/// Judges the Response in `pasted` at `at` and signs nobody in. Nothing is used up or stored.
pub(crate) async fn dry_run(
    cx: &Service<'_, impl Platform>,
    pasted: &str,
    account: &Account,
    entropy: &Entropy,
    at: UnixTime,
) -> Result<Report, Error> {
    let trial = match response_xml(pasted) {
        Ok(xml) => match login::accept(cx, &xml, account, Requests::Any, at).await {
            Ok(accepted) => try_out(cx, accepted, None, account, entropy, at).await?,
            Err(error) => Trial::refused(error, Claimed::read(&xml)),
        },
        Err(refusal) => Trial::refused(refusal.into(), Claimed::default()),
    };
    Report::of(trial, account, cx.config, at)
}
