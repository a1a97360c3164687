//! Who is signed in, and that the assertion was used up.

use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Claims, Use};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim;
use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::error::{Denial, Error};
use crate::ledger::port::{Claim, Ledger, Once};
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
    once: &Once<'_>,
    now: UnixTime,
) -> Result<Principal, Error> {
    entity_id_claim::take_pairs(cx, &account.id, pairs, now).await?;
    let use_up = async |assertion: &str, until| {
        let once = Once { assertion, until, ..*once };
        match cx.ledger.claim(&account.id, &once, now).await? {
            Claim::Fresh => Ok(Use::First),
            Claim::AssertionSeen => Ok(Use::Repeated),
            Claim::RequestUsed => Err(Error::from(Refusal::RequestUsed)),
            Claim::Narrowed => Err(Denial::AccountNarrowed.into()),
        }
    };
    accepted.claim_async(use_up).await.map(|_: Claims| Principal(()))
}
