//! Addresses in vars.

use url::{Host, Url};

/// An origin without a path.
pub(crate) fn origin_url(text: &str) -> Option<Url> {
    let url = secure_url(text)?;
    let bare = url.as_str().strip_suffix('/') == Some(&*url.origin().ascii_serialization());
    bare.then_some(url)
}

/// An https address, or an http address of this machine: over a network, cookies and events need
/// https.
pub(crate) fn secure_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "https" || (url.scheme() == "http" && local)).then_some(url)
}
