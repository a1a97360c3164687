//! Who is signed in, and that the assertion was used up.

use saml_verify::error::Refusal;
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
    account: &Account,
    pairs: &[Pair],
    once: &Once<'_>,
    now: UnixTime,
) -> Result<Principal, Error> {
    entity_id_claim::take_pairs(cx, &account.id, pairs, now).await?;
    match cx.ledger.claim(&account.id, once, now).await? {
        Claim::Fresh => Ok(Principal(())),
        Claim::AssertionSeen => Err(Refusal::AssertionReplayed.into()),
        Claim::RequestUsed => Err(Refusal::RequestUsed.into()),
        Claim::Narrowed => Err(Denial::AccountNarrowed.into()),
    }
}
