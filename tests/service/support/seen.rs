//! What a test sees of one answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_edge::Answer;

pub(crate) const SESSION: &str = "__Host-session";

pub(crate) const PENDING: &str = "__Host-saml_req_";

/// Names every task in the log.
pub(crate) const REFERENCE: &str = "0707070707070707";

/// Whether these headers of an answer carry a cookie of ours and do not keep it from every cache.
pub(crate) fn spreads_a_cookie(headers: &[(&str, &str)]) -> bool {
    let has = |name: &str| headers.iter().any(|(other, _)| *other == name);
    let sets =
        headers.iter().any(|(name, value)| *name == "set-cookie" && value.starts_with("__Host-"));
    let said: Vec<_> = headers.iter().filter(|(name, _)| *name == "cache-control").collect();
    let kept = matches!(*said, [(_, "private, no-store")]);
    let past =
        ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "expires"];
    sets && (!kept || past.into_iter().any(has))
}

/// An answer and its line in the log.
pub(crate) struct Seen {
    pub(crate) answer: Answer,
    pub(crate) log: Option<String>,
}

impl Seen {
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let headers = self.answer.headers.iter().filter(move |(known, _)| *known == name);
        headers.map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.headers(name);
        let value = values.next().unwrap_or_default();
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }

    pub(crate) fn logged(&self, field: &str) -> String {
        let line = self.log.as_deref().expect("a log line");
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        line.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    /// Whether somebody else may get a cookie of this browser's: whatever sets or clears one of
    /// ours must say that no cache keeps it, in any of the languages that caches know (RFC 9111
    /// §7.3).
    pub(crate) fn spreads_a_cookie(&self) -> bool {
        let headers = self.answer.headers.iter().map(|(name, value)| (*name, &**value));
        spreads_a_cookie(&headers.collect::<Vec<_>>())
    }

    /// The code in the log, after seeing that nobody was signed in and no other site named.
    pub(crate) fn refusal(&self) -> String {
        assert!(!self.headers("set-cookie").any(|cookie| cookie.starts_with(SESSION)));
        assert_eq!(self.header("location"), "");
        assert!(self.header("cache-control").ends_with("no-store"));
        self.logged("code")
    }

    /// The ID of the AuthnRequest.
    pub(crate) fn request_id(&self) -> String {
        let xml = self.request_xml();
        let (_, rest) = xml.split_once(" ID=\"").expect("an ID");
        rest.split('"').next().expect("an ID").to_owned()
    }

    /// The AuthnRequest in the page's form, or in Location, inflated as an IdP does it.
    pub(crate) fn request_xml(&self) -> String {
        if let Some((_, rest)) = self.answer.body.split_once("name=\"SAMLRequest\" value=\"") {
            let message = rest.split('"').next().expect("a value");
            let xml = STANDARD.decode(message).expect("base64");
            return String::from_utf8(xml).expect("UTF-8");
        }
        let (_, query) = self.header("location").split_once('?').expect("a query");
        let (name, message) = form_urlencoded::parse(query.as_bytes()).next().expect("a field");
        assert_eq!(name, "SAMLRequest");
        let deflated = STANDARD.decode(&*message).expect("base64");
        let xml = miniz_oxide::inflate::decompress_to_vec(&deflated).expect("DEFLATE");
        String::from_utf8(xml).expect("UTF-8")
    }
}
