//! The admin API under `/sso/api/v1/`: for the operator's own programs, with a bearer token.
//!
//! Without `ADMIN_TOKEN` nothing is there: every path of it answers 404 as unknown ones do, so that
//! a deployment that needs no API has none to attack, and nobody takes a missing secret for a wrong
//! token. With it, nothing but a 401 is to be had without the token, whatever path of the API is
//! asked for.

pub(crate) mod account_list;
pub(crate) mod accounts;
pub(crate) mod audit_events;
pub(crate) mod conditions;
pub(crate) mod content;
pub(crate) mod deletion;
pub(crate) mod json;
pub(crate) mod metadata;
pub(crate) mod metadata_refresh;
pub(crate) mod page;
pub(crate) mod pairs;
pub(crate) mod problem;
pub(crate) mod sessions;
pub(crate) mod setup_links;
pub(crate) mod users;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::admin::problem::Problem;
use crate::http::answer::Answer;
use crate::http::api_routes::Resource;
use crate::http::entropy::Entropy;
use crate::http::method::{Method, allow};
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::log::Event;
use crate::model::account_id::AccountId;
use crate::platform::body::Body;
use crate::platform::context::{Platform, Service};

/// OpenAPI 3.1, by hand: what it says is tested against what is answered.
const DESCRIPTION: &str = include_str!("openapi.json");

pub(crate) async fn administer(
    cx: &Service<'_, impl Platform>,
    resource: &Resource,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Reply {
    let Some(tokens) = &cx.config.admin_tokens else {
        return Answer::not_found().into();
    };
    let answered = if tokens.admit(request.authorization) {
        reply_to_call(cx, resource, request, body, entropy, now).await
    } else {
        Err(Problem::TokenInvalid)
    };
    let reference = &hex(&entropy.reference);
    match answered {
        Ok(answer) if request.method.is_read() => answer.into(),
        Ok(answer) => {
            Reply { log: Event::changed_by_api(resource.account(), reference).line(), answer }
        }
        Err(problem) => refuse_call(cx, &problem, resource.account(), entropy),
    }
}

/// Without `ADMIN_TOKEN` there is nothing that could say no.
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
    Reply {
        log: {
            let event = if matches!(problem, Problem::Fault(_)) { "fault" } else { "api_refused" };
            let detail = match problem {
                Problem::Denied(denial) => denial.detail(),
                problem => problem.to_string(),
            };
            Event::of_api(event, (problem.code(), detail), account, reference).line()
        },
        answer: problem::answer(problem, reference),
    }
}

async fn reply_to_call(
    cx: &Service<'_, impl Platform>,
    resource: &Resource,
    request: &Request<'_>,
    body: impl Body,
    entropy: &Entropy,
    now: UnixTime,
) -> Result<Answer, Problem> {
    let methods = resource.methods();
    if !methods.is_empty() && !methods.contains(&request.method) {
        return Err(Problem::MethodNotAllowed { allow: allow(methods) });
    }
    let reference = &hex(&entropy.reference);
    match resource {
        Resource::Account(account) => match request.method {
            Method::Delete => deletion::delete_account(cx, account, request, reference, now).await,
            Method::Patch => {
                accounts::patch_settings(cx, account, request, body, reference, now).await
            }
            Method::Put => accounts::put_settings(cx, account, request, body, reference, now).await,
            _ => accounts::settings_of(cx, account, now).await,
        },
        Resource::Accounts => accounts::list_accounts(cx, request.query).await,
        Resource::AuditEvents(account) => {
            audit_events::audit_events(cx, account, request.query).await
        }
        Resource::Description => Ok(Answer::json_text(DESCRIPTION)),
        Resource::Metadata(account) => match request.method {
            Method::Delete => metadata::delete_metadata(cx, account, request, reference, now).await,
            Method::Put => metadata::put_metadata(cx, account, request, body, reference, now).await,
            _ => metadata::metadata(cx, account, now).await,
        },
        Resource::MetadataVersion(account, id) => {
            metadata::metadata_version(cx, account, *id).await
        }
        Resource::MetadataRefresh(account) if request.method == Method::Post => {
            metadata_refresh::post_refresh(cx, account, reference, now).await
        }
        Resource::MetadataRefresh(account) => metadata_refresh::refresh_of(cx, account, now).await,
        Resource::MetadataStaged(account, id) if request.method == Method::Delete => {
            metadata_refresh::dismiss_staged(cx, account, id, reference, now).await
        }
        Resource::MetadataStaged(account, id) => {
            metadata_refresh::staged_metadata(cx, account, id, now).await
        }
        Resource::MetadataStagedApprove(account, id) => {
            metadata_refresh::approve_staged(cx, account, id, request, reference, now).await
        }
        Resource::MetadataRestore(account, id) => {
            metadata::restore_metadata(cx, account, *id, request, reference, now).await
        }
        Resource::MetadataVersions(account) => metadata::metadata_versions(cx, account).await,
        Resource::Pair(account, id) => pairs::give_pair(cx, account, id, reference, now).await,
        Resource::Pairs(account) => pairs::pairs(cx, account, now).await,
        Resource::Session(account, sid) => sessions::end_session(cx, account, sid, now).await,
        Resource::Sessions(account) if request.method == Method::Delete => {
            sessions::end_sessions(cx, account, request.query, now).await
        }
        Resource::Sessions(account) => sessions::sessions(cx, account, request.query, now).await,
        Resource::SetupLink(account, id) => {
            setup_links::revoke_setup_link(cx, account, id, reference, now).await
        }
        Resource::SetupLinks(account) if request.method == Method::Post => {
            setup_links::make_setup_link(cx, account, request, body, entropy, now).await
        }
        Resource::SetupLinks(account) => setup_links::setup_links(cx, account, now).await,
        Resource::Unknown => Err(Problem::PathUnknown),
        Resource::User(account, sub) => users::delete_user(cx, account, sub, reference, now).await,
        Resource::Users(account) => users::users(cx, account, request.query).await,
    }
}
