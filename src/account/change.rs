//! The one way in which this service changes an account: its metadata, which is its trust anchor,
//! and its settings (rows G6, H12).
//!
//! Logins read the store, which keeps whatever is written last and may be a minute stale. So a
//! change goes through the account's ledger: one at a time, and only of the very state that it was
//! made from. Operators may write to the store themselves; the next change here notes what it
//! found.

use saml_verify::error::Refusal;

use crate::account::addresses::Addresses;
use crate::account::entity_id_claim;
use crate::account::load::Account;
use crate::error::Error;
use crate::error::denial::AccountDenial;
use crate::ledger::audit::cause::Cause;
use crate::ledger::changes::put::Put;
use crate::ledger::port::Ledger;
use crate::ledger::trust::narrowing::Ended;
use crate::limits::STORED_METADATA_OCTETS;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::platform::metadata_url::MetadataUrl;

/// A requested change of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edit<'a> {
    /// What [`load::current`](crate::account::load::current) gave. The maker of the change was
    /// shown its revision.
    pub(crate) before: &'a Stored,
    /// All that is to be stored.
    pub(crate) after: &'a Stored,
}

/// Changes `account` and returns what ended with that, or says why it must not be: what would
/// be stored could not be used ([`Error::Refused`],
/// [`Fault::SettingsInvalid`](crate::error::Fault::SettingsInvalid)), takes another
/// account's place at its IdP, or was made from what is stored no more.
pub(crate) async fn change(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    edit: Edit<'_>,
    cause: Cause<'_>,
) -> Result<Ended, Error> {
    judge(cx, account, edit, cause).await?;
    let put = Put {
        account: account.clone(),
        expected: edit.before.revision(),
        after: edit.after.clone(),
        actor: cause.actor.clone(),
        reference: cause.reference.to_owned(),
        is_heard: cx.config.webhook.is_some(),
        now: cause.now.seconds(),
    };
    let changed = cx.ledger.ask(account, &put).await?;
    if changed.made { Ok(changed.ended) } else { Err(AccountDenial::AccountChanged.into()) }
}

/// Says why the change must not be made, and makes none. Only what changes is judged: whoever mends
/// the settings need not mend the metadata first.
pub(crate) async fn judge(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    Edit { before, after }: Edit<'_>,
    Cause { actor, now, .. }: Cause<'_>,
) -> Result<(), Error> {
    if after.settings != before.settings {
        let settings = AccountSettings::stored(after.settings.as_deref())?;
        Addresses::of(account, &settings, cx.config)?;
        if let Some(url) = &settings.metadata_url {
            MetadataUrl::parse(url, cx.config)?;
        }
    }
    if let Some(xml) = after.metadata.as_deref().filter(|_| after.metadata != before.metadata) {
        if xml.len() > STORED_METADATA_OCTETS {
            return Err(Refusal::MessageTooLarge.into());
        }
        cx.metadata.parse(xml)?.require_unexpired(now)?;
    }
    let loaded = Account::of(account.clone(), after, cx.metadata, cx.config, now);
    match loaded {
        Ok(loaded) => entity_id_claim::require_free_for(cx, actor, &loaded, now).await,
        // Nobody can sign in to it, so it takes nobody's place.
        Err(_) => Ok(()),
    }
}
