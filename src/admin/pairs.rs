//! `/sso/api/v1/accounts/{account}/pairs`: which account has what several could have.

use saml_verify::dsig::TrustedKey;
use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::entity_id_claim::Pair;
use crate::account::load::Account;
use crate::account::{change, journal};
use crate::admin::problem::Problem;
use crate::error::{Denial, Error};
use crate::http::answer::Answer;
use crate::ledger::audit_log::WriteDown;
use crate::ledger::entity_ids::{FindHolder, TakePair};
use crate::ledger::port::{Ledger, LedgerName};
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

/// A key of the account's IdP, and the account that it signs in to.
#[derive(Serialize)]
struct Held<'a> {
    id: &'a str,
    issuer: &'a str,
    entity_id: &'a str,
    /// SHA-256 of the public key.
    key: String,
    /// SHA-256 of the certificates that have it.
    certificates: Vec<String>,
    /// `None` if no user has signed in with it yet.
    holder: Option<String>,
}

#[derive(Serialize)]
struct All<'a> {
    pairs: Vec<Held<'a>>,
}

/// All pairs that the account could have; none where its addresses are no other account's.
pub(super) async fn pairs(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let account = account_of_pairs(cx, account, now).await?;
    let found: Vec<_> = with_keys(&account).collect();
    let mut pairs = Vec::with_capacity(found.len());
    for (pair, key) in &found {
        pairs.push(held(cx, &account, pair, key).await?);
    }
    Ok(Answer::json(200, &All { pairs }))
}

/// Gives the account a pair, whichever account has it.
///
/// That is written down first, for both of them: no pair moves without it, though of one that could
/// not be moved it may stand there too.
pub(super) async fn give_pair(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let account = account_of_pairs(cx, account, now).await?;
    let (pair, key) =
        with_keys(&account).find(|(pair, _)| pair.as_str() == id).ok_or(Problem::PairUnknown)?;
    let from = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &FindHolder).await?;
    if from.as_ref() != Some(&account.id) {
        let loser = from.as_ref().map(|from| (from, "taken"));
        for (account, action) in loser.into_iter().chain([(&account.id, "given")]) {
            let noted = journal::noted_pair(cx, account, id, action, reference, now);
            cx.ledger.ask(account, &WriteDown(noted)).await?;
        }
    }
    let take = TakePair { account: account.id.clone(), from };
    let holder = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &take).await?;
    // A login elsewhere has taken it at this very moment.
    if holder != account.id {
        return Err(Denial::EntityIdTaken.into());
    }
    Ok(Answer::json(200, &held(cx, &account, &pair, key).await?))
}

/// The account as its ledger knows it. An account that cannot sign users in has no pairs.
async fn account_of_pairs(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Account, Problem> {
    let stored = change::current(cx, account, now).await?;
    match Account::of(account.clone(), &stored, cx.metadata, cx.config, now) {
        Ok(account) => Ok(account),
        Err(Error::Denied(Denial::SsoNotEnabled)) => Err(Problem::MetadataAbsent),
        Err(error) => Err(error.into()),
    }
}

async fn held<'a>(
    cx: &Service<'_, impl Platform>,
    account: &'a Account,
    pair: &'a Pair,
    key: &TrustedKey,
) -> Result<Held<'a>, Problem> {
    let has_key = |it: &&saml_verify::dsig::Certificate| it.key() == Ok(key);
    let certificates = account.idp.certificates().iter().filter(has_key);
    let holder = cx.ledger.ask(LedgerName::Pair(pair.as_str()), &FindHolder).await?;
    Ok(Held {
        id: pair.as_str(),
        issuer: account.idp.entity_id(),
        entity_id: account.addresses.entity_id(),
        key: key.id(),
        certificates: certificates.map(|it| hex(it.fingerprint())).collect(),
        holder: holder.map(|holder| holder.to_string()),
    })
}

/// The pairs of an account with the keys that they are of.
fn with_keys(account: &Account) -> impl Iterator<Item = (Pair, &TrustedKey)> {
    let keys = account.idp.signing_keys().iter();
    keys.flat_map(|key| Pair::all(account, [key]).into_iter().map(move |pair| (pair, key)))
}
