//! A request without its body, as Rust sees it.

use worker::Request;

use crate::service;

/// What the runtime says of a request, read once.
pub(super) struct Received {
    method: String,
    path: String,
    url: String,
    accept: Option<String>,
    authorization: Option<String>,
    client: Option<String>,
    content_type: Option<String>,
    cookies: Option<String>,
    fetch_mode: Option<String>,
    fetch_site: Option<String>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    origin: Option<String>,
    upgrade: Option<String>,
    user_agent: Option<String>,
}

impl Received {
    pub(super) fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).ok().flatten();
        Self {
            // The raw method and address: `worker::Method` takes what it does not know for GET.
            method: request.inner().method(),
            path: request.path(),
            url: request.inner().url(),
            accept: header("accept"),
            authorization: header("authorization"),
            client: header("cf-connecting-ip"),
            content_type: header("content-type"),
            cookies: header("cookie"),
            fetch_mode: header("sec-fetch-mode"),
            fetch_site: header("sec-fetch-site"),
            if_match: header("if-match"),
            if_none_match: header("if-none-match"),
            origin: header("origin"),
            upgrade: header("upgrade"),
            user_agent: header("user-agent"),
        }
    }

    pub(super) fn request(&self) -> service::Request<'_> {
        service::Request {
            method: &self.method,
            path: &self.path,
            query: self.url.split_once('?').map(|(_, query)| query),
            accept: self.accept.as_deref(),
            authorization: self.authorization.as_deref(),
            client: self.client.as_deref(),
            content_type: self.content_type.as_deref(),
            cookies: self.cookies.as_deref(),
            fetch_mode: self.fetch_mode.as_deref(),
            fetch_site: self.fetch_site.as_deref(),
            if_match: self.if_match.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            origin: self.origin.as_deref(),
            upgrade: self.upgrade.as_deref(),
            user_agent: self.user_agent.as_deref(),
        }
    }
}
