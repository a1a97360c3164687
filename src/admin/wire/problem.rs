//! Errors of the admin API, and their answers (RFC 9457).

use saml_verify::error::Refusal;
use serde::Serialize;
use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::denial::AccountDenial;
use crate::error::{Denial, Error, Fault};
use crate::http::answer::Answer;

/// Why a call of the API was refused or failed.
#[derive(Debug, Error, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Problem {
    /// Nothing is stored for the account.
    #[error("nothing is stored for the account")]
    AccountAbsent,
    /// The body is too long.
    #[error("the body must not have more than {limit} octets")]
    BodyTooLarge {
        /// Most octets that it may have.
        limit: usize,
    },
    /// The body has a media type that the resource does not accept.
    #[error("the Content-Type must be one of {accepted}, in UTF-8")]
    ContentTypeUnsupported {
        /// The media types that it accepts.
        accepted: String,
    },
    /// `cursor` is not the `next_cursor` of an earlier page.
    #[error("cursor must be the next_cursor of a page before")]
    CursorInvalid,
    /// A rule of this service or of the account is broken.
    #[error(transparent)]
    Denied(Denial),
    /// `erase` is not `true`.
    #[error("erase must be true, or left out")]
    EraseInvalid,
    /// The resource to create exists.
    #[error("it exists already")]
    AlreadyExists,
    /// `expires_in` is out of range.
    #[error("expires_in must be 60 to 1209600 seconds")]
    ExpiresInInvalid,
    /// The service itself failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The resource exists, and no If-Match shows that the client has seen it.
    #[error("the If-Match header must hold the ETag of what is to change")]
    IfMatchMissing,
    /// The body is not a JSON object, or a field is unknown or has an invalid value.
    #[error("the body must be a JSON object of what is documented: {reason}")]
    JsonInvalid {
        /// The invalid field.
        field: Option<String>,
        /// Why it is invalid.
        reason: String,
    },
    /// `limit` is not a number, or is out of range.
    #[error("limit must be 1 to 200")]
    LimitInvalid,
    /// No metadata is stored for the account.
    #[error("no metadata is stored for the account")]
    MetadataAbsent,
    /// The account's metadata is not refreshed from a URL.
    #[error("the account has no metadata_url, or no metadata in force")]
    MetadataUrlAbsent,
    /// The resource does not have this method.
    #[error("the method must be one of {allow}")]
    MethodNotAllowed {
        /// The methods, as the Allow header lists them.
        allow: String,
    },
    /// `note` is too long, or has control characters.
    #[error("note must be text of up to 200 characters, without line breaks")]
    NoteInvalid,
    /// No key of the account's IdP belongs to a pair of this id.
    #[error("the account could have no such pair, or not any more")]
    PairUnknown,
    /// The API has no such path.
    #[error("there is nothing at this path")]
    PathUnknown,
    /// The metadata is unusable.
    #[error("the metadata: {}", .0.to_string().replace("the message", "it"))]
    Refused(#[source] Refusal),
    /// The account has the highest number of setup links.
    #[error("the account has 20 setup links; revoke one first")]
    SetupLinkCount,
    /// No valid setup link has this id.
    #[error("there is no such setup link, or not any more")]
    SetupLinkUnknown,
    /// No staged metadata has this id.
    #[error("no such metadata waits for approval, or not any more")]
    StagedUnknown,
    /// There is a query, but no `sub` in it.
    #[error("sub must say whose sessions end, or no query that all of the account do")]
    SubMissing,
    /// The bearer token is missing, or none of `ADMIN_TOKEN`.
    #[error("the Authorization header must hold the admin token")]
    TokenInvalid,
    /// The client has exceeded the rate limit.
    #[error("too many requests come from this address")]
    TooManyRequests,
    /// No user has this `sub`.
    #[error("there is no such user, or not any more")]
    UserUnknown,
    /// No kept metadata has this number.
    #[error("no metadata is kept of such a version, or not any more")]
    VersionUnknown,
}

impl<D: Into<Denial>> From<D> for Problem {
    fn from(denial: D) -> Self {
        Self::Denied(denial.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denial) => Self::Denied(denial),
            Error::Fault(fault) => Self::Fault(fault),
            Error::Metadata(refusal) | Error::Refused(refusal) => Self::Refused(refusal),
            // No call receives a SAML message.
            Error::Opened(_) => Self::Refused(Refusal::DecryptionFailed),
        }
    }
}

impl Problem {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Denied(denial) => denial.code(),
            Self::Fault(fault) => fault.code(),
            Self::Refused(refusal) => refusal.code(),
            other => other.into(),
        }
    }

    /// The status of the answer.
    const fn status(&self) -> u16 {
        match self {
            Self::CursorInvalid
            | Self::EraseInvalid
            | Self::ExpiresInInvalid
            | Self::JsonInvalid { .. }
            | Self::LimitInvalid
            | Self::NoteInvalid
            | Self::SubMissing => 400,
            Self::TokenInvalid => 401,
            Self::AccountAbsent
            | Self::MetadataAbsent
            | Self::MetadataUrlAbsent
            | Self::PairUnknown
            | Self::PathUnknown
            | Self::SetupLinkUnknown
            | Self::StagedUnknown
            | Self::UserUnknown
            | Self::VersionUnknown => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::SetupLinkCount => 409,
            Self::AlreadyExists => 412,
            Self::BodyTooLarge { .. } => 413,
            Self::ContentTypeUnsupported { .. } => 415,
            Self::Refused(_) => 422,
            Self::IfMatchMissing => 428,
            Self::TooManyRequests => 429,
            Self::Denied(denial) => denial.api_status(),
            Self::Fault(fault) => fault.api_status(),
        }
    }

    /// The field, parameter or header that is wrong.
    pub(crate) fn field(&self) -> Option<&str> {
        match self {
            Self::CursorInvalid => Some("cursor"),
            Self::EraseInvalid => Some("erase"),
            Self::ExpiresInInvalid => Some("expires_in"),
            Self::LimitInvalid => Some("limit"),
            Self::NoteInvalid => Some("note"),
            Self::SubMissing => Some("sub"),
            Self::ContentTypeUnsupported { .. } => Some("Content-Type"),
            Self::IfMatchMissing | Self::Denied(Denial::Account(AccountDenial::AccountChanged)) => {
                Some("If-Match")
            }
            Self::Denied(Denial::Account(AccountDenial::EntityIdTaken)) => Some("entity_id"),
            Self::Denied(Denial::Fetch(_)) => Some("url"),
            Self::JsonInvalid { field, .. } => field.as_deref(),
            _ => None,
        }
    }
}

/// The reason phrase of a status (RFC 9110 §15, RFC 6585).
const fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        // 500, the only status that is left.
        _ => "Internal Server Error",
    }
}

/// The answer to a call that was refused or failed (RFC 9457).
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
    let (status, title) = (problem.status(), title(problem.status()));
    // The error text of a fault is for the log alone.
    let is_fault = matches!(problem, Problem::Fault(_));
    let (code, field) = (problem.code(), problem.field());
    let detail = (!is_fault).then(|| problem.to_string());
    let details = Details { title, status, code, field, detail, reference };
    let answer = Answer::json(status, &details).with("content-type", "application/problem+json");
    match problem {
        Problem::MethodNotAllowed { allow } => answer.with("allow", allow),
        Problem::TooManyRequests => answer.with("retry-after", "60"),
        Problem::TokenInvalid => answer.with("www-authenticate", "Bearer"),
        _ => answer,
    }
}
