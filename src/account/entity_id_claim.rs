//! No two accounts are the same service to the same IdP (row G2).
//!
//! Two accounts can be confused only where one message could be accepted at both: they share our
//! entity id, which the IdP signs as Audience, our Reply URL, which it signs as Recipient, and a
//! key. Most accounts have an entity id or a Reply URL that no other account can have; nobody is
//! asked about those. For all others there is one holder of each entity id, Issuer and signing key:
//! the first account whose login passed with that key, or the one that an operator has put there.
//!
//! A key counts only once it has signed. Metadata can list anybody's key, and Issuers are public:
//! an account that could take a pair by saying so would shut out the account that the IdP belongs
//! to.

use saml_verify::dsig::TrustedKey;
use saml_verify::time::UnixTime;
use sha2::{Digest as _, Sha256};

use crate::account::load;
use crate::account::load::Account;
use crate::encoding::hex;
use crate::error::denial::AccountDenial;
use crate::error::{Denial, Error};
use crate::ledger::audit::actor::Actor;
use crate::ledger::entity_ids::{FindHolder, TakePair};
use crate::ledger::logins::signers::ListSigners;
use crate::ledger::port::{Ledger, LedgerName};
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// A digest of an Issuer, of our entity id towards it, and of a key that it signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair(String);

impl Pair {
    /// The pairs of `account` with `keys`; none where it shares its addresses with no other
    /// account.
    pub(crate) fn all<'k>(
        account: &Account,
        keys: impl IntoIterator<Item = &'k TrustedKey>,
    ) -> Vec<Self> {
        let Account { idp, addresses, .. } = account;
        let mut pairs = Vec::new();
        for key in keys.into_iter().filter(|_| !addresses.is_unique) {
            // An entity id has no white space in it.
            let towards = format!("{} {}", addresses.entity_id(), key.id());
            let pair = Self::of(idp.entity_id(), &towards);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        pairs
    }

    fn of(issuer: &str, towards: &str) -> Self {
        // The length in front keeps two pairs from sharing one concatenation.
        let text = format!("{}:{issuer}{towards}", issuer.len());
        Self(hex(&Sha256::digest(text.as_bytes())))
    }

    /// The name of the pair.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes the pairs of the keys that `account` was just signed in to with, or sees that it has
/// them. Only for a login that passed: nobody else takes a pair.
pub(crate) async fn take_pairs(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    pairs: &[Pair],
    now: UnixTime,
) -> Result<(), Error> {
    // A message with two keys is for who has both, and takes none where it cannot have the other.
    if pairs.len() > 1 {
        require_free(cx, account, pairs, now).await?;
    }
    for pair in pairs {
        take_pair(cx, account, pair, now).await?;
    }
    Ok(())
}

async fn take_pair(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    pair: &Pair,
    now: UnixTime,
) -> Result<(), Error> {
    let take = TakePair { account: account.clone(), from: None };
    let mut holder = cx.ledger.ask(LedgerName::Pair(&pair.0), &take).await?;
    if holder != *account && has_left(cx, &holder, pair, now).await? {
        let take = TakePair { from: Some(holder), ..take };
        holder = cx.ledger.ask(LedgerName::Pair(&pair.0), &take).await?;
    }
    if holder == *account { Ok(()) } else { Err(AccountDenial::EntityIdTaken.into()) }
}

/// Denies `account`, as somebody wants it to be, what another account has. It takes no pair: nobody
/// has signed in yet.
///
/// Operators are told of every key that its metadata lists. Its own people are told only of keys
/// that have signed somebody in to it: whoever asks with the public metadata of another company
/// does not learn whether that is a customer. They hear of it from their first login.
pub(crate) async fn require_free_for(
    cx: &Service<'_, impl Platform>,
    actor: &Actor,
    account: &Account,
    now: UnixTime,
) -> Result<(), Error> {
    if account.addresses.is_unique {
        return Ok(());
    }
    let keys = account.idp.signing_keys();
    let pairs = match actor {
        Actor::Operator => Pair::all(account, keys),
        Actor::Elsewhere
        | Actor::Refresh
        | Actor::SetupLink(_)
        | Actor::Upkeep
        | Actor::User(_)
        | Actor::Other(_) => {
            let signers = cx.ledger.ask(&account.id, &ListSigners).await?;
            Pair::all(account, keys.iter().filter(|key| signers.contains(&key.id())))
        }
    };
    require_free(cx, &account.id, &pairs, now).await
}

/// Denies `account` what another account has. It takes no pair.
pub(crate) async fn require_free(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    pairs: &[Pair],
    now: UnixTime,
) -> Result<(), Error> {
    for pair in pairs {
        match cx.ledger.ask(LedgerName::Pair(&pair.0), &FindHolder).await? {
            Some(holder) if holder != *account && !has_left(cx, &holder, pair, now).await? => {
                return Err(AccountDenial::EntityIdTaken.into());
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
    cx: &Service<'_, impl Platform>,
    holder: &AccountId,
    pair: &Pair,
    now: UnixTime,
) -> Result<bool, Error> {
    let stored = load::current(cx, holder, now).await?;
    match Account::of(holder.clone(), &stored, cx.metadata, cx.config, now) {
        Ok(account) => Ok(!Pair::all(&account, account.idp.signing_keys()).contains(pair)),
        Err(Error::Denied(Denial::Account(AccountDenial::SsoNotEnabled))) => Ok(true),
        Err(_) => Ok(false),
    }
}
