//! The proof that an assertion was claimed once.

use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Claims, Use};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim;
use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::error::Error;
use crate::error::denial::SignInDenial;
use crate::ledger::logins::claim::{Claim, LoginClaim};
use crate::ledger::port::Ledger;
use crate::platform::context::{Platform, Service};
/// The proof that an assertion was accepted, mapped and claimed for the first time. No session
/// starts without it, and only [`claim`] makes one.
#[derive(Debug)]
pub(crate) struct Principal(());

/// Uses up the assertion and the request it answers, once and for all (row F5).
pub(crate) async fn claim(
    cx: &Service<'_, impl Platform>,
    accepted: Accepted,
    account: &Account,
    pairs: &[Pair],
    login: &LoginClaim,
) -> Result<Principal, Error> {
    entity_id_claim::take_pairs(cx, &account.id, pairs, UnixTime::from_seconds(login.now)).await?;
    let use_up = async |assertion: &str, until: UnixTime| {
        let (assertion, until) = (assertion.to_owned(), until.seconds());
        let login = LoginClaim { assertion, until, ..login.clone() };
        match cx.ledger.ask(&account.id, &login).await? {
            Claim::Fresh => Ok(Use::First),
            Claim::AssertionSeen => Ok(Use::Repeated),
            Claim::RequestUsed => Err(Error::from(Refusal::RequestUsed)),
            Claim::Narrowed => Err(SignInDenial::AccountNarrowed.into()),
        }
    };
    accepted.claim_async(use_up).await.map(|_: Claims| Principal(()))
}
