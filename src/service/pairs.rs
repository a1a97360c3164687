//! No two accounts are the same service to the same IdP (row G2).
//!
//! Two accounts can be confused only where one message could be accepted at both: they share our
//! entity id, which the IdP signs as Audience, our Reply URL, which it signs as Recipient, and a key.
//! Most accounts have an entity id or a Reply URL that no other account can have; nobody is asked
//! about those. For all others there is one holder of each entity id, Issuer and signing key: the
//! first account whose login passed with that key, or the one that an operator has put there.
//!
//! A key counts only once it has signed. Metadata can list anybody's key, and Issuers are public: an
//! account that could take a pair by saying so would shut out the account that the IdP belongs to.

use crate::dsig::TrustedKey;
use crate::encoding::hex;
use crate::saml::issuer_key;
use crate::service::Service;
use crate::service::account::{Account, AccountId};
use crate::service::error::{Denial, Error};
use crate::service::ledger::Ledger;
use crate::service::private_keys::PrivateKeys;
use crate::service::store::Accounts;
use crate::time::UnixTime;

/// A digest of an Issuer, of our entity id towards it, and of a key that it signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair(String);

impl Pair {
    /// The pairs of `account` with `keys`; none where it shares its addresses with no other account.
    pub(crate) fn all(account: &Account, keys: &[TrustedKey]) -> Vec<Self> {
        let Account { idp, addresses, .. } = account;
        let mut pairs = Vec::new();
        for key in keys.iter().filter(|_| !addresses.is_unique) {
            // An entity id has no white space in it.
            let towards = format!("{} {}", addresses.entity_id(), hex(&key.fingerprint()));
            let pair = Self(issuer_key(idp.entity_id(), &towards));
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// Takes the pairs of the keys that `account` was just signed in to with, or sees that it has
    /// them. Only for a login that passed: nobody else takes a pair.
    pub(crate) async fn take_pairs(
        &self,
        account: &AccountId,
        pairs: &[Pair],
        now: UnixTime,
    ) -> Result<(), Error> {
        // A message with two keys is for who has both, and takes none where it cannot have the other.
        if pairs.len() > 1 {
            self.require_free(account, pairs, now).await?;
        }
        for pair in pairs {
            self.take_pair(account, pair, now).await?;
        }
        Ok(())
    }

    async fn take_pair(
        &self,
        account: &AccountId,
        pair: &Pair,
        now: UnixTime,
    ) -> Result<(), Error> {
        let mut holder = self.ledger.take_pair(&pair.0, account, None).await?;
        if holder != *account && self.has_left(&holder, pair, now).await? {
            holder = self.ledger.take_pair(&pair.0, account, Some(&holder)).await?;
        }
        if holder == *account { Ok(()) } else { Err(Denial::EntityIdTaken.into()) }
    }

    /// Denies `account` what another account has. It takes no pair.
    pub(crate) async fn require_free(
        &self,
        account: &AccountId,
        pairs: &[Pair],
        now: UnixTime,
    ) -> Result<(), Error> {
        for pair in pairs {
            match self.ledger.holder_of(&pair.0).await? {
                Some(holder)
                    if holder != *account && !self.has_left(&holder, pair, now).await? =>
                {
                    return Err(Denial::EntityIdTaken.into());
                }
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    /// Whether `holder` has no use for `pair` any more. One whose metadata or settings are only
    /// broken has: they can be mended.
    ///
    /// Its ledger is asked, which knows of changes at once. The store may go on for a minute saying
    /// that there is no such account, to anybody who has asked before it was made.
    async fn has_left(
        &self,
        holder: &AccountId,
        pair: &Pair,
        now: UnixTime,
    ) -> Result<bool, Error> {
        let stored = self.ledger.current(holder, now).await?;
        match Account::of(holder.clone(), &stored, self.metadata, self.config, now) {
            Ok(account) => Ok(!Pair::all(&account, account.idp.signing_keys()).contains(pair)),
            Err(Error::Denied(Denial::SsoNotEnabled)) => Ok(true),
            Err(_) => Ok(false),
        }
    }
}
