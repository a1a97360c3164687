//! Metadata at an address: fetched, and then what it would be had somebody pasted it in.

use std::pin::Pin;

use saml_verify::error::Refusal;
use saml_verify::xml::decode_document;

use crate::limits::STORED_METADATA_OCTETS;
use crate::service::context::{Platform, Service};
use crate::service::error::{Denial, Error};
use crate::service::refresh::address::MetadataUrl;

/// Most redirects, each within one host: a server's way from one spelling of an address to another.
const REDIRECTS: usize = 3;

/// Asks servers of others. The platform implements it.
pub trait Fetch {
    /// One GET, without cookies, within ten seconds; a redirect is an answer. The octets are those of
    /// an answer with status 200, and never more than `limit`.
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> Getting<'a>;
}

/// An answer on its way.
pub type Getting<'a> = Pin<Box<dyn Future<Output = Result<Fetched, Unfetched>> + 'a>>;

/// What a server answered.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Its status.
    pub status: u16,
    /// The Location header.
    pub location: Option<String>,
    /// The body.
    pub octets: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfetched {
    /// It is longer than was asked for.
    TooLarge,
    /// There is no such server, or it is too slow.
    Unreachable,
}

/// The text at `address`. Nothing of it is trusted, or read.
pub(super) async fn fetch_metadata(
    cx: &Service<'_, impl Platform>,
    address: &str,
) -> Result<String, Error> {
    let mut url = MetadataUrl::parse(address, cx.config)?;
    for _ in 0..=REDIRECTS {
        let fetched = cx.network.get(&url, STORED_METADATA_OCTETS).await;
        let Fetched { status, location, octets } = fetched.map_err(|why| match why {
            Unfetched::TooLarge => Error::from(Refusal::MessageTooLarge),
            Unfetched::Unreachable => Denial::MetadataUrlUnanswered { status: None }.into(),
        })?;
        url = match (status, location) {
            (200, _) => return decode_document(octets).map_err(Error::from),
            (301 | 302 | 303 | 307 | 308, Some(location)) => {
                url.redirected(&location, cx.config)?
            }
            (status, _) => {
                return Err(Denial::MetadataUrlUnanswered { status: Some(status) }.into());
            }
        };
    }
    Err(Denial::MetadataUrlRedirected.into())
}
