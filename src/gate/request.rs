//! What the gate reads of a request.

use url::Url;

use crate::config::parse::Config;
use crate::http::method::Method;
use crate::http::request::Request;

impl Request<'_> {
    /// The address as it would be forwarded. Its host is ours whatever the request says, and a
    /// fragment, which no client sends in good faith, is no part of it (GHSA-pxq7-h93f-9jrg).
    pub(crate) fn url(&self, config: &Config) -> Option<Url> {
        if !self.path.starts_with('/') || self.path.contains('#') {
            return None;
        }
        let query = self.query.map(|query| format!("?{query}")).unwrap_or_default();
        let mut url = Url::parse(&format!("{}{}{query}", config.base_url(), self.path)).ok()?;
        url.set_fragment(None);
        Some(url)
    }

    /// Whether it has come over plain http to a service that is reached by https.
    pub(crate) fn is_plain(&self, config: &Config) -> bool {
        self.scheme == Some("http") && config.site.is_secure()
    }

    /// Whether a page of another origin sends it, as far as browsers say. Origin is null on a page
    /// of our own that keeps its address to itself, and then Sec-Fetch-Site says whose it is.
    /// Programs say neither.
    pub(crate) fn is_foreign(&self, config: &Config) -> bool {
        match (self.origin, self.fetch_site) {
            (Some("null") | None, Some(site)) => !matches!(site, "none" | "same-origin"),
            (Some(origin), _) => origin != config.base_url(),
            (None, None) => false,
        }
    }

    /// Whether its method is not safe (RFC 9110 §9.2.1).
    pub(crate) fn may_change(&self) -> bool {
        !(self.method.is_read() || self.method == Method::Options)
    }

    /// Cross-site tracing: an echo of the request would disclose the token.
    pub(crate) fn is_traced(&self) -> bool {
        matches!(self.method, Method::Connect | Method::Trace | Method::Track)
    }

    /// Whether a person waits for a page. Browsers say so; those from before 2023 do not, and want
    /// HTML.
    pub(crate) fn wants_page(&self) -> bool {
        let wants_html = || self.accept.is_some_and(|accept| accept.contains("text/html"));
        let navigates = self.fetch_mode.map_or_else(wants_html, |mode| mode == "navigate");
        navigates && self.upgrade.is_none()
    }

    pub(crate) fn is_websocket(&self) -> bool {
        self.upgrade.is_some_and(|protocol| protocol.eq_ignore_ascii_case("websocket"))
    }
}
