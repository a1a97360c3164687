//! `/sso/api/v1/accounts/{account}/pairs`: which of the accounts that share an entity id owns a
//! signing key of an Issuer.

use saml_verify::dsig::{Certificate, TrustedKey};
use saml_verify::time::UnixTime;

use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::account::{journal, load};
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::lists::{OwnedPair, Pairs};
use crate::admin::wire::problem::Problem;
use crate::encoding::hex;
use crate::error::denial::AccountDenial;
use crate::error::{Denial, Error};
use crate::http::answer::Answer;
use crate::ledger::entity_ids::{FindHolder, RecordPair, TakePair};
use crate::ledger::port::{Ledger, LedgerName};
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// Returns the pairs that the account could own. An account with an entity id of its own has none.
pub(super) async fn pairs(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let account = account_of_pairs(cx, account, now).await?;
    let found: Vec<_> = with_keys(&account).collect();
    let mut pairs = Vec::with_capacity(found.len());
    for (pair, key) in &found {
        pairs.push(owned(cx, &account, pair, key).await?);
    }
    Ok(Answer::json(200, &Pairs { pairs }))
}

/// Gives the account a pair, even if another account owns it.
///
/// The audit events of both accounts are written first, so that no pair moves without them. They
/// remain if the pair then cannot be moved.
pub(super) async fn give_pair(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let account = account_of_pairs(cx, account, call.now).await?;
    let (pair, key) =
        with_keys(&account).find(|(pair, _)| pair.as_str() == id).ok_or(Problem::PairUnknown)?;
    let from = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &FindHolder).await?;
    if from.as_ref() != Some(&account.id) {
        let loser = from.as_ref().map(|from| (from, false));
        for (account, is_given) in loser.into_iter().chain([(&account.id, true)]) {
            let (pair, record) = (id.to_owned(), journal::record(cx, account, call.cause()));
            cx.ledger.ask(account, &RecordPair { pair, is_given, record }).await?;
        }
    }
    let take = TakePair { account: account.id.clone(), from };
    let owner = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &take).await?;
    // A simultaneous login to another account has claimed it.
    if owner != account.id {
        return Err(AccountDenial::EntityIdTaken.into());
    }
    Ok(Answer::json(200, &owned(cx, &account, &pair, key).await?))
}

async fn account_of_pairs(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Account, Problem> {
    let stored = load::current(cx, account, now).await?;
    match Account::of(account.clone(), &stored, cx.metadata, cx.config, now) {
        Ok(account) => Ok(account),
        Err(Error::Denied(Denial::Account(AccountDenial::SsoNotEnabled))) => {
            Err(Problem::MetadataAbsent)
        }
        Err(error) => Err(error.into()),
    }
}

async fn owned<'a>(
    cx: &Service<'_, impl Platform>,
    account: &'a Account,
    pair: &'a Pair,
    key: &TrustedKey,
) -> Result<OwnedPair<'a>, Problem> {
    let has_key = |it: &&Certificate| it.key() == Ok(key);
    let certificates = account.idp.certificates().iter().filter(has_key);
    let holder = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &FindHolder).await?;
    Ok(OwnedPair {
        id: pair.as_str(),
        issuer: account.idp.entity_id(),
        entity_id: account.addresses.entity_id(),
        key: key.id(),
        certificates: certificates.map(|it| hex(it.fingerprint())).collect(),
        holder: holder.map(|holder| holder.to_string()),
    })
}

/// The pairs of an account, each with its key.
fn with_keys(account: &Account) -> impl Iterator<Item = (Pair, &TrustedKey)> {
    let keys = account.idp.signing_keys().iter();
    keys.flat_map(|key| Pair::all(account, [key]).into_iter().map(move |pair| (pair, key)))
}
