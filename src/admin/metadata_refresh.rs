//! `/sso/api/v1/accounts/{account}/metadata/refresh` and `…/staged/{id}`: the address that metadata
//! follows, and what is published there and waits for approval.

use saml_verify::time::UnixTime;
use serde::Serialize;

use crate::account::refresh::Refreshed;
use crate::account::{change, refresh};
use crate::admin::metadata;
use crate::admin::metadata::{Idp, Wanted};
use crate::admin::problem::Problem;
use crate::http::answer::Answer;
use crate::http::request::Request;
use crate::ledger::audit::Actor;
use crate::ledger::following::{Following, LastRefresh, Staged};
use crate::model::account_id::AccountId;
use crate::model::new_certificates::NewCertificates;
use crate::model::settings::AccountSettings;
use crate::platform::context::{Platform, Service};

#[derive(Serialize)]
struct Refresh {
    metadata_url: Option<String>,
    new_certificates: NewCertificates,
    last: Option<Last>,
    staged: Option<StagedLine>,
}

#[derive(Serialize)]
struct Last {
    at: i64,
    code: String,
}

#[derive(Serialize)]
struct StagedLine {
    id: String,
    at: i64,
    #[serde(flatten)]
    idp: Idp,
}

impl Last {
    fn of(LastRefresh { at, code }: LastRefresh) -> Self {
        Self { at, code }
    }
}

/// What became of the account's address.
pub(super) async fn refresh_of(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let stored = change::current(cx, account, now).await?;
    let settings = AccountSettings::stored(stored.settings.as_deref())?;
    let (Following { last, .. }, staged) = refresh::staged(cx, account, &stored).await?;
    let line = |Staged { id, at, metadata, .. }| {
        let idp = cx.metadata.parse(&metadata).map_err(Problem::Refused)?;
        Ok::<_, Problem>(StagedLine { id, at, idp: Idp::of(&idp, now) })
    };
    let refresh = Refresh {
        metadata_url: settings.metadata_url,
        new_certificates: settings.new_certificates,
        last: last.map(Last::of),
        staged: staged.map(line).transpose()?,
    };
    Ok(Answer::json(200, &refresh))
}

/// Looks there now.
pub(super) async fn post_refresh(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    match refresh::refresh_now(cx, account, reference, now).await? {
        Refreshed::Unfollowed => Err(Problem::MetadataUrlAbsent),
        Refreshed::Accepted
        | Refreshed::Dismissed
        | Refreshed::Failed(_)
        | Refreshed::Staged
        | Refreshed::Unchanged => refresh_of(cx, account, now).await,
    }
}

pub(super) async fn staged_metadata(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let staged = known_staged(cx, account, id, now).await?;
    Ok(Answer::stored_metadata(staged.metadata))
}

/// Puts in force what waits.
pub(super) async fn approve_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    request: &Request<'_>,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let Staged { url, metadata, .. } = known_staged(cx, account, id, now).await?;
    let wanted = Wanted { metadata: Some(metadata), url: Some(&url) };
    metadata::replace_metadata(cx, account, wanted, request, reference, now).await
}

pub(super) async fn dismiss_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    reference: &str,
    now: UnixTime,
) -> Result<Answer, Problem> {
    match refresh::dismiss(cx, account, id, Actor::Operator, reference, now).await? {
        true => Ok(Answer::no_content()),
        false => Err(Problem::StagedUnknown),
    }
}

async fn known_staged(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    id: &str,
    now: UnixTime,
) -> Result<Staged, Problem> {
    let stored = change::current(cx, account, now).await?;
    refresh::waiting(cx, account, &stored, id).await?.ok_or(Problem::StagedUnknown)
}
