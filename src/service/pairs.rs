//! No two accounts are the same service to the same IdP (row G2).
//!
//! Accounts of one Issuer are told apart by our entity id, which the IdP signs as Audience. Most
//! have one that no other account can have; nobody is asked about those. Where settings or
//! `DEFAULT_ENTITY_ID` could give one to two accounts, the first whose login passed has it.

use crate::saml::issuer_key;
use crate::service::Service;
use crate::service::account::{Account, AccountId};
use crate::service::error::{Denial, Error, Fault};
use crate::service::ledger::Ledger;
use crate::service::private_keys::PrivateKeys;
use crate::service::store::Accounts;
use crate::time::UnixTime;

/// A digest of an Issuer and of our entity id towards it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pair(String);

impl Pair {
    /// The pair that `account` could share with another.
    fn of(account: &Account) -> Option<Self> {
        let Account { idp, addresses, .. } = account;
        (!addresses.is_unique).then(|| Self(issuer_key(idp.entity_id(), addresses.entity_id())))
    }
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Takes the account's pair, or sees that it has it. Only for a login that passed: nobody else
    /// takes a pair.
    pub(crate) async fn take_pair(&self, account: &Account, now: UnixTime) -> Result<(), Error> {
        let Some(pair) = Pair::of(account) else { return Ok(()) };
        let mut holder = self.ledger.take_pair(&pair.0, &account.id, None).await?;
        if holder != account.id && self.has_left(&holder, &pair, now).await? {
            holder = self.ledger.take_pair(&pair.0, &account.id, Some(&holder)).await?;
        }
        if holder == account.id { Ok(()) } else { Err(Denial::EntityIdTaken.into()) }
    }

    /// Denies what would make `account` the same service to the same IdP as another is. It takes no
    /// pair: nobody has signed in yet.
    pub(crate) async fn require_free_pair(
        &self,
        account: &Account,
        now: UnixTime,
    ) -> Result<(), Error> {
        let Some(pair) = Pair::of(account) else { return Ok(()) };
        match self.ledger.holder_of(&pair.0).await? {
            Some(holder) if holder != account.id && !self.has_left(&holder, &pair, now).await? => {
                Err(Denial::EntityIdTaken.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether `holder` has no use for `pair` any more. One whose metadata or settings are only
    /// broken has: they can be mended.
    async fn has_left(
        &self,
        holder: &AccountId,
        pair: &Pair,
        now: UnixTime,
    ) -> Result<bool, Error> {
        match self.account(holder.clone(), now).await {
            Ok(account) => Ok(Pair::of(&account).as_ref() != Some(pair)),
            Err(Error::Denied(Denial::SsoNotEnabled)) => Ok(true),
            Err(error @ Error::Fault(Fault::StoreUnreachable(_))) => Err(error),
            Err(_) => Ok(false),
        }
    }
}
