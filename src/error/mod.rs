//! Why a request ends without what it asked for.

pub(crate) mod advice;
pub(crate) mod config;
pub(crate) mod denial;
pub(crate) mod fault;
mod refusal;
pub(crate) mod settings;

use saml_verify::error::Refusal;
use thiserror::Error;

use crate::error::advice::{ASK, Advice, Next};
pub use crate::error::denial::Denial;
pub use crate::error::fault::Fault;

/// The ways to fail. All of them close: no session starts.
#[derive(Debug, Error)]
pub enum Error {
    /// The message is sound, and this service or the account still says no.
    #[error(transparent)]
    Denied(Denial),
    /// Something of ours failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The metadata stored for the account cannot be used.
    #[error("the stored metadata: {0}")]
    Metadata(#[source] Refusal),
    /// Something in the message is encrypted, and was refused before it named the account.
    /// Everybody is told the same, code included; why is for the operator's log alone (row E2).
    #[error(transparent)]
    Opened(Untold),
    /// The message is at fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Why a message was refused of which something was decrypted. Its `Display` is the one sentence
/// for all of them.
#[derive(Debug, Error)]
#[error("{}", Refusal::DecryptionFailed)]
pub struct Untold(Box<Error>);

impl Error {
    /// `reason`, which is for the log alone. A failure of ours says nothing of the message.
    pub(crate) fn opened(reason: Self) -> Self {
        match reason {
            Self::Denied(_) | Self::Metadata(_) | Self::Refused(_) => Self::untold(reason),
            Self::Fault(_) | Self::Opened(_) => reason,
        }
    }

    /// The same where even a failure of ours would tell that something was decrypted.
    pub(crate) fn untold(reason: Self) -> Self {
        Self::Opened(Untold(Box::new(reason)))
    }

    /// What the operator's log says. No answer and nothing that an account's people see may be
    /// made of it.
    pub(crate) fn for_log(&self) -> &Self {
        match self {
            Self::Opened(Untold(reason)) => reason,
            Self::Denied(_) | Self::Fault(_) | Self::Metadata(_) | Self::Refused(_) => self,
        }
    }

    /// The stable snake_case name of the rule, for answers and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Opened(_) => Refusal::DecryptionFailed.code(),
            Self::Denied(denial) => denial.code(),
            Self::Fault(fault) => fault.code(),
            Self::Metadata(refusal) | Self::Refused(refusal) => refusal.code(),
        }
    }

    /// The status of the answer. Every trust failure has one status, so that none can be told from
    /// another.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::Opened(_) => refusal::status(Refusal::DecryptionFailed),
            Self::Denied(denial) => denial.status(),
            Self::Fault(fault) => fault.status(),
            Self::Metadata(_) => 500,
            Self::Refused(refusal) => refusal::status(*refusal),
        }
    }

    /// The words of the error page. They never say which check of a message failed.
    pub(crate) fn advice(&self) -> Advice {
        match self {
            // Row E2.
            Self::Opened(_) => refusal::advice(Refusal::DecryptionFailed),
            Self::Denied(denial) => denial.advice(),
            Self::Fault(fault) => fault.advice(),
            Self::Metadata(_) => Advice {
                title: "Single sign-on needs mending",
                what: "What this account has stored about its identity provider cannot be used. \
                       You are not signed in.",
                user: ASK,
                next: Next::Nowhere,
                administrator: "Download the identity provider’s metadata again and upload it. \
                                The service’s log tells under this reference what is wrong with \
                                the stored one."
                    .into(),
                values: Vec::new(),
            },
            Self::Refused(refusal) => refusal::advice(*refusal),
        }
    }

    /// The number of seconds after which the request may be repeated.
    pub(crate) const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Denied(denial) => denial.retry_after(),
            _ => None,
        }
    }
}

impl<D: Into<Denial>> From<D> for Error {
    fn from(denial: D) -> Self {
        Self::Denied(denial.into())
    }
}
