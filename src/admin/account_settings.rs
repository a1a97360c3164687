//! `/sso/api/v1/accounts/{account}`: the settings of an account.

use saml_verify::time::UnixTime;
use serde_json::Value;

use crate::account::change::Edit;
use crate::account::{change, load};
use crate::admin::wire::account::ChangedSettings;
use crate::admin::wire::body;
use crate::admin::wire::body::{JSON, MERGE_PATCH, Object};
use crate::admin::wire::call::ApiCall;
use crate::admin::wire::conditions::{etag, require_seen};
use crate::admin::wire::problem::Problem;
use crate::config::parse::Config;
use crate::error::denial::FetchDenial;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;
use crate::limits::OWN_FORM_OCTETS;
use crate::model::account_id::AccountId;
use crate::model::settings::AccountSettings;
use crate::model::stored::Stored;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

pub(super) async fn settings_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = existing(cx, account, now).await?;
    Ok(Answer::json(200, &settings(&stored)?).tagged(&etag(&stored)))
}

/// Replaces all settings.
pub(super) async fn put_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Result<Answer, Problem> {
    body::require_type(call.request, &[JSON])?;
    let octets = body::read(body, OWN_FORM_OCTETS).await?;
    let wanted = accepted(body::object(&octets)?, cx.config)?;
    let before = &load::current(cx, account, call.now).await?;
    let exists = *before != Stored::default();
    require_seen(call.request, before, exists)?;
    let changed = store(cx, account, before, wanted, call).await?;
    Ok(changed.answer(if exists { 200 } else { 201 }))
}

/// Changes the settings that the body names.
pub(super) async fn patch_settings(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Result<Answer, Problem> {
    body::require_type(call.request, &[MERGE_PATCH])?;
    let octets = body::read(body, OWN_FORM_OCTETS).await?;
    let patch = body::object(&octets)?;
    let before = &existing(cx, account, call.now).await?;
    require_seen(call.request, before, true)?;
    let mut wanted = settings(before)?;
    merge(&mut wanted, patch);
    let wanted = accepted(wanted, cx.config)?;
    Ok(store(cx, account, before, wanted, call).await?.answer(200))
}

/// Settings that were stored, and the entity tag of the account with them.
struct Changed {
    settings: ChangedSettings,
    etag: String,
}

impl Changed {
    fn answer(&self, status: u16) -> Answer {
        Answer::json(status, &self.settings).tagged(&self.etag)
    }
}

async fn store(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    before: &Stored,
    wanted: Object,
    call: &ApiCall<'_>,
) -> Result<Changed, Problem> {
    let settings = Some(Value::Object(wanted.clone()).to_string());
    let after = Stored { metadata: before.metadata.clone(), settings };
    let edit = Edit { before, after: &after };
    let ended = change::change(cx, account, edit, call.cause()).await.map_err(invalid)?;
    let sessions_ended = Some(ended.sessions).filter(|count| *count > 0);
    let settings = ChangedSettings { settings: wanted, sessions_ended };
    Ok(Changed { settings, etag: etag(&after) })
}

/// Names the field that is wrong with settings that could be read.
fn invalid(error: Error) -> Problem {
    let (field, reason) = match error {
        Error::Fault(Fault::SettingsInvalid(invalid)) => {
            (invalid.setting().map(|it| it.to_string()), invalid.to_string())
        }
        Error::Denied(Denial::Fetch(denial @ FetchDenial::MetadataUrlForbidden)) => {
            (Some("metadata_url".to_owned()), denial.to_string())
        }
        error => return error.into(),
    };
    Problem::JsonInvalid { field, reason }
}

async fn existing(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Stored, Problem> {
    let stored = load::current(cx, account, now).await?;
    if stored == Stored::default() { Err(Problem::AccountAbsent) } else { Ok(stored) }
}

fn settings(stored: &Stored) -> Result<Object, Fault> {
    let json = stored.settings.as_deref().unwrap_or("{}");
    AccountSettings::parse(json)?;
    stored.settings_object()
}

fn accepted(wanted: Object, config: &Config) -> Result<Object, Problem> {
    let read = |settings: Value| AccountSettings::parse(&settings.to_string());
    let roles = body::fields(&wanted, read)?.unknown_roles(config.roles());
    match roles.into_iter().next() {
        Some(reason) => Err(Problem::JsonInvalid { field: Some("roles".to_owned()), reason }),
        None => Ok(wanted),
    }
}

/// Applies a patch (RFC 7396 §2) to the depth that settings have. Deeper values fail the check of
/// the settings.
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
