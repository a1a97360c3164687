//! `/sso/api/v1/accounts/{account}/metadata/versions`: earlier metadata of an account.

use crate::admin::metadata;
use crate::admin::metadata::NewMetadata;
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::lists::MetadataVersions;
use crate::admin::wire::problem::Problem;
use crate::http::answer::Answer;
use crate::ledger::changes::versions::{FindVersion, ListVersions};
use crate::ledger::port::Ledger;
use crate::model::account_id::AccountId;
use crate::platform::context::{Platform, Service};

pub(super) async fn metadata_versions(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
) -> Result<Answer, Problem> {
    let versions = cx.ledger.ask(account, &ListVersions).await?;
    Ok(Answer::json(200, &MetadataVersions { versions }))
}

pub(super) async fn metadata_version(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
) -> Result<Answer, Problem> {
    Ok(Answer::stored_metadata(xml_of_version(cx, account, id).await?))
}

/// Puts the metadata of a version in force again. Of the settings, only `metadata_url` changes.
pub(super) async fn restore_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let new = NewMetadata { xml: Some(xml_of_version(cx, account, id).await?), url: None };
    metadata::replace_metadata(cx, account, new, call).await
}

async fn xml_of_version(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
) -> Result<String, Problem> {
    let version = cx.ledger.ask(account, &FindVersion { id }).await?;
    version.and_then(|stored| stored.metadata).ok_or(Problem::VersionUnknown)
}
