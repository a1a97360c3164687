//! What goes wrong in the admin API.

use saml_verify::error::Refusal;
use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;

/// Why the API does not do what it was asked.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Problem {
    /// Nothing is stored.
    #[error("nothing is stored for the account")]
    AccountAbsent,
    /// The body is too long.
    #[error("the body must not have more than {limit} octets")]
    BodyTooLarge {
        /// Most octets that it may have.
        limit: usize,
    },
    /// The body is of a type that is not taken here.
    #[error("the Content-Type must be one of {accepted}, in UTF-8")]
    ContentTypeUnsupported {
        /// The types.
        accepted: String,
    },
    /// `cursor` is not the `next_cursor` of a page.
    #[error("cursor must be the next_cursor of a page before")]
    CursorInvalid,
    /// A rule of this service or of the account.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// `erase` is there, and something else than `true`.
    #[error("erase must be true, or left out")]
    EraseInvalid,
    /// Something is there that was to be created.
    #[error("it exists already")]
    AlreadyExists,
    /// `expires_in` is out of range.
    #[error("expires_in must be 60 to 1209600 seconds")]
    ExpiresInInvalid,
    /// Something of ours failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Something exists that the client has not shown to have seen.
    #[error("the If-Match header must hold the ETag of what is to change")]
    IfMatchMissing,
    /// The body is no JSON object, or a field of it is unknown or has another value than it takes.
    #[error("the body must be a JSON object of what is documented: {reason}")]
    JsonInvalid {
        /// The field.
        field: Option<String>,
        /// Why.
        reason: String,
    },
    /// `limit` is no number, or out of range.
    #[error("limit must be 1 to 200")]
    LimitInvalid,
    /// Nothing is stored.
    #[error("no metadata is stored for the account")]
    MetadataAbsent,
    /// The account follows no address.
    #[error("the account has no metadata_url, or no metadata in force")]
    MetadataUrlAbsent,
    /// Something is at this path, but not for this method.
    #[error("the method must be one of {allow}")]
    MethodNotAllowed {
        /// The methods, as the Allow header lists them.
        allow: String,
    },
    /// `note` is too long.
    #[error("note must be text of up to 200 characters, without line breaks")]
    NoteInvalid,
    /// No key of the account's IdP has a pair of that name.
    #[error("the account could have no such pair, or not any more")]
    PairUnknown,
    /// The path is none of the API.
    #[error("there is nothing at this path")]
    PathUnknown,
    /// The metadata cannot be used.
    #[error("the metadata: {}", .0.to_string().replace("the message", "it"))]
    Refused(#[source] Refusal),
    /// As many setup links stand as may.
    #[error("the account has 20 setup links; revoke one first")]
    SetupLinkCount,
    /// No setup link of that id stands.
    #[error("there is no such setup link, or not any more")]
    SetupLinkUnknown,
    /// Nothing of that id waits for approval.
    #[error("no such metadata waits for approval, or not any more")]
    StagedUnknown,
    /// A query without `sub`, where there may be one with it or none at all.
    #[error("sub must say whose sessions end, or no query that all of the account do")]
    SubMissing,
    /// No bearer token, or none of `ADMIN_TOKEN`.
    #[error("the Authorization header must hold the admin token")]
    TokenInvalid,
    /// One client calls too often.
    #[error("too many requests come from this address")]
    TooManyRequests,
    /// Nothing is known of such a user.
    #[error("there is no such user, or not any more")]
    UserUnknown,
    /// No metadata is kept under that number.
    #[error("no metadata is kept of such a version, or not any more")]
    VersionUnknown,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denial) => Self::Denied(denial),
            Error::Fault(fault) => Self::Fault(fault),
            Error::Metadata(refusal) | Error::Refused(refusal) => Self::Refused(refusal),
            // No call takes a message.
            Error::Opened(_) => Self::Refused(Refusal::DecryptionFailed),
        }
    }
}

impl Problem {
    /// The stable snake_case name.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Denied(denial) => denial.code(),
            Self::Fault(fault) => fault.code(),
            Self::Refused(refusal) => refusal.code(),
            other => other.into(),
        }
    }

    /// The field that must change.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::CursorInvalid => Some("cursor"),
            Self::EraseInvalid => Some("erase"),
            Self::ExpiresInInvalid => Some("expires_in"),
            Self::LimitInvalid => Some("limit"),
            Self::NoteInvalid => Some("note"),
            Self::SubMissing => Some("sub"),
            Self::ContentTypeUnsupported { .. } => Some("Content-Type"),
            Self::IfMatchMissing | Self::Denied(Denial::AccountChanged) => Some("If-Match"),
            Self::Denied(Denial::EntityIdTaken) => Some("entity_id"),
            Self::Denied(
                Denial::MetadataUrlForbidden
                | Denial::MetadataUrlRedirected
                | Denial::MetadataUrlUnanswered { .. },
            ) => Some("url"),
            Self::JsonInvalid { field, .. } => field.as_deref(),
            Self::AccountAbsent
            | Self::BodyTooLarge { .. }
            | Self::Denied(_)
            | Self::AlreadyExists
            | Self::Fault(_)
            | Self::MetadataAbsent
            | Self::MetadataUrlAbsent
            | Self::MethodNotAllowed { .. }
            | Self::PairUnknown
            | Self::PathUnknown
            | Self::Refused(_)
            | Self::SetupLinkCount
            | Self::SetupLinkUnknown
            | Self::StagedUnknown
            | Self::TokenInvalid
            | Self::TooManyRequests
            | Self::UserUnknown
            | Self::VersionUnknown => None,
        }
    }
}

/// What went wrong in the admin API (RFC 9457).
pub(crate) fn answer(problem: &Problem, reference: &str) -> Answer {
    #[derive(Serialize)]
    struct Details<'a> {
        title: &'static str,
        status: u16,
        code: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        reference: &'a str,
    }
    let (status, title) = match problem {
        Problem::CursorInvalid
        | Problem::EraseInvalid
        | Problem::ExpiresInInvalid
        | Problem::JsonInvalid { .. }
        | Problem::LimitInvalid
        | Problem::NoteInvalid
        | Problem::SubMissing => (400, "Bad Request"),
        Problem::TokenInvalid => (401, "Unauthorized"),
        Problem::AccountAbsent
        | Problem::MetadataAbsent
        | Problem::MetadataUrlAbsent
        | Problem::PairUnknown
        | Problem::PathUnknown
        | Problem::SetupLinkUnknown
        | Problem::StagedUnknown
        | Problem::UserUnknown
        | Problem::VersionUnknown => (404, "Not Found"),
        Problem::MethodNotAllowed { .. } => (405, "Method Not Allowed"),
        Problem::SetupLinkCount | Problem::Denied(Denial::EntityIdTaken) => (409, "Conflict"),
        Problem::Denied(Denial::AccountChanged) | Problem::AlreadyExists => {
            (412, "Precondition Failed")
        }
        Problem::BodyTooLarge { .. } => (413, "Content Too Large"),
        Problem::ContentTypeUnsupported { .. } => (415, "Unsupported Media Type"),
        Problem::Refused(_)
        | Problem::Denied(
            Denial::MetadataUrlForbidden
            | Denial::MetadataUrlRedirected
            | Denial::MetadataUrlUnanswered { .. },
        ) => (422, "Unprocessable Content"),
        Problem::IfMatchMissing => (428, "Precondition Required"),
        Problem::TooManyRequests => (429, "Too Many Requests"),
        Problem::Fault(Fault::LedgerUnreachable(_) | Fault::StoreUnreachable(_)) => {
            (503, "Service Unavailable")
        }
        Problem::Denied(_) | Problem::Fault(_) => (500, "Internal Server Error"),
    };
    // A platform's error text is for the log.
    let is_ours = matches!(problem, Problem::Fault(_));
    let (code, field) = (problem.code(), problem.field());
    let detail = (!is_ours).then(|| problem.to_string());
    let details = Details { title, status, code, field, detail, reference };
    let answer = Answer::json(status, &details).with("content-type", "application/problem+json");
    match problem {
        Problem::MethodNotAllowed { allow } => answer.with("allow", allow),
        Problem::TooManyRequests => answer.with("retry-after", "60"),
        Problem::TokenInvalid => answer.with("www-authenticate", "Bearer"),
        Problem::AccountAbsent
        | Problem::BodyTooLarge { .. }
        | Problem::ContentTypeUnsupported { .. }
        | Problem::CursorInvalid
        | Problem::Denied(_)
        | Problem::AlreadyExists
        | Problem::EraseInvalid
        | Problem::ExpiresInInvalid
        | Problem::Fault(_)
        | Problem::IfMatchMissing
        | Problem::JsonInvalid { .. }
        | Problem::LimitInvalid
        | Problem::MetadataAbsent
        | Problem::MetadataUrlAbsent
        | Problem::NoteInvalid
        | Problem::PairUnknown
        | Problem::PathUnknown
        | Problem::Refused(_)
        | Problem::SetupLinkCount
        | Problem::SetupLinkUnknown
        | Problem::SubMissing
        | Problem::StagedUnknown
        | Problem::UserUnknown
        | Problem::VersionUnknown => answer,
    }
}
