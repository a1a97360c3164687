//! Servers of others, as the platform asks them.

use std::pin::Pin;

use crate::platform::metadata_url::MetadataUrl;
/// Asks servers of others. The platform implements it.
pub trait Fetch {
    /// One GET, without cookies, within ten seconds; a redirect is an answer. The octets are those
    /// of an answer with status 200, and never more than `limit`.
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> Getting<'a>;
}

/// An answer on its way.
pub type Getting<'a> = Pin<Box<dyn Future<Output = Result<Fetched, Unfetched>> + 'a>>;

/// What a server answered.
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
pub enum Unfetched {
    /// The body is longer than the limit.
    TooLarge,
    /// There is no such server, or it is too slow.
    Unreachable,
}
