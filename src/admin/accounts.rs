//! `/sso/api/v1/accounts` and `/sso/api/v1/accounts/{account}`: which accounts there are, and the
//! settings of each.

use saml_verify::time::UnixTime;
use serde::Serialize;
use serde_json::Value;

use crate::account::change;
use crate::account::change::Edit;
use crate::admin::account_list::{AccountLine, Place};
use crate::admin::conditions::{etag, require_seen};
use crate::admin::json::{JSON, Object};
use crate::admin::problem::Problem;
use crate::admin::{content, json, page};
use crate::config::parse::Config;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::{Answer, field};
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::limits::OWN_FORM_OCTETS;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

/// RFC 7396.
const MERGE_PATCH: &str = "application/merge-patch+json";

/// The settings that are in force now. They leave the metadata as it is, so that nothing but
/// sessions can end with them.
#[derive(Serialize)]
struct Changed {
    #[serde(flatten)]
    settings: Object,
    #[serde(skip_serializing_if = "Option::is_none")]
    sessions_ended: Option<usize>,
}

#[derive(Serialize)]
struct List {
    accounts: Vec<AccountLine>,
    next_cursor: Option<String>,
}

/// One page, in the order of their ids. What was changed a minute ago may not show yet.
pub(super) async fn list_accounts(
    cx: &Service<'_, impl Platform>,
    query: Option<&str>,
) -> Result<Answer, Problem> {
    let limit = page::limit(query)?;
    let place = match field(query, "cursor") {
        Some(text) => {
            let place = Place::parse(&text, &cx.config.keys.cursor);
            place.ok_or(Problem::CursorInvalid)?
        }
        None => Place::default(),
    };
    let (accounts, next) = place.page(cx.accounts, limit).await?;
    let next_cursor = next.map(|place| place.to_text(&cx.config.keys.cursor));
    Ok(Answer::json(200, &List { accounts, next_cursor }))
}

pub(super) async fn settings_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = existing(cx, account, now).await?;
    Ok(Answer::json(200, &settings(&stored)?).tagged(&etag(&stored)))
}

pub(super) async fn put_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    content::require_type(request, &[JSON])?;
    let octets = content::read(body, OWN_FORM_OCTETS).await?;
    let wanted = accepted(json::object(&octets)?, cx.config)?;
    let before = &change::current(cx, account, now).await?;
    let exists = *before != Stored::default();
    require_seen(request, before, exists)?;
    let status = if exists { 200 } else { 201 };
    store_settings(cx, account, before, wanted, status, reference, now).await
}

pub(super) async fn patch_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    request: &Request<'_>,
    body: impl Body,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    content::require_type(request, &[MERGE_PATCH])?;
    let octets = content::read(body, OWN_FORM_OCTETS).await?;
    let patch = json::object(&octets)?;
    let before = &existing(cx, account, now).await?;
    require_seen(request, before, true)?;
    let mut wanted = settings(before)?;
    merge(&mut wanted, patch);
    let wanted = accepted(wanted, cx.config)?;
    store_settings(cx, account, before, wanted, 200, reference, now).await
}

async fn store_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    before: &Stored,
    wanted: Object,
    status: u16,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let settings = Some(Value::Object(wanted.clone()).to_string());
    let after = Stored { metadata: before.metadata.clone(), settings };
    let edit = Edit { before, after: &after, actor: Actor::Operator, reference };
    let ended = change::change(cx, account, &edit, now).await.map_err(|error| match error {
        // What is left to be wrong with settings that were read.
        Error::Fault(Fault::SettingsInvalid(reason)) => {
            Problem::JsonInvalid { field: Some("entity_id".to_owned()), reason }
        }
        Error::Denied(denial @ Denial::MetadataUrlForbidden) => Problem::JsonInvalid {
            field: Some("metadata_url".to_owned()),
            reason: denial.to_string(),
        },
        error => error.into(),
    })?;
    let sessions_ended = Some(ended.sessions).filter(|count| *count > 0);
    let changed = Changed { settings: wanted, sessions_ended };
    Ok(Answer::json(status, &changed).tagged(&etag(&after)))
}

async fn existing(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Stored, Problem> {
    let stored = change::current(cx, account, now).await?;
    if stored == Stored::default() { Err(Problem::AccountAbsent) } else { Ok(stored) }
}

fn settings(stored: &Stored) -> Result<Object, Fault> {
    let json = stored.settings.as_deref().unwrap_or("{}");
    AccountSettings::parse(json)?;
    stored.settings_object()
}

fn accepted(wanted: Object, config: &Config) -> Result<Object, Problem> {
    let read = |settings: Value| AccountSettings::parse(&settings.to_string());
    let roles = json::fields(&wanted, read)?.unknown_roles(config.roles());
    match roles.into_iter().next() {
        Some(reason) => Err(Problem::JsonInvalid { field: Some("roles".to_owned()), reason }),
        None => Ok(wanted),
    }
}

/// RFC 7396 §2, to the depth that settings have: what a patch would add below is refused with them.
fn merge(target: &mut Object, patch: Object) {
    for (name, value) in patch {
        match value {
            Value::Object(inner) => {
                let place = target.entry(name).or_insert(Value::Null);
                let mut merged = place.as_object().cloned().unwrap_or_default();
                inner.into_iter().for_each(|(name, value)| set(&mut merged, name, value));
                *place = Value::Object(merged);
            }
            value => set(target, name, value),
        }
    }
}

fn set(target: &mut Object, name: String, value: Value) {
    if value.is_null() {
        target.remove(&name);
    } else {
        target.insert(name, value);
    }
}
