//! The addresses from which metadata may be fetched (row H10).
//!
//! A customer enters the address, and the service sends the request. It must not reach anything for
//! the customer that is not public. So the address must be that of a public web server in every
//! part. To what a name resolves cannot be seen from here.

use url::{Host, Url};

use crate::config::parse::Config;
use crate::error::denial::FetchDenial;
use crate::limits::METADATA_URL_OCTETS;

/// An address from which metadata may be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataUrl {
    url: Url,
    host: String,
}

/// Top-level names that no public server has: reserved ones (RFC 6761, 6762, 7686, 8375, 9476, and
/// `internal` by ICANN), and those that private networks commonly use.
const PRIVATE: [&str; 14] = [
    "alt",
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test",
];

impl MetadataUrl {
    pub(crate) fn parse(text: &str, config: &Config) -> Result<Self, FetchDenial> {
        // URL parsers skip blanks and read a backslash as a slash.
        let is_plain = |octet: u8| octet.is_ascii_graphic() && octet != b'\\';
        if text.len() > METADATA_URL_OCTETS || !text.bytes().all(is_plain) {
            return Err(FetchDenial::MetadataUrlForbidden);
        }
        let url = Url::parse(text).map_err(|_| FetchDenial::MetadataUrlForbidden)?;
        Self::of(url, config).ok_or(FetchDenial::MetadataUrlForbidden)
    }

    /// The address of a redirect from here, which must be of the same host.
    pub(crate) fn redirected(&self, location: &str, config: &Config) -> Result<Self, FetchDenial> {
        let url = self.url.join(location).ok().filter(|_| location.is_ascii());
        let next = url.and_then(|url| Self::of(url, config));
        next.filter(|next| next.host == self.host).ok_or(FetchDenial::MetadataUrlRedirected)
    }

    fn of(mut url: Url, config: &Config) -> Option<Self> {
        let has_user = !url.username().is_empty() || url.password().is_some();
        if url.scheme() != "https" || url.port().is_some() || has_user {
            return None;
        }
        // The parser has normalized the host: `0x7f.1` has become 127.0.0.1.
        let Some(Host::Domain(host)) = url.host() else { return None };
        let host = host.to_owned();
        if !is_public(&host) || is_ours(&host, config) {
            return None;
        }
        url.set_fragment(None);
        Some(Self { url, host })
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }
}

/// Whether a public server can have this host name.
fn is_public(host: &str) -> bool {
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    !host.split('.').any(str::is_empty) && !PRIVATE.contains(&last)
}

/// Whether this is a host of the service's own zone or its origin. Requests from within a zone
/// bypass what protects its hosts: our gate, Access, the firewall.
fn is_ours(host: &str, config: &Config) -> bool {
    config.site.has_in_zone(host) || config.origin_host().as_deref() == Some(host)
}
