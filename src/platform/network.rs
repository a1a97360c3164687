//! Requests to other servers.

use std::pin::Pin;

use crate::platform::metadata_url::MetadataUrl;

/// Sends requests to other servers. The platform implements it.
pub trait Fetch {
    /// Sends one GET without cookies, for at most ten seconds. A redirect is an answer. Octets are
    /// returned for status 200 only, and never more than `limit`.
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> FetchFuture<'a>;
}

/// An answer to come.
pub type FetchFuture<'a> = Pin<Box<dyn Future<Output = Result<Fetched, FetchError>> + 'a>>;

/// The answer of a server.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The status code.
    pub status: u16,
    /// The Location header.
    pub location: Option<String>,
    /// The body.
    pub octets: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The body is longer than the limit.
    TooLarge,
    /// There is no such server, or it is too slow.
    Unreachable,
}
