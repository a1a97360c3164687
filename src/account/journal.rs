//! What is written down of what is done to an account.

use saml_verify::time::UnixTime;

use crate::ledger::audit::{Actor, Entry};
use crate::ledger::events::Event;
use crate::ledger::expiries::Expiry;
use crate::ledger::following::Staged;
use crate::ledger::noted::Noted;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
/// What is written down of the setup link `id`, which is `created`, `opened` or `revoked`.
pub(crate) fn noted_setup_link(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    action: &str,
    actor: Actor<'_>,
    reference: &str,
    now: UnixTime,
) -> Noted {
    let actor = actor.to_string();
    noted(cx, account, Entry::of_setup_link(id, action, &actor, reference, now))
}

/// What is written down of the pair `id`, which is `given` to the account or `taken` from it.
pub(crate) fn noted_pair(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    action: &str,
    reference: &str,
    now: UnixTime,
) -> Noted {
    noted(cx, account, Entry::of_pair(id, action, reference, now))
}

/// What is written down of a certificate that expires.
pub(crate) fn noted_expiry(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    expiry: &Expiry,
    reference: &str,
    now: UnixTime,
) -> Noted {
    noted(cx, account, Entry::of_expiry(expiry, reference, now))
}

/// What is written down of metadata that is `staged` or `dismissed` instead of what is stored.
pub(crate) fn noted_staging(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    action: &str,
    of: (&Stored, &Staged),
    actor: Actor<'_>,
    reference: &str,
    now: UnixTime,
) -> Noted {
    noted(cx, account, Entry::of_staging(action, of, actor, reference, now))
}

/// What is written down where the user `sub` is erased; or all of the account, where there is none.
pub(crate) fn noted_erasure(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    sub: Option<&str>,
    reference: &str,
    now: UnixTime,
) -> Noted {
    let Some(sub) = sub else {
        return noted(cx, account, Entry::of_erasure("account.erased", reference, now));
    };
    let entry = Entry::of_erasure("user.deleted", reference, now);
    let is_heard = cx.config.webhook.is_some();
    let event = is_heard.then(|| Event::of_deletion(account.as_str(), &entry, sub)).flatten();
    Noted { entry, event }
}

pub(crate) fn noted(cx: &Service<'_, impl Platform>, account: &AccountId, entry: Entry) -> Noted {
    let is_heard = cx.config.webhook.is_some();
    let event = is_heard.then(|| Event::of_change(account.as_str(), &entry)).flatten();
    Noted { entry, event }
}
