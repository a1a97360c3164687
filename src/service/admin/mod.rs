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

pub(crate) use problem::Problem;
pub(crate) use token::AdminTokens;

use crate::encoding::hex;
use crate::service::account::AccountId;
use crate::service::answer::Answer;
use crate::service::body::Body;
use crate::service::ledger::Ledger;
use crate::service::log::Event;
use crate::service::pairs::is_pair;
use crate::service::place::place;
use crate::service::private_keys::PrivateKeys;
use crate::service::refresh::is_digest;
use crate::service::sessions::is_sid;
use crate::service::store::Accounts;
use crate::service::{Entropy, Reply, Request, Service};
use crate::time::UnixTime;

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

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    pub(crate) async fn administer(
        &self,
        resource: &Resource,
        request: &Request<'_>,
        body: impl Body,
        entropy: &Entropy,
        now: UnixTime,
    ) -> Reply {
        let Some(tokens) = &self.config.admin_tokens else {
            return Answer::not_found().into();
        };
        let answered = match tokens.admit(request.authorization) {
            Ok(()) => self.resource(resource, request, body, entropy, now).await,
            Err(problem) => Err(problem),
        };
        let reference = &hex(&entropy.reference);
        match answered {
            Ok(answer) if matches!(request.method, "GET" | "HEAD") => answer.into(),
            Ok(answer) => {
                Reply { log: Event::changed_by_api(resource.account(), reference).line(), answer }
            }
            Err(problem) => self.refuse_call(&problem, resource.account(), entropy),
        }
    }

    /// Without `ADMIN_TOKEN` there is nothing that could say no.
    pub(crate) fn refuse_call(
        &self,
        problem: &Problem,
        account: Option<&AccountId>,
        entropy: &Entropy,
    ) -> Reply {
        if self.config.admin_tokens.is_none() {
            return Answer::not_found().into();
        }
        let reference = &hex(&entropy.reference);
        Reply {
            log: Event::problem(problem, account, reference).line(),
            answer: Answer::problem(problem, reference),
        }
    }

    async fn resource(
        &self,
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
                "DELETE" => self.delete_account(account, request, reference, now).await,
                "PATCH" => self.patch_settings(account, request, body, reference, now).await,
                "PUT" => self.put_settings(account, request, body, reference, now).await,
                _ => self.settings_of(account, now).await,
            },
            Resource::Accounts => self.list_accounts(request.query).await,
            Resource::AuditEvents(account) => self.audit_events(account, request.query).await,
            Resource::Description => Ok(Answer::json_text(DESCRIPTION)),
            Resource::Metadata(account) => match request.method {
                "DELETE" => self.delete_metadata(account, request, reference, now).await,
                "PUT" => self.put_metadata(account, request, body, reference, now).await,
                _ => self.metadata(account, now).await,
            },
            Resource::MetadataVersion(account, id) => self.metadata_version(account, *id).await,
            Resource::MetadataRefresh(account) if request.method == "POST" => {
                self.post_refresh(account, reference, now).await
            }
            Resource::MetadataRefresh(account) => self.refresh_of(account, now).await,
            Resource::MetadataStaged(account, id) if request.method == "DELETE" => {
                self.dismiss_staged(account, id, reference, now).await
            }
            Resource::MetadataStaged(account, id) => self.staged_metadata(account, id, now).await,
            Resource::MetadataStagedApprove(account, id) => {
                self.approve_staged(account, id, request, reference, now).await
            }
            Resource::MetadataRestore(account, id) => {
                self.restore_metadata(account, *id, request, reference, now).await
            }
            Resource::MetadataVersions(account) => self.metadata_versions(account).await,
            Resource::Pair(account, id) => self.give_pair(account, id, reference, now).await,
            Resource::Pairs(account) => self.pairs(account, now).await,
            Resource::Session(account, sid) => self.end_session(account, sid, now).await,
            Resource::Sessions(account) if request.method == "DELETE" => {
                self.end_sessions(account, request.query, now).await
            }
            Resource::Sessions(account) => self.sessions(account, request.query, now).await,
            Resource::SetupLink(account, id) => {
                self.revoke_setup_link(account, id, reference, now).await
            }
            Resource::SetupLinks(account) if request.method == "POST" => {
                self.make_setup_link(account, request, body, entropy, now).await
            }
            Resource::SetupLinks(account) => self.setup_links(account, now).await,
            Resource::Unknown => Err(Problem::PathUnknown),
            Resource::User(account, sub) => self.delete_user(account, sub, reference, now).await,
            Resource::Users(account) => self.users(account, request.query).await,
        }
    }
}
