//! Paths of the admin API, both ways.

use crate::http::method::Method::{self, Delete, Get, Head, Patch, Post, Put};
use crate::http::place::place;
use crate::ledger::metadata::refresh_state::is_digest;
use crate::ledger::sessions::session::is_sid;
use crate::model::account_id::AccountId;

/// What a path of the API names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
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

    /// What follows `/sso/api/v1/` in its path.
    pub(crate) fn path(&self) -> String {
        let below = match self {
            Self::Accounts => return "accounts".to_owned(),
            Self::Description => return "openapi.json".to_owned(),
            Self::Unknown => return String::new(),
            Self::Account(_) => String::new(),
            Self::AuditEvents(_) => "/audit-events".to_owned(),
            Self::Metadata(_) => "/metadata".to_owned(),
            Self::MetadataRefresh(_) => "/metadata/refresh".to_owned(),
            Self::MetadataStaged(_, id) => format!("/metadata/staged/{id}"),
            Self::MetadataStagedApprove(_, id) => format!("/metadata/staged/{id}/approve"),
            Self::MetadataVersion(_, id) => format!("/metadata/versions/{id}"),
            Self::MetadataRestore(_, id) => format!("/metadata/versions/{id}/restore"),
            Self::MetadataVersions(_) => "/metadata/versions".to_owned(),
            Self::Pair(_, id) => format!("/pairs/{id}"),
            Self::Pairs(_) => "/pairs".to_owned(),
            Self::Session(_, sid) => format!("/sessions/{sid}"),
            Self::Sessions(_) => "/sessions".to_owned(),
            Self::SetupLink(_, id) => format!("/setup-links/{id}"),
            Self::SetupLinks(_) => "/setup-links".to_owned(),
            Self::User(_, sub) => format!("/users/{sub}"),
            Self::Users(_) => "/users".to_owned(),
        };
        let account = self.account().map(AccountId::as_str).unwrap_or_default();
        format!("accounts/{account}{below}")
    }

    /// The methods it takes.
    pub(crate) const fn methods(&self) -> &'static [Method] {
        match self {
            Self::Account(_) => &[Delete, Get, Head, Patch, Put],
            Self::Accounts
            | Self::AuditEvents(_)
            | Self::Description
            | Self::MetadataVersion(..)
            | Self::MetadataVersions(_)
            | Self::Pairs(_)
            | Self::Users(_) => &[Get, Head],
            Self::Metadata(_) => &[Delete, Get, Head, Put],
            Self::MetadataRefresh(_) | Self::SetupLinks(_) => &[Get, Head, Post],
            Self::MetadataRestore(..) | Self::MetadataStagedApprove(..) => &[Post],
            Self::MetadataStaged(..) | Self::Sessions(_) => &[Delete, Get, Head],
            Self::Pair(..) => &[Put],
            Self::Session(..) | Self::SetupLink(..) | Self::User(..) => &[Delete],
            Self::Unknown => &[],
        }
    }

    pub(crate) const fn account(&self) -> Option<&AccountId> {
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

/// Whether a pair could have that name.
fn is_pair(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'))
}
