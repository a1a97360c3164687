//! Sources in a content security policy.

use sha2::{Digest, Sha256};
use url::Url;

use crate::encoding::base64_encode;

/// The source that stands for an inline style or script (CSP level 3 §2.3.1).
pub(crate) fn source_of(text: &str) -> String {
    format!("'sha256-{}'", base64_encode(&Sha256::digest(text)))
}

/// The source that stands for the origin of `url`. `None` for a host that a source cannot name (CSP
/// level 3 §2.3.1), such as an IPv6 address: its characters could end the source or the directive.
pub(crate) fn source_of_url(url: &Url) -> Option<String> {
    let is_of_name =
        |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_');
    let is_plain = url.host_str()?.bytes().all(is_of_name);
    is_plain.then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL parser checks hosts as well. Callers need not have.
    #[test]
    fn no_host_ends_a_source() {
        let source = |url| source_of_url(&Url::parse(url).unwrap());
        for url in
            ["https://x;script-src/", "https://x,y/", "https://*/", "https://'none'/", "data:,"]
        {
            assert_eq!(source(url), None, "{url}");
        }
        assert_eq!(source("https://[::1]/"), None);
        assert_eq!(
            source("https://a-1.b_c.example:8443/x;y").unwrap(),
            "https://a-1.b_c.example:8443"
        );
    }
}
