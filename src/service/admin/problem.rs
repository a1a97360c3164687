//! What goes wrong in the admin API.

use thiserror::Error;

use crate::service::error::Fault;

/// Why the API does not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum Problem {
    /// `cursor` is not the `next_cursor` of a page.
    #[error("cursor must be the next_cursor of a page before")]
    CursorInvalid,
    /// Something of ours failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// `limit` is no number, or out of range.
    #[error("limit must be 1 to 200")]
    LimitInvalid,
    /// Something is at this path, but not for this method.
    #[error("the method must be one of {allow}")]
    MethodNotAllowed {
        /// The methods, as the Allow header lists them.
        allow: &'static str,
    },
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
            Self::Fault(fault) => fault.code(),
            Self::LimitInvalid => "limit_invalid",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::SubMissing => "sub_missing",
            Self::TokenInvalid => "token_invalid",
        }
    }

    /// The field that must change.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::CursorInvalid => Some("cursor"),
            Self::LimitInvalid => Some("limit"),
            Self::SubMissing => Some("sub"),
            Self::Fault(_) | Self::MethodNotAllowed { .. } | Self::TokenInvalid => None,
        }
    }
}
