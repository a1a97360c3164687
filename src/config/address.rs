//! Addresses in vars.

use url::{Host, Url};

/// An origin without a path.
pub(crate) fn origin_url(text: &str) -> Option<Url> {
    let url = secure_url(text)?;
    let bare = url.as_str().strip_suffix('/') == Some(&*url.origin().ascii_serialization());
    bare.then_some(url)
}

/// Plain http is for this machine alone: anywhere else cookies and events would travel in the open.
pub(crate) fn secure_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "https" || (url.scheme() == "http" && local)).then_some(url)
}
