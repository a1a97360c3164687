//! The product's logo.

use url::Url;

use crate::config::brand::csp::source_of_url;

/// Longest logo in a var, of which each may have 5 KB. Every page contains it.
const LOGO_OCTETS: usize = 5_000;

/// An image that pages show, and the only one they may load.
#[derive(Debug)]
pub(crate) struct Logo {
    pub(crate) address: String,
    /// The source of the image in a content security policy.
    pub(crate) source: String,
}

impl Logo {
    /// Reads `LOGO_URL`: an address with https, or the image itself.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // What ends a source in a policy must not stand in its path either.
        let plain = |octet: u8| octet.is_ascii_graphic() && octet != b';' && octet != b',';
        if text.len() > LOGO_OCTETS {
            return None;
        }
        if text.starts_with("data:image/") && text.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Some(Self { address: text.to_owned(), source: "data:".to_owned() });
        }
        let url = Url::parse(text).ok()?;
        // A source has no query (CSP level 3 §2.3.1).
        let source = source_of_url(&url)? + url.path();
        let is_fine = url.scheme() == "https" && url.path().bytes().all(plain);
        is_fine.then(|| Self { address: url.to_string(), source })
    }
}
