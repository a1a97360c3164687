//! Metadata at an address: fetched, and then what it would be had somebody pasted it in.

use saml_verify::decode_document;
use saml_verify::error::Refusal;

use crate::error::Error;
use crate::error::denial::FetchDenial;
use crate::limits::STORED_METADATA_OCTETS;
use crate::platform::context::{Platform, Service};
use crate::platform::metadata_url::MetadataUrl;
use crate::platform::network::{FetchError, Fetched};

/// Most redirects, each within one host: a server's way from one spelling of an address to another.
const REDIRECTS: usize = 3;

/// The text at `address`. Nothing of it is trusted, or read.
pub(super) async fn fetch_metadata(
    cx: &Service<'_, impl Platform>,
    address: &str,
) -> Result<String, Error> {
    let mut url = MetadataUrl::parse(address, cx.config)?;
    for _ in 0..=REDIRECTS {
        let fetched = cx.network.get(&url, STORED_METADATA_OCTETS).await;
        let Fetched { status, location, octets } = fetched.map_err(|why| match why {
            FetchError::TooLarge => Error::from(Refusal::MessageTooLarge),
            FetchError::Unreachable => FetchDenial::MetadataUrlUnanswered { status: None }.into(),
        })?;
        url = match (status, location) {
            (200, _) => return decode_document(octets).map_err(Error::from),
            (301 | 302 | 303 | 307 | 308, Some(location)) => {
                url.redirected(&location, cx.config)?
            }
            (status, _) => {
                return Err(FetchDenial::MetadataUrlUnanswered { status: Some(status) }.into());
            }
        };
    }
    Err(FetchDenial::MetadataUrlRedirected.into())
}
