//! What goes wrong in the admin API.

use saml_verify::error::Refusal;
use thiserror::Error;

use crate::service::error::{Denial, Error, Fault};

/// Why the API does not do what it was asked.
#[derive(Debug, Error)]
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
    Exists,
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
        allow: &'static str,
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
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::AccountAbsent => "account_absent",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::ContentTypeUnsupported { .. } => "content_type_unsupported",
            Self::CursorInvalid => "cursor_invalid",
            Self::Denied(denial) => denial.code(),
            Self::EraseInvalid => "erase_invalid",
            Self::Exists => "already_exists",
            Self::ExpiresInInvalid => "expires_in_invalid",
            Self::Fault(fault) => fault.code(),
            Self::IfMatchMissing => "if_match_missing",
            Self::JsonInvalid { .. } => "json_invalid",
            Self::LimitInvalid => "limit_invalid",
            Self::MetadataAbsent => "metadata_absent",
            Self::MetadataUrlAbsent => "metadata_url_absent",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::NoteInvalid => "note_invalid",
            Self::PairUnknown => "pair_unknown",
            Self::PathUnknown => "path_unknown",
            Self::Refused(refusal) => refusal.code(),
            Self::SetupLinkCount => "setup_link_count",
            Self::SetupLinkUnknown => "setup_link_unknown",
            Self::StagedUnknown => "staged_unknown",
            Self::SubMissing => "sub_missing",
            Self::TokenInvalid => "token_invalid",
            Self::TooManyRequests => "too_many_requests",
            Self::UserUnknown => "user_unknown",
            Self::VersionUnknown => "version_unknown",
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
            | Self::Exists
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
