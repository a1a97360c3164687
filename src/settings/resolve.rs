//! What a form only names: an earlier version, staged metadata, the metadata at an address.

use saml_verify::time::UnixTime;

use crate::account::{change, change_limit, refresh};
use crate::error::denial::AccountDenial;
use crate::error::{Denial, Error};
use crate::ledger::audit::cause::Cause;
use crate::ledger::changes::turns::Turn;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::settings::edit::Edit;
use crate::settings::edit::invalid::{EditError, InvalidEdit};
use crate::settings::view::versions;

/// `edit` with the metadata that it names. The review shows this metadata, and its form carries
/// it: a later publication changes nothing about what is confirmed.
pub(crate) async fn resolve(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    edit: &Edit,
    stored: &Stored,
    now: UnixTime,
) -> Result<Edit, EditError> {
    match edit {
        Edit::Approve(id) => approved(cx, account, id, stored).await,
        Edit::Follow { url, new_certificates, metadata: None } => {
            if is_fetched(url, stored)? {
                fetched(cx, account, url, *new_certificates, now).await
            } else {
                Ok(edit.clone())
            }
        }
        Edit::Restore(id) => {
            let version = versions::as_pasted(cx, account, id).await?;
            Ok(version.ok_or(InvalidEdit::VersionUnknown)?)
        }
        Edit::Choices { .. }
        | Edit::Delete
        | Edit::EntityId(_)
        | Edit::Follow { .. }
        | Edit::Metadata(_) => Ok(edit.clone()),
    }
}

async fn approved(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    stored: &Stored,
) -> Result<Edit, EditError> {
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    let staged = refresh::waiting(cx, account, stored, id).await?;
    let staged = staged.ok_or(InvalidEdit::StagedUnknown)?;
    Ok(Edit::found(&staged.url, settings.new_certificates, &staged.metadata))
}

/// Whether metadata is fetched from `url`. It is not if the address stays as it is: the
/// [refresh](crate::settings::action) fetches from there.
fn is_fetched(url: &str, stored: &Stored) -> Result<bool, EditError> {
    let known = AccountSettings::stored(stored.settings.as_deref())?.metadata_url;
    if url.is_empty() && known.is_none() {
        return Err(InvalidEdit::AddressAbsent.into());
    }
    let stays = stored.metadata.is_some() && known.as_deref() == Some(url);
    Ok(!url.is_empty() && !stays)
}

async fn fetched(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    url: &str,
    new_certificates: NewCertificates,
    now: UnixTime,
) -> Result<Edit, EditError> {
    take_turn(cx, account, Turn::Look, now).await?;
    match refresh::fetch_usable(cx, url, now).await {
        Ok(found) => Ok(Edit::found(url, new_certificates, &found.xml)),
        Err(Error::Refused(refusal)) => Err(InvalidEdit::Published(refusal).into()),
        Err(Error::Denied(denial)) => Err(InvalidEdit::Address(denial).into()),
        Err(error @ (Error::Fault(_) | Error::Metadata(_) | Error::Opened(_))) => Err(error.into()),
    }
}

/// Reports a conflict with another account before the change is shown for confirmation.
pub(crate) async fn judge(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    edit: &Edit,
    made: change::Edit<'_>,
    cause: Cause<'_>,
) -> Result<(), EditError> {
    match change::judge(cx, account, made, cause).await {
        Err(Error::Denied(Denial::Account(AccountDenial::EntityIdTaken))) => {
            Err(InvalidEdit::EntityIdTaken(edit.field()).into())
        }
        judged => Ok(judged?),
    }
}

/// Counts a turn, unless there were too many.
pub(crate) async fn take_turn(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    turn: Turn,
    now: UnixTime,
) -> Result<(), EditError> {
    match change_limit::take_turn(cx, account, turn, now).await {
        Err(Error::Denied(denial)) => Err(InvalidEdit::TooOften(denial).into()),
        taken => Ok(taken?),
    }
}
