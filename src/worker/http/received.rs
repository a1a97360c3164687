//! A request without its body, as Rust sees it.

use worker::web_sys::{ReadableStream, Request};

use crate::worker::http::head::Head;
use crate::worker::http::message;

/// A request of the runtime, and its headers, read once. `worker::Request` is not used: it takes an
/// unknown method for GET, and reads more than is needed.
pub(in crate::worker) struct Received {
    raw: Request,
    head: Head,
}

impl Received {
    pub(in crate::worker) fn of(raw: Request) -> Self {
        let head = Head::of(String::from_utf8(message::read(&raw)).unwrap_or_default());
        Self { raw, head }
    }

    pub(in crate::worker) const fn head(&self) -> &Head {
        &self.head
    }

    pub(in crate::worker) const fn raw(&self) -> &Request {
        &self.raw
    }

    /// The length that the client declares; `None` without one, or where it is no number.
    pub(in crate::worker) fn content_length(&self) -> Option<u64> {
        self.head.get("content-length")?.parse().ok()
    }

    /// Whether the request has a body. That of a GET has no meaning (RFC 9110 §9.3.1), and the
    /// runtime has none.
    pub(in crate::worker) fn has_body(&self) -> bool {
        self.body().is_some()
    }

    /// The request's body.
    pub(in crate::worker) fn body(&self) -> Option<ReadableStream> {
        let is_read = matches!(self.head.get(":method"), Some("GET" | "HEAD"));
        if is_read { None } else { self.raw.body() }
    }

    pub(in crate::worker) fn request(&self) -> crate::http::request::Request<'_> {
        let mut request = crate::http::request::Request::default();
        for (name, value) in self.head.lines() {
            let field = match name {
                ":method" => {
                    request.method = value.into();
                    continue;
                }
                ":url" => {
                    (request.scheme, request.path, request.query) = parts(value);
                    continue;
                }
                "accept" => &mut request.accept,
                "authorization" => &mut request.authorization,
                "cf-connecting-ip" => &mut request.client,
                "content-type" => &mut request.content_type,
                "cookie" => &mut request.cookies,
                "if-match" => &mut request.if_match,
                "if-none-match" => &mut request.if_none_match,
                "origin" => &mut request.origin,
                "sec-fetch-dest" => &mut request.fetch_dest,
                "sec-fetch-mode" => &mut request.fetch_mode,
                "sec-fetch-site" => &mut request.fetch_site,
                "upgrade" => &mut request.upgrade,
                "user-agent" => &mut request.user_agent,
                _ => continue,
            };
            *field = Some(value);
        }
        request
    }
}

/// Scheme, path and query of an address as the runtime writes it:
/// `https://host/path?query#fragment`, with no `?` or `#` before the delimiters.
fn parts(url: &str) -> (Option<&str>, &str, Option<&str>) {
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    let (address, query) =
        url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (scheme, rest) = address.split_once("://").unzip();
    let rest = rest.unwrap_or(address);
    let path = rest.find('/').and_then(|at| rest.get(at..));
    (scheme, path.unwrap_or("/"), query)
}
