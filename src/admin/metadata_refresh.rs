//! `/sso/api/v1/accounts/{account}/metadata/refresh` and `…/staged/{id}`: the URL that metadata is
//! refreshed from, and the metadata from there that waits for approval.

use saml_verify::time::UnixTime;

use crate::account::refresh::Refreshed;
use crate::account::{load, refresh};
use crate::admin::metadata;
use crate::admin::metadata::NewMetadata;
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::metadata::{IdpSummary, RefreshStatus, StagedMetadata};
use crate::admin::wire::problem::Problem;
use crate::http::answer::Answer;
use crate::ledger::metadata::refresh_state::{RefreshState, Staged};
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::platform::context::{Platform, Service};

pub(super) async fn refresh_status(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = load::current(cx, account, now).await?;
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    let (RefreshState { last, .. }, staged) = refresh::staged(cx, account, &stored).await?;
    let summary = |Staged { id, at, metadata, .. }| {
        let idp = cx.metadata.parse(&metadata).map_err(Problem::Refused)?;
        Ok::<_, Problem>(StagedMetadata { id, at, idp: IdpSummary::of(&idp, now) })
    };
    let status = RefreshStatus {
        metadata_url: settings.metadata_url,
        new_certificates: settings.new_certificates,
        last,
        staged: staged.map(summary).transpose()?,
    };
    Ok(Answer::json(200, &status))
}

/// Fetches the metadata now.
pub(super) async fn post_refresh(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    match refresh::refresh_now(cx, account, &call.reference, call.now).await? {
        Refreshed::Unfollowed => Err(Problem::MetadataUrlAbsent),
        Refreshed::Accepted
        | Refreshed::Dismissed
        | Refreshed::Failed(_)
        | Refreshed::Staged
        | Refreshed::Unchanged => refresh_status(cx, account, call.now).await,
    }
}

pub(super) async fn staged_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let staged = find_staged(cx, account, id, now).await?;
    Ok(Answer::stored_metadata(staged.metadata))
}

/// Puts staged metadata in force.
pub(super) async fn approve_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let Staged { url, metadata: xml, .. } = find_staged(cx, account, id, call.now).await?;
    let new = NewMetadata { xml: Some(xml), url: Some(&url) };
    metadata::replace_metadata(cx, account, new, call).await
}

pub(super) async fn dismiss_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    match refresh::dismiss(cx, account, id, call.cause()).await? {
        true => Ok(Answer::no_content()),
        false => Err(Problem::StagedUnknown),
    }
}

async fn find_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    now: UnixTime,
) -> Result<Staged, Problem> {
    let stored = load::current(cx, account, now).await?;
    refresh::waiting(cx, account, &stored, id).await?.ok_or(Problem::StagedUnknown)
}
