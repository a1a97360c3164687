//! From outcomes to HTTP: the only place that knows status codes and headers.

use std::borrow::Cow;

use askama::Template;
use serde::Serialize;

use crate::config::brand::Brand;
use crate::config::brand::csp::source_of;
use crate::config::parse::Config;
use crate::http::method::{Method, allow};
use crate::http::page::{Layout, NoticePage, Page};

/// A response, ready to send.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, with their values. Set-Cookie may stand here several times.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: String,
    /// What becomes the body once the brand is known.
    page: Option<PageBody>,
}

/// A page that still lacks what all pages share.
#[derive(Clone, Debug)]
struct PageBody {
    title: String,
    /// HTML.
    content: String,
    /// Where its forms may lead.
    form_action: &'static str,
    /// The origins that may show it in a frame.
    frame_ancestors: Option<String>,
    /// The script in it.
    script: Option<&'static str>,
}

/// The Cache-Control of whatever carries a cookie of ours (row H17).
pub(crate) const NOT_STORED: &str = "private, no-store";

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
/// Metadata §4.1.1.
pub(crate) const SAML_METADATA: &str = "application/samlmetadata+xml";

const HEALTH: &str = concat!(r#"{"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![
            ("cache-control", "no-store".to_owned()),
            ("content-type", content_type.to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        Self { status, headers, body, page: None }.with("content-security-policy", CLOSED)
    }

    /// Sets a header, in place of the one of that name.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn with_cookies(mut self, set_cookies: impl IntoIterator<Item = String>) -> Self {
        self.headers.extend(set_cookies.into_iter().map(|cookie| ("set-cookie", cookie)));
        self
    }

    pub(crate) fn page(status: u16, page: &impl Page) -> Self {
        let Ok(content) = page.render() else { return Self::unwritable() };
        let title = page.title().to_owned();
        let form_action = "'none'";
        let page = PageBody { title, content, form_action, frame_ancestors: None, script: None };
        Self { page: Some(page), ..Self::new(status, HTML, String::new()) }
    }

    fn unwritable() -> Self {
        Self::new(500, "text/plain", "The page cannot be written.".to_owned())
    }

    /// Says where the page's forms may lead.
    pub(crate) fn form_action(mut self, form_action: &'static str) -> Self {
        if let Some(page) = &mut self.page {
            page.form_action = form_action;
        }
        self
    }

    pub(crate) fn script(mut self, script: &'static str) -> Self {
        if let Some(page) = &mut self.page {
            page.script = Some(script);
        }
        self
    }

    /// The answer as it goes out: a page in its product's colours, and a cookie for one browser
    /// alone.
    pub(crate) fn with_layout(mut self, brand: &Brand) -> Self {
        if self.headers.iter().any(|(name, _)| *name == "set-cookie") {
            self = self.with("cache-control", NOT_STORED);
        }
        let Some(page) = self.page.take() else { return self };
        let layout = Layout { brand, title: &page.title, content: &page.content };
        let Ok(html) = layout.render() else { return Self::unwritable() };
        let policy = policy(&page, brand);
        Self { body: html, ..self }.with("content-security-policy", &policy)
    }

    /// The same for a service that is reached by https: by nothing else for a year (RFC 6797), on
    /// its host alone. Sibling hosts are not ours to decide about.
    pub(crate) fn secured(self) -> Self {
        self.with("strict-transport-security", "max-age=31536000")
    }

    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(json) => Self::new(status, JSON, json),
            Err(_) => Self::new(500, JSON, r#"{"error":"json_unwritable"}"#.to_owned()),
        }
    }

    /// JSON that is written already.
    pub(crate) fn json_text(json: &str) -> Self {
        Self::new(200, JSON, json.to_owned())
    }

    /// Done, and nothing to say.
    pub(crate) fn no_content() -> Self {
        Self::new(204, JSON, String::new())
    }

    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, "text/plain", String::new()).with("location", location)
    }

    /// A redirect to the login, from a page that needs a session.
    pub(crate) fn found(path: &str) -> Self {
        Self::redirect(302, path)
    }

    /// The same by https, whatever the method.
    pub(crate) fn by_https(url: &str) -> Self {
        Self::redirect(308, url)
    }

    /// On to a page of this site. 303, so that a reload posts nothing again.
    pub(crate) fn see_other(path: &str) -> Self {
        Self::redirect(303, path)
    }

    /// Lets `sources`, if there are any, show the page in a frame.
    pub(crate) fn framed_by(mut self, sources: Option<String>) -> Self {
        if let Some(page) = &mut self.page {
            page.frame_ancestors = sources;
        }
        self
    }

    /// A page with a form that changes a session and may lead to the IdP. The browser must say that
    /// the form is ours, and under the policy of other pages its Origin would be null.
    pub(crate) fn own_form_page(page: &impl Page, config: &Config) -> Self {
        Self::form_page(200, page, config).with("referrer-policy", "same-origin")
    }

    /// A page with a form that leads to the IdP. Browsers hold form-action against every address
    /// that a form leads to.
    pub(crate) fn form_page(status: u16, page: &impl Page, config: &Config) -> Self {
        let targets = if config.site.is_secure() { "'self' https:" } else { "'self' http: https:" };
        Self::page(status, page).form_action(targets)
    }

    /// The public keys. Five minutes: as long as a new key must be published before it signs.
    pub(crate) fn jwks(jwks: &str) -> Self {
        Self::new(200, JSON, jwks.to_owned()).with("cache-control", "public, max-age=300")
    }

    /// SP metadata. Five minutes: settings and certificates change.
    pub(crate) fn sp_metadata(xml: String) -> Self {
        Self::new(200, SAML_METADATA, xml).with("cache-control", "public, max-age=300")
    }

    /// An IdP's metadata, as it was stored.
    pub(crate) fn stored_metadata(xml: String) -> Self {
        Self::new(200, SAML_METADATA, xml)
    }

    /// Sets the ETag of the state that the answer shows. An intermediary that compresses an answer
    /// must weaken its ETag (RFC 9110 §8.8.1), and If-Match accepts no weak one: so no-transform.
    pub(crate) fn tagged(self, etag: &str) -> Self {
        self.with("cache-control", "no-store, no-transform").with("etag", etag)
    }

    /// The Worker runs.
    pub(crate) fn health() -> Self {
        Self::new(200, JSON, HEALTH.to_owned())
    }

    /// Nothing is at this path.
    pub(crate) fn not_found() -> Self {
        Self::page(404, &NoticePage { title: "There is no such page" })
    }

    /// Something is at this path, but not for this method.
    pub(crate) fn method_not_allowed(methods: &[Method]) -> Self {
        Self::page(405, &NoticePage { title: "This page cannot be used in this way" })
            .with("allow", &allow(methods))
    }
}

/// The policy of what is no page.
const CLOSED: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Nothing but the page's own style, its one script if it has one, and the product's logo; no
/// frame, and forms only where the page says (row H6).
fn policy(page: &PageBody, brand: &Brand) -> String {
    let PageBody { form_action, script, .. } = page;
    let frame_ancestors = page.frame_ancestors.as_deref().unwrap_or("'none'");
    let mut policy = format!(
        "default-src 'none'; style-src {}; form-action {form_action}; base-uri 'none'; \
         frame-ancestors {frame_ancestors}",
        brand.style_source
    );
    if let Some(logo) = &brand.logo {
        policy.push_str("; img-src ");
        policy.push_str(&logo.source);
    }
    if let Some(script) = script {
        policy.push_str("; script-src ");
        policy.push_str(&source_of(script));
    }
    policy
}

/// The first field of that name in a query.
pub(crate) fn field(query: Option<&str>, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(query?.as_bytes());
    fields.find(|(field, _)| field == name).map(|(_, value)| Cow::into_owned(value))
}
