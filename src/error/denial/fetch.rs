//! Denials of an address from which metadata should come.

use strum::{IntoStaticStr, VariantNames};
use thiserror::Error;

use crate::error::advice::{Advice, Next};

/// Why no metadata comes from an address.
#[derive(Clone, Debug, PartialEq, Eq, Error, IntoStaticStr, VariantNames)]
#[non_exhaustive]
#[strum(serialize_all = "snake_case")]
pub enum FetchDenial {
    /// The address is not that of a public web server (row H10).
    #[error("the address must be https, of a public host, and without user or port")]
    MetadataUrlForbidden,
    /// The address redirects to another host, or too often (row H10).
    #[error("the address leads to another host, or through more than three redirects")]
    MetadataUrlRedirected,
    /// The server sends no document.
    #[error("the address gives no document")]
    MetadataUrlUnanswered {
        /// The status of the server's answer. It is for the operator's log alone: an administrator
        /// who names an address must not learn from here what only this service can reach.
        status: Option<u16>,
    },
}

impl FetchDenial {
    pub(crate) fn advice(&self) -> Advice {
        Advice {
            title: "No metadata comes from this address",
            what: "The identity provider’s metadata could not be fetched. Nothing was changed.",
            user: "Check the address, or download the metadata and paste it in.",
            next: Next::Settings,
            administrator: format!("{self}.").into(),
            values: Vec::new(),
        }
    }
}
