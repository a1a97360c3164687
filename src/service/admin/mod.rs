//! The admin API under `/sso/api/v1/`: for the operator's own programs, with a bearer token.
//!
//! Without `ADMIN_TOKEN` nothing is there: every path of it answers 404 as unknown ones do, so that
//! a deployment that needs no API has none to attack, and nobody takes a missing secret for a wrong
//! token. With it, nothing but a 401 is to be had without the token, whatever path of the API is
//! asked for.

mod account_list;
mod accounts;
mod audit_events;
mod conditions;
mod content;
mod deletion;
mod json;
mod metadata;
mod metadata_refresh;
mod page;
mod pairs;
mod problem;
mod sessions;
mod setup_links;
mod token;
mod users;

use saml_verify::encoding::hex;
use saml_verify::time::UnixTime;

use crate::service::account::AccountId;
pub(crate) use crate::service::admin::problem::Problem;
pub(crate) use crate::service::admin::token::AdminTokens;
use crate::service::answer::Answer;
use crate::service::body::Body;
use crate::service::context::{Platform, Service};
use crate::service::log::Event;
use crate::service::pairs::is_pair;
use crate::service::place::place;
use crate::service::refresh::is_digest;
use crate::service::sessions::is_sid;
use crate::service::{Entropy, Reply, Request};

/// OpenAPI 3.1, by hand: what it says is tested against what is answered.
const DESCRIPTION: &str = include_str!("openapi.json");

/// What a path of the API names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// An account's settings.
    Account(AccountId),
    /// All accounts.
    Accounts,
    /// What was done to an account.
    AuditEvents(AccountId),
    /// What this API is, in OpenAPI.
    Description,
    /// The IdP metadata of an account.
    Metadata(AccountId),
    /// What became of its address.
    MetadataRefresh(AccountId),
    /// What is published there and waits for approval.
    MetadataStaged(AccountId, String),
    /// Approves it.
    MetadataStagedApprove(AccountId, String),
    /// One that it was.
    MetadataVersion(AccountId, i64),
    /// Makes it what it was.
    MetadataRestore(AccountId, i64),
    /// All that it was.
    MetadataVersions(AccountId),
    /// One of them.
    Pair(AccountId, String),
    /// Which account has what this one could have.
    Pairs(AccountId),
    /// A session of an account.
    Session(AccountId, String),
    /// The sessions of an account.
    Sessions(AccountId),
    /// One of them.
    SetupLink(AccountId, String),
    /// The setup links of an account.
    SetupLinks(AccountId),
    /// Nothing.
    Unknown,
    /// One of them.
    User(AccountId, String),
    /// The users of an account.
    Users(AccountId),
}

impl Resource {
    /// The resource at what follows `/sso/api/v1/`.
    pub(crate) fn of(path: &str) -> Self {
        match path {
            "accounts" => Self::Accounts,
            "openapi.json" => Self::Description,
            _ => Self::of_account(path).unwrap_or(Self::Unknown),
        }
    }

    fn of_account(path: &str) -> Option<Self> {
        let path = path.strip_prefix("accounts/")?;
        let Some((account, resource)) = path.split_once('/') else {
            return AccountId::parse(path).map(Self::Account);
        };
        let account = AccountId::parse(account)?;
        match resource {
            "audit-events" => Some(Self::AuditEvents(account)),
            "metadata" => Some(Self::Metadata(account)),
            "metadata/refresh" => Some(Self::MetadataRefresh(account)),
            "metadata/versions" => Some(Self::MetadataVersions(account)),
            "pairs" => Some(Self::Pairs(account)),
            "sessions" => Some(Self::Sessions(account)),
            "setup-links" => Some(Self::SetupLinks(account)),
            "users" => Some(Self::Users(account)),
            _ => match resource.split_once('/')? {
                ("metadata", path) => match path.strip_prefix("staged/") {
                    Some(staged) => Self::of_staged(account, staged),
                    None => Self::of_version(account, path),
                },
                ("pairs", id) => is_pair(id).then(|| Self::Pair(account, id.to_owned())),
                ("sessions", sid) => is_sid(sid).then(|| Self::Session(account, sid.to_owned())),
                ("users", sub) => is_digest(sub).then(|| Self::User(account, sub.to_owned())),
                ("setup-links", id) => is_sid(id).then(|| Self::SetupLink(account, id.to_owned())),
                _ => None,
            },
        }
    }

    fn of_staged(account: AccountId, path: &str) -> Option<Self> {
        let (id, approves) = match path.strip_suffix("/approve") {
            Some(id) => (id, true),
            None => (path, false),
        };
        let resource = if approves { Self::MetadataStagedApprove } else { Self::MetadataStaged };
        is_digest(id).then(|| resource(account, id.to_owned()))
    }

    fn of_version(account: AccountId, path: &str) -> Option<Self> {
        let version = path.strip_prefix("versions/")?;
        match version.strip_suffix("/restore") {
            Some(id) => place(id).map(|id| Self::MetadataRestore(account, id)),
            None => place(version).map(|id| Self::MetadataVersion(account, id)),
        }
    }

    /// The methods it takes, as the Allow header lists them.
    pub(crate) const fn methods(&self) -> &'static str {
        match self {
            Self::Account(_) => "DELETE, GET, HEAD, PATCH, PUT",
            Self::Accounts
            | Self::Description
            | Self::AuditEvents(_)
            | Self::MetadataVersion(..)
            | Self::MetadataVersions(_) => "GET, HEAD",
            Self::Metadata(_) => "DELETE, GET, HEAD, PUT",
            Self::MetadataRefresh(_) => "GET, HEAD, POST",
            Self::MetadataStaged(..) => "DELETE, GET, HEAD",
            Self::MetadataRestore(..) | Self::MetadataStagedApprove(..) => "POST",
            Self::Pair(..) => "PUT",
            Self::Pairs(_) => "GET, HEAD",
            Self::Session(..) => "DELETE",
            Self::Sessions(_) => "DELETE, GET, HEAD",
            Self::SetupLink(..) => "DELETE",
            Self::SetupLinks(_) => "GET, HEAD, POST",
            Self::Unknown => "",
            Self::User(..) => "DELETE",
            Self::Users(_) => "GET, HEAD",
        }
    }

    const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Accounts | Self::Description | Self::Unknown => None,
            Self::Account(account)
            | Self::AuditEvents(account)
            | Self::Metadata(account)
            | Self::MetadataVersion(account, _)
            | Self::MetadataRefresh(account)
            | Self::MetadataRestore(account, _)
            | Self::MetadataStaged(account, _)
            | Self::MetadataStagedApprove(account, _)
            | Self::MetadataVersions(account)
            | Self::Pair(account, _)
            | Self::Pairs(account)
            | Self::Session(account, _)
            | Self::Sessions(account)
            | Self::SetupLink(account, _)
            | Self::SetupLinks(account)
            | Self::User(account, _)
            | Self::Users(account) => Some(account),
        }
    }
}

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
    let answered = match tokens.admit(request.authorization) {
        Ok(()) => reply_to_call(cx, resource, request, body, entropy, now).await,
        Err(problem) => Err(problem),
    };
    let reference = &hex(&entropy.reference);
    match answered {
        Ok(answer) if matches!(request.method, "GET" | "HEAD") => answer.into(),
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
        log: Event::problem(problem, account, reference).line(),
        answer: Answer::problem(problem, reference),
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
    let allow = resource.methods();
    if !allow.is_empty() && !allow.split(", ").any(|taken| taken == request.method) {
        return Err(Problem::MethodNotAllowed { allow });
    }
    let reference = &hex(&entropy.reference);
    match resource {
        Resource::Account(account) => match request.method {
            "DELETE" => deletion::delete_account(cx, account, request, reference, now).await,
            "PATCH" => accounts::patch_settings(cx, account, request, body, reference, now).await,
            "PUT" => accounts::put_settings(cx, account, request, body, reference, now).await,
            _ => accounts::settings_of(cx, account, now).await,
        },
        Resource::Accounts => accounts::list_accounts(cx, request.query).await,
        Resource::AuditEvents(account) => {
            audit_events::audit_events(cx, account, request.query).await
        }
        Resource::Description => Ok(Answer::json_text(DESCRIPTION)),
        Resource::Metadata(account) => match request.method {
            "DELETE" => metadata::delete_metadata(cx, account, request, reference, now).await,
            "PUT" => metadata::put_metadata(cx, account, request, body, reference, now).await,
            _ => metadata::metadata(cx, account, now).await,
        },
        Resource::MetadataVersion(account, id) => {
            metadata::metadata_version(cx, account, *id).await
        }
        Resource::MetadataRefresh(account) if request.method == "POST" => {
            metadata_refresh::post_refresh(cx, account, reference, now).await
        }
        Resource::MetadataRefresh(account) => metadata_refresh::refresh_of(cx, account, now).await,
        Resource::MetadataStaged(account, id) if request.method == "DELETE" => {
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
        Resource::Sessions(account) if request.method == "DELETE" => {
            sessions::end_sessions(cx, account, request.query, now).await
        }
        Resource::Sessions(account) => sessions::sessions(cx, account, request.query, now).await,
        Resource::SetupLink(account, id) => {
            setup_links::revoke_setup_link(cx, account, id, reference, now).await
        }
        Resource::SetupLinks(account) if request.method == "POST" => {
            setup_links::make_setup_link(cx, account, request, body, entropy, now).await
        }
        Resource::SetupLinks(account) => setup_links::setup_links(cx, account, now).await,
        Resource::Unknown => Err(Problem::PathUnknown),
        Resource::User(account, sub) => users::delete_user(cx, account, sub, reference, now).await,
        Resource::Users(account) => users::users(cx, account, request.query).await,
    }
}
