//! Verification of an IdP’s Response for one account.

use saml_verify::error::Refusal;
use saml_verify::saml::{Accepted, Expected, Requests};
use saml_verify::time::UnixTime;

use crate::account::load::Account;
use crate::error::Error;
use crate::idp::claims::require_account;
use crate::platform::context::{Platform, Service};
use crate::platform::keys::judge;
/// Holds the Response to what the account expects. What is accepted is no sign-in yet; where
/// something in it was decrypted, it names this account.
pub(crate) async fn accept(
    cx: &Service<'_, impl Platform>,
    response_xml: &str,
    account: &Account,
    requests: Requests<'_>,
    now: UnixTime,
) -> Result<Accepted, Error> {
    let expected = Expected {
        entity_id: &account.addresses.entity_id,
        acs_url: &account.addresses.acs_url,
        idp: &account.idp,
        requests,
        skew: cx.config.sessions.skew,
        sha1: account.settings.sha1(now),
        nameless: account.settings.claims.email.is_some(),
    };
    let verdict = judge(response_xml, &expected, cx.private_keys, now).await;
    verdict.for_account(|accepted| require_addressed(cx, accepted, account))
}

/// Refuses what was decrypted and is not meant for this account for certain.
///
/// Where accounts share Reply URL and entity id, the addresses in the assertion are those of all
/// of them. Then a signature around the ciphertext does not say whose the assertion is: each
/// IdP can sign around another's. One in the assertion itself does.
pub(crate) fn require_addressed(
    cx: &Service<'_, impl Platform>,
    accepted: &Accepted,
    account: &Account,
) -> Result<(), Error> {
    if !account.addresses.is_unique && !accepted.is_assertion_signed() {
        return Err(Refusal::EncryptedAssertionUnsigned.into());
    }
    let attributes = &accepted.unclaimed().attributes;
    Ok(require_account(|claim| attributes.values(claim), account, cx.config)?)
}
