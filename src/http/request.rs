//! What the platform says of a request.

use saml_verify::time::UnixTime;

use crate::http::entropy::Entropy;
use crate::http::method::Method;

/// A request without its body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The method.
    pub method: Method,
    /// The path as it came, percent-encoding included.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: Option<&'a str>,
    /// The Accept header.
    pub accept: Option<&'a str>,
    /// The Authorization header.
    pub authorization: Option<&'a str>,
    /// The client's IP address, by the platform's word.
    pub client: Option<&'a str>,
    /// The Content-Type header.
    pub content_type: Option<&'a str>,
    /// The Cookie header.
    pub cookies: Option<&'a str>,
    /// The Sec-Fetch-Dest header.
    pub fetch_dest: Option<&'a str>,
    /// The Sec-Fetch-Mode header.
    pub fetch_mode: Option<&'a str>,
    /// The Sec-Fetch-Site header.
    pub fetch_site: Option<&'a str>,
    /// The If-Match header.
    pub if_match: Option<&'a str>,
    /// The If-None-Match header.
    pub if_none_match: Option<&'a str>,
    /// The Origin header.
    pub origin: Option<&'a str>,
    /// The scheme that the platform was asked by: `http` or `https`.
    pub scheme: Option<&'a str>,
    /// The Upgrade header.
    pub upgrade: Option<&'a str>,
    /// The User-Agent header.
    pub user_agent: Option<&'a str>,
}

/// A request without its body, and what its answer is made with.
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) entropy: Entropy,
    pub(crate) now: UnixTime,
}
