//! `/sso/api/v1/accounts/{account}/metadata`: the metadata in force, which is the trust anchor of
//! an account.

use saml_verify::decode_document;
use saml_verify::time::UnixTime;

use crate::account::change::Edit;
use crate::account::refresh::following;
use crate::account::{change, load, refresh};
use crate::admin::wire::account::Deleted;
use crate::admin::wire::body::{JSON, METADATA};
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::conditions::{etag, require_seen};
use crate::admin::wire::metadata::{IdpSummary, StoredMetadata};
use crate::admin::wire::problem::Problem;
use crate::admin::wire::{body, metadata};
use crate::http::answer::Answer;
use crate::limits::{OWN_FORM_OCTETS, STORED_METADATA_OCTETS};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

/// The metadata to put in force, and the URL that it is refreshed from afterwards.
pub(super) struct NewMetadata<'a> {
    pub(super) xml: Option<String>,
    pub(super) url: Option<&'a str>,
}

pub(super) async fn metadata_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = load::current(cx, account, now).await?;
    let etag = etag(&stored);
    let xml = stored.metadata.ok_or(Problem::MetadataAbsent)?;
    Ok(Answer::stored_metadata(xml).tagged(&etag))
}

/// Stores metadata from the body; or fetches it from the URL in the body, and keeps refreshing it
/// from there.
pub(super) async fn put_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Result<Answer, Problem> {
    let (xml, url) = match body::require_type(call.request, &METADATA)? {
        JSON => {
            let url = metadata::url(&body::read(body, OWN_FORM_OCTETS).await?)?;
            (refresh::fetch_usable(cx, &url, call.now).await?.xml, Some(url))
        }
        _ => {
            let octets = body::read(body, STORED_METADATA_OCTETS).await?;
            (decode_document(octets).map_err(Problem::Refused)?, None)
        }
    };
    let new = NewMetadata { xml: Some(xml), url: url.as_deref() };
    replace_metadata(cx, account, new, call).await
}

pub(super) async fn delete_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    replace_metadata(cx, account, NewMetadata { xml: None, url: None }, call).await
}

/// Replaces the metadata, under the condition of If-Match.
pub(super) async fn replace_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    NewMetadata { xml, url }: NewMetadata<'_>,
    call: &ApiCall<'_>,
) -> Result<Answer, Problem> {
    let now = call.now;
    let before = &load::current(cx, account, now).await?;
    let exists = before.metadata.is_some();
    if !exists && xml.is_none() {
        return Err(Problem::MetadataAbsent);
    }
    require_seen(call.request, before, exists)?;
    let settings = match url {
        Some(url) => following::following_url(before, url, None)?,
        None => following::unfollowed(before)?,
    };
    let after = &Stored { metadata: xml, settings };
    let ended = change::change(cx, account, Edit { before, after }, call.cause()).await?;
    let Some(xml) = &after.metadata else {
        return Ok(Answer::json(200, &Deleted::of(ended)));
    };
    let idp = cx.metadata.parse(xml).map_err(Problem::Refused)?;
    let status = if exists { 200 } else { 201 };
    let stored = StoredMetadata { idp: IdpSummary::of(&idp, now), sessions_ended: ended.sessions };
    Ok(Answer::json(status, &stored).tagged(&etag(after)))
}
