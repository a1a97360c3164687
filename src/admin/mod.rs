//! The admin API under `/sso/api/v1/`: for the operator's programs, with a bearer token.
//!
//! Without the secret `ADMIN_TOKEN` there is no API: all of its paths are 404, as unknown paths
//! are. So a deployment that needs no API exposes none, and a missing secret is not mistaken for a
//! wrong token. With the secret, every path of the API is 401 without the token.

pub(crate) mod account_deletion;
pub(crate) mod account_settings;
pub(crate) mod accounts;
pub(crate) mod audit_events;
pub(crate) mod metadata;
pub(crate) mod metadata_refresh;
pub(crate) mod metadata_versions;
pub(crate) mod pairs;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod users;
pub(crate) mod wire;

use crate::admin::wire::call::ApiCall;
use crate::admin::wire::problem;
use crate::admin::wire::problem::Problem;
use crate::encoding::hex;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::method::{Method, allow};
use crate::http::reply::Reply;
use crate::http::routes::api::Resource;
use crate::log::LogLine;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

/// The API in OpenAPI 3.1, written by hand. Tests compare it with the answers.
const DESCRIPTION: &str = include_str!("openapi.json");

/// Answers a call of the API, once its token is verified.
pub(crate) async fn administer(
    cx: &Service<'_, impl Platform>,
    resource: &Resource,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Reply {
    let Some(tokens) = &cx.config.admin_tokens else {
        return Answer::not_found().into();
    };
    let answered = if tokens.admit(call.request.authorization) {
        dispatch(cx, resource, call, body).await
    } else {
        Err(Problem::TokenInvalid)
    };
    match answered {
        Ok(answer) if call.request.method.is_read() => answer.into(),
        Ok(answer) => {
            let log = LogLine::changed_by_api(resource.account(), &call.reference).line();
            Reply { log, answer }
        }
        Err(problem) => refuse_call(cx, &problem, resource.account(), call.entropy),
    }
}

/// Answers a call with a problem, or 404 without `ADMIN_TOKEN`.
pub(crate) fn refuse_call(
    cx: &Service<'_, impl Platform>,
    problem: &Problem,
    account: Option<&AccountId>,
    entropy: &Entropy,
) -> Reply {
    if cx.config.admin_tokens.is_none() {
        return Answer::not_found().into();
    }
    let reference = &hex(&entropy.reference);
    let event = if matches!(problem, Problem::Fault(_)) { "fault" } else { "api_refused" };
    let detail = match problem {
        Problem::Denied(denial) => denial.detail(),
        problem => problem.to_string(),
    };
    let event = LogLine::of_api(event, (problem.code(), detail), account, reference);
    Reply { log: event.line(), answer: problem::answer(problem, reference) }
}

async fn dispatch(
    cx: &Service<'_, impl Platform>,
    resource: &Resource,
    call: &ApiCall<'_>,
    body: impl Body,
) -> Result<Answer, Problem> {
    let (method, query, now) = (call.request.method, call.request.query, call.now);
    let methods = resource.methods();
    if !methods.is_empty() && !methods.contains(&method) {
        return Err(Problem::MethodNotAllowed { allow: allow(methods) });
    }
    // A method that the resource does not take is refused by now. Where it takes several, its last
    // case is GET or HEAD: a method that is forgotten here would only read.
    match resource {
        Resource::Account(account) => match method {
            Method::Delete => account_deletion::delete_account(cx, account, call).await,
            Method::Patch => account_settings::patch_settings(cx, account, call, body).await,
            Method::Put => account_settings::put_settings(cx, account, call, body).await,
            _ => account_settings::settings_of(cx, account, now).await,
        },
        Resource::Accounts => accounts::list_accounts(cx, query).await,
        Resource::AuditEvents(account) => audit_events::audit_events(cx, account, query).await,
        Resource::Description => Ok(Answer::json_text(DESCRIPTION)),
        Resource::Metadata(account) => match method {
            Method::Delete => metadata::delete_metadata(cx, account, call).await,
            Method::Put => metadata::put_metadata(cx, account, call, body).await,
            _ => metadata::metadata_of(cx, account, now).await,
        },
        Resource::MetadataRefresh(account) if method == Method::Post => {
            metadata_refresh::post_refresh(cx, account, call).await
        }
        Resource::MetadataRefresh(account) => {
            metadata_refresh::refresh_status(cx, account, now).await
        }
        Resource::MetadataStaged(account, id) if method == Method::Delete => {
            metadata_refresh::dismiss_staged(cx, account, id, call).await
        }
        Resource::MetadataStaged(account, id) => {
            metadata_refresh::staged_metadata(cx, account, id, now).await
        }
        Resource::MetadataStagedApprove(account, id) => {
            metadata_refresh::approve_staged(cx, account, id, call).await
        }
        Resource::MetadataRestore(account, id) => {
            metadata_versions::restore_metadata(cx, account, *id, call).await
        }
        Resource::MetadataVersion(account, id) => {
            metadata_versions::metadata_version(cx, account, *id).await
        }
        Resource::MetadataVersions(account) => {
            metadata_versions::metadata_versions(cx, account).await
        }
        Resource::Pair(account, id) => pairs::give_pair(cx, account, id, call).await,
        Resource::Pairs(account) => pairs::pairs(cx, account, now).await,
        Resource::Session(account, sid) => sessions::end_session(cx, account, sid, now).await,
        Resource::Sessions(account) if method == Method::Delete => {
            sessions::end_sessions(cx, account, query, now).await
        }
        Resource::Sessions(account) => sessions::sessions(cx, account, query, now).await,
        Resource::SetupLink(account, id) => {
            setup_links::revoke_setup_link(cx, account, id, call).await
        }
        Resource::SetupLinks(account) if method == Method::Post => {
            setup_links::make_setup_link(cx, account, call, body).await
        }
        Resource::SetupLinks(account) => setup_links::setup_links(cx, account, now).await,
        Resource::Unknown => Err(Problem::PathUnknown),
        Resource::User(account, sub) => users::delete_user(cx, account, sub, call).await,
        Resource::Users(account) => users::users(cx, account, query).await,
    }
}
