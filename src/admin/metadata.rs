//! `/sso/api/v1/accounts/{account}/metadata`: the trust anchor of an account, and what it was
//! before.

use saml_verify::decode_document;
use saml_verify::dsig::Certificate;
use saml_verify::encoding::hex;
use saml_verify::saml::{IdpMetadata, Warning};
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::account::change::Edit;
use crate::account::refresh::following;
use crate::account::{change, refresh};
use crate::admin::conditions::{etag, require_seen};
use crate::admin::content::METADATA;
use crate::admin::deletion::Deleted;
use crate::admin::json::JSON;
use crate::admin::problem::Problem;
use crate::admin::{content, json};
use crate::http::answer::Answer;
use crate::http::request::Request;
use crate::ledger::audit::{Actor, AuditEvent};
use crate::ledger::port::Ledger;
use crate::ledger::versions::{FindVersion, ListVersions};
use crate::limits::{OWN_FORM_OCTETS, STORED_METADATA_OCTETS};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

/// What was read out of metadata.
#[derive(Serialize)]
pub(super) struct Idp {
    entity_id: String,
    certificates: Vec<Line>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    fingerprint: String,
    subject: String,
    not_before: Option<String>,
    not_after: Option<String>,
}

/// What was read out of metadata that is in force now, and what ended with what was.
#[derive(Serialize)]
struct Replaced {
    #[serde(flatten)]
    idp: Idp,
    sessions_ended: usize,
}

/// What is to be in force, and the address that it follows from now on.
pub(super) struct Wanted<'a> {
    pub(super) metadata: Option<String>,
    pub(super) url: Option<&'a str>,
}

/// Where metadata is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    url: Option<String>,
}

impl Source {
    fn read(octets: &[u8]) -> Result<String, Problem> {
        let missing = || Problem::JsonInvalid {
            field: Some("url".to_owned()),
            reason: "url is missing".to_owned(),
        };
        let Self { url } = json::typed(octets)?;
        url.ok_or_else(missing)
    }
}

#[derive(Serialize)]
struct Versions {
    versions: Vec<AuditEvent>,
}

impl Idp {
    pub(super) fn of(idp: &IdpMetadata, now: UnixTime) -> Self {
        let line = |it: &Certificate| Line {
            fingerprint: hex(it.fingerprint()),
            subject: it.subject().to_owned(),
            not_before: it.not_before().to_xml(),
            not_after: it.not_after().to_xml(),
        };
        Self {
            entity_id: idp.entity_id().to_owned(),
            certificates: idp.certificates().iter().map(line).collect(),
            warnings: idp.warnings(now).iter().map(Warning::to_string).collect(),
        }
    }
}

pub(super) async fn metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = change::current(cx, account, now).await?;
    let etag = etag(&stored);
    let xml = stored.metadata.ok_or(Problem::MetadataAbsent)?;
    Ok(Answer::stored_metadata(xml).tagged(&etag))
}

/// Stores what is sent; or what is at the address that is sent, and follows that.
pub(super) async fn put_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let (xml, url) = match content::require_type(request, &METADATA)? {
        JSON => {
            let url = Source::read(&content::read(body, OWN_FORM_OCTETS).await?)?;
            (refresh::fetch_usable(cx, &url, now).await?.xml, Some(url))
        }
        _ => {
            let octets = content::read(body, STORED_METADATA_OCTETS).await?;
            (decode_document(octets).map_err(Problem::Refused)?, None)
        }
    };
    let wanted = Wanted { metadata: Some(xml), url: url.as_deref() };
    replace_metadata(cx, account, wanted, request, reference, now).await
}

pub(super) async fn delete_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let wanted = Wanted { metadata: None, url: None };
    replace_metadata(cx, account, wanted, request, reference, now).await
}

pub(super) async fn metadata_versions(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
) -> Result<Answer, Problem> {
    let versions = cx.ledger.ask(account, &ListVersions).await?;
    Ok(Answer::json(200, &Versions { versions }))
}

pub(super) async fn metadata_version(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
) -> Result<Answer, Problem> {
    Ok(Answer::stored_metadata(kept(cx, account, id).await?))
}

/// Stores the metadata of a version anew. Settings stay as they are, but for its address.
pub(super) async fn restore_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
    request: &Request<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let wanted = Wanted { metadata: Some(kept(cx, account, id).await?), url: None };
    replace_metadata(cx, account, wanted, request, reference, now).await
}

async fn kept(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: i64,
) -> Result<String, Problem> {
    let version = cx.ledger.ask(account, &FindVersion { id }).await?;
    version.and_then(|stored| stored.metadata).ok_or(Problem::VersionUnknown)
}

pub(super) async fn replace_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    Wanted { metadata, url }: Wanted<'_>,
    request: &Request<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let before = &change::current(cx, account, now).await?;
    let exists = before.metadata.is_some();
    if !exists && metadata.is_none() {
        return Err(Problem::MetadataAbsent);
    }
    require_seen(request, before, exists)?;
    let settings = match url {
        Some(url) => following::following_url(before, url, None)?,
        None => following::unfollowed(before)?,
    };
    let after = &Stored { metadata, settings };
    let edit = Edit { before, after, actor: Actor::Operator, reference };
    let ended = change::change(cx, account, &edit, now).await?;
    let Some(xml) = &after.metadata else {
        return Ok(Answer::json(200, &Deleted::of(ended)));
    };
    let idp = cx.metadata.parse(xml).map_err(Problem::Refused)?;
    let status = if exists { 200 } else { 201 };
    let stored = Replaced { idp: Idp::of(&idp, now), sessions_ended: ended.sessions };
    Ok(Answer::json(status, &stored).tagged(&etag(after)))
}
