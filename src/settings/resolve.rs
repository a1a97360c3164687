//! What a form names and does not say: an earlier version, what waits for a yes, what is at an
//! address.

use saml_verify::time::UnixTime;

use crate::account::{change, change_limit, refresh};
use crate::error::{Denial, Error, Fault};
use crate::ledger::turns::Turn;
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::context::{Platform, Service};
use crate::settings::edit::Edit;
use crate::settings::edit::unfit::Unfit;
use crate::settings::view::versions;

/// `edit` with the metadata that it names: that is shown, and shown again until somebody says yes
/// to it, whatever is published meanwhile.
pub(crate) async fn resolved(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    edit: &Edit,
    stored: &Stored,
    now: UnixTime,
) -> Result<Result<Edit, Unfit>, Error> {
    Ok(match edit {
        Edit::Approve(id) => approved(cx, account, id, stored).await?.ok_or(Unfit::StagedUnknown),
        Edit::Follow { url, new_certificates, metadata: None } => {
            return followed(cx, account, url, *new_certificates, stored, now).await;
        }
        Edit::Restore(id) => {
            versions::as_pasted(cx, account, id).await?.ok_or(Unfit::VersionUnknown)
        }
        Edit::Choices { .. }
        | Edit::Delete
        | Edit::EntityId(_)
        | Edit::Follow { .. }
        | Edit::Metadata(_) => Ok(edit.clone()),
    })
}

async fn approved(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    stored: &Stored,
) -> Result<Option<Edit>, Fault> {
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    let staged = refresh::waiting(cx, account, stored, id).await?;
    Ok(staged.map(|it| Edit::found(&it.url, settings.new_certificates, &it.metadata)))
}

/// Nobody is asked where the address stays as it is: [`act`](crate::settings::act) looks there.
async fn followed(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    url: &str,
    new_certificates: NewCertificates,
    stored: &Stored,
    now: UnixTime,
) -> Result<Result<Edit, Unfit>, Error> {
    let known = AccountSettings::stored(stored.settings.as_deref())?.metadata_url;
    if url.is_empty() && known.is_none() {
        return Ok(Err(Unfit::AddressAbsent));
    }
    let stays = stored.metadata.is_some() && known.as_deref() == Some(url);
    if url.is_empty() || stays {
        let url = url.to_owned();
        return Ok(Ok(Edit::Follow { url, new_certificates, metadata: None }));
    }
    if let Err(unfit) = turn(cx, account, Turn::Look, now).await? {
        return Ok(Err(unfit));
    }
    match refresh::fetch_usable(cx, url, now).await {
        Ok(found) => Ok(Ok(Edit::found(url, new_certificates, &found.xml))),
        Err(Error::Refused(refusal)) => Ok(Err(Unfit::Published(refusal))),
        Err(Error::Denied(denial)) => Ok(Err(Unfit::Address(denial))),
        Err(error @ (Error::Fault(_) | Error::Metadata(_) | Error::Opened(_))) => Err(error),
    }
}

/// Reports a conflict with another account before the change is shown for confirmation.
pub(crate) async fn judged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    edit: &Edit,
    made: &change::Edit<'_>,
    now: UnixTime,
) -> Result<Result<(), Unfit>, Error> {
    match change::judge(cx, account, made, now).await {
        Ok(()) => Ok(Ok(())),
        Err(Error::Denied(Denial::EntityIdTaken)) => Ok(Err(Unfit::EntityIdTaken(edit.field()))),
        Err(error) => Err(error),
    }
}

/// Takes a turn, or says why that cannot be.
pub(crate) async fn turn(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    turn: Turn,
    now: UnixTime,
) -> Result<Result<(), Unfit>, Error> {
    match change_limit::take_turn(cx, account, turn, now).await {
        Ok(()) => Ok(Ok(())),
        Err(Error::Denied(denial)) => Ok(Err(Unfit::TooOften(denial))),
        Err(error) => Err(error),
    }
}
