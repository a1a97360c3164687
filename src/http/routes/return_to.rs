//! Where the browser goes after a login: a page of this site and nowhere else (row H1).

use saml_verify::limits::RELAY_STATE_OCTETS;
use url::Url;

use crate::config::parse::Config;
use crate::http::answer::field;
use crate::http::request::Request;
use crate::http::routes::{Route, START_PAGE};

/// The path, query and fragment that `text` names on `base`'s site; the start page for anything
/// else.
pub(crate) fn same_site(text: Option<&str>, base: &Url) -> String {
    text.and_then(|text| path(text, base)).unwrap_or_else(|| START_PAGE.to_owned())
}

impl Request<'_> {
    /// The page that its query asks to go to afterwards.
    pub(crate) fn return_to(&self, config: &Config) -> String {
        same_site(field(self.query, "return_to").as_deref(), &config.site.base)
    }
}

/// Takes a path, or an address of this very origin, since administrators type whole ones into the
/// IdP's RelayState field. Only a path comes out.
pub(crate) fn path(text: &str, base: &Url) -> Option<String> {
    // Browsers read a backslash as a slash and skip tabs and line breaks, so `/\t/host` is a host.
    let odd = |character: char| character == '\\' || character.is_control();
    if text.len() > RELAY_STATE_OCTETS || text.contains(odd) || text.starts_with("//") {
        return None;
    }
    if !text.starts_with('/') && !text.starts_with(&base.origin().ascii_serialization()) {
        return None;
    }
    let url = base.join(text).ok()?;
    if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    // Dot segments are gone by now, and can have left a host behind: `/.//host`.
    let path = url.path();
    if path.starts_with("//") {
        return None;
    }
    match Route::of(path) {
        // A login that ends in a login never ends.
        Some(
            Route::Account(_)
            | Route::Acs(_)
            | Route::Confirm
            | Route::Login(_)
            | Route::LoginPage
            | Route::SharedAcs,
        ) => return None,
        Some(
            Route::Api(_)
            | Route::Devices
            | Route::Health
            | Route::Jwks
            | Route::Logout
            | Route::Metadata(_)
            | Route::Root
            | Route::Session
            | Route::Settings(..)
            | Route::SharedMetadata
            | Route::SharedSlo
            | Route::Slo(_)
            | Route::StartPage,
        )
        | None => {}
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    Some(format!("{path}{query}{fragment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        same_site(Some(text), &Url::parse("https://app.example:8443").unwrap())
    }

    #[test]
    fn keeps_pages_of_this_site() {
        for (text, kept) in [
            ("/", "/"),
            ("/media?folder=a%2Fb&x=//y#top", "/media?folder=a%2Fb&x=//y#top"),
            ("/a/../b/./c", "/b/c"),
            ("/ä b", "/%C3%A4%20b"),
            ("/%2f%2fevil.example", "/%2f%2fevil.example"),
            ("/%5cevil.example", "/%5cevil.example"),
            ("/http://evil.example", "/http://evil.example"),
            ("/@evil.example", "/@evil.example"),
            ("/sso/", "/sso/"),
            ("/sso/acme/settings", "/sso/acme/settings"),
            ("https://app.example:8443/media?x", "/media?x"),
            ("https://app.example:8443", "/"),
        ] {
            assert_eq!(of(text), kept, "{text}");
        }
    }

    #[test]
    fn sends_everything_else_to_the_start_page() {
        for text in [
            "",
            " /media",
            "media",
            "?x",
            "#x",
            "//evil.example",
            "///evil.example",
            "//app.example:8443/media",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/a\\..\\..\\b",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/media\r\nSet-Cookie: a=b",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%2e//evil.example",
            "http:evil.example",
            "http:/evil.example",
            "https:evil.example",
            "https:/media",
            "https://evil.example/",
            "HTTPS://EVIL.example/",
            "http://app.example:8443/media",
            "https://app.example/media",
            "https://app.example:8443.evil.example/",
            "https://app.example:84430/",
            "https://app.example:8443@evil.example/",
            "https://app.example@evil.example/",
            "https://user@app.example:8443/media",
            "javascript:alert(1)",
            "data:text/html,x",
            "/sso/login",
            "/sso/login?account=acme",
            "/sso/confirm",
            "/sso/acme",
            "/sso/acme/login",
            "/sso/acme/login?return_to=/sso/acme/login",
            "/sso/./acme/x/../login",
            "/sso/acme/acs",
            "/sso/acs",
            "https://app.example:8443/sso/acme/acs#x",
        ] {
            assert_eq!(of(text), START_PAGE, "{text:?}");
        }
        assert_eq!(of(&format!("/{}", "a".repeat(RELAY_STATE_OCTETS))), START_PAGE);
        assert_eq!(same_site(None, &Url::parse("http://localhost:8787").unwrap()), START_PAGE);
    }
}
