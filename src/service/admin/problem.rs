//! What goes wrong in the admin API.

use thiserror::Error;

use crate::service::error::Fault;

/// Why the API does not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum Problem {
    /// `cursor` is not the `next_cursor` of a page.
    #[error("cursor must be the next_cursor of a page before")]
    CursorInvalid,
    /// `expires_in` is out of range.
    #[error("expires_in must be 60 to 1209600 seconds")]
    ExpiresInInvalid,
    /// Something of ours failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The body is too long, no JSON, or has fields that are not known here.
    #[error("the body must be a JSON object with fields that are documented")]
    JsonInvalid,
    /// `limit` is no number, or out of range.
    #[error("limit must be 1 to 200")]
    LimitInvalid,
    /// Something is at this path, but not for this method.
    #[error("the method must be one of {allow}")]
    MethodNotAllowed {
        /// The methods, as the Allow header lists them.
        allow: &'static str,
    },
    /// `note` is too long.
    #[error("note must be text of up to 200 characters, without line breaks")]
    NoteInvalid,
    /// As many setup links stand as may.
    #[error("the account has 20 setup links; revoke one first")]
    SetupLinkCount,
    /// No setup link of that id stands.
    #[error("there is no such setup link, or not any more")]
    SetupLinkUnknown,
    /// A query without `sub`, where there may be one with it or none at all.
    #[error("sub must say whose sessions end, or no query that all of the account do")]
    SubMissing,
    /// No bearer token, or none of `ADMIN_TOKEN`.
    #[error("the Authorization header must hold the admin token")]
    TokenInvalid,
}

impl Problem {
    /// The stable snake_case name.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::CursorInvalid => "cursor_invalid",
            Self::ExpiresInInvalid => "expires_in_invalid",
            Self::Fault(fault) => fault.code(),
            Self::JsonInvalid => "json_invalid",
            Self::LimitInvalid => "limit_invalid",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::NoteInvalid => "note_invalid",
            Self::SetupLinkCount => "setup_link_count",
            Self::SetupLinkUnknown => "setup_link_unknown",
            Self::SubMissing => "sub_missing",
            Self::TokenInvalid => "token_invalid",
        }
    }

    /// The field that must change.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::CursorInvalid => Some("cursor"),
            Self::ExpiresInInvalid => Some("expires_in"),
            Self::LimitInvalid => Some("limit"),
            Self::NoteInvalid => Some("note"),
            Self::SubMissing => Some("sub"),
            Self::Fault(_)
            | Self::JsonInvalid
            | Self::MethodNotAllowed { .. }
            | Self::SetupLinkCount
            | Self::SetupLinkUnknown
            | Self::TokenInvalid => None,
        }
    }
}
