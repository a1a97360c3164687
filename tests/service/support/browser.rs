//! What the browser of a world does: it sends requests, and keeps cookies.

use saml_edge::{Entropy, Request};

use super::world::{World, ready};
use crate::common::Scenario;
use crate::fakes::Octets;
use crate::support::form::{answering, fields, form};
use crate::support::seen::{PENDING, Seen};

/// What the cookies that travel with a cross-site POST begin with.
const CROSS_SITE: &str = "__Host-saml_";

impl World {
    /// A navigation within the site.
    pub(crate) fn get(&mut self, address: &str) -> Seen {
        let cookies = self.cookies("");
        self.send("GET", address, None, &cookies, Octets::of(""))
    }

    /// The IdP's page posts a form: only `SameSite=None` cookies come along.
    pub(crate) fn post(&mut self, account: &str, form: &str) -> Seen {
        self.post_body(account, Some("application/x-www-form-urlencoded"), Octets::of(form))
    }

    pub(crate) fn post_body(
        &mut self,
        account: &str,
        content_type: Option<&str>,
        body: Octets,
    ) -> Seen {
        let cookies = self.cookies(CROSS_SITE);
        self.send("POST", &format!("/sso/{account}/acs"), content_type, &cookies, body)
    }

    /// The IdP's page posts to any Reply URL.
    pub(crate) fn post_to(&mut self, path: &str, form: &str) -> Seen {
        let form_type = Some("application/x-www-form-urlencoded");
        let cookies = self.cookies(CROSS_SITE);
        self.send("POST", path, form_type, &cookies, Octets::of(form))
    }

    /// A form of one of our own pages.
    pub(crate) fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Seen {
        let cookies = self.cookies("");
        let content_type = Some("application/x-www-form-urlencoded");
        self.send("POST", path, content_type, &cookies, Octets::of(&fields(form)))
    }

    pub(crate) fn send(
        &mut self,
        method: &str,
        address: &str,
        content_type: Option<&str>,
        cookies: &str,
        body: Octets,
    ) -> Seen {
        let (path, query) = match address.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (address, None),
        };
        self.drawn += 1;
        let draw = self.drawn;
        let entropy = Entropy { reference: [draw; 8], id: [draw; 16], nonce: [draw; 12] };
        let service = self.service();
        let authorization = self.authorization.as_deref();
        let (fetch_site, origin) = (self.fetch_site, self.origin);
        let [fetch_dest, fetch_mode] = self.fetched;
        let request = Request {
            method: method.into(),
            path,
            query,
            authorization,
            content_type,
            cookies: Some(cookies),
            fetch_dest,
            fetch_mode,
            fetch_site,
            if_match: self.if_match.as_deref(),
            if_none_match: self.if_none_match,
            origin,
            user_agent: self.user_agent,
            ..Request::default()
        };
        let reply =
            ready(saml_edge::answer(&service, &request, request.route(), body, entropy, self.now));
        let seen = Seen { answer: reply.answer, log: reply.log };
        assert!(!seen.spreads_a_cookie(), "{method} {address}: {:?}", seen.answer.headers);
        for cookie in seen.headers("set-cookie") {
            self.keep(cookie);
        }
        seen
    }

    /// Takes a Set-Cookie line as a browser does.
    pub(crate) fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').expect("attributes");
        let (name, value) = pair.split_once('=').expect("a name and a value");
        // A browser drops a `__Host-` cookie that breaks the prefix's promise.
        assert!(name.starts_with("__Host-"), "{cookie}");
        let attribute = |name| attributes.split("; ").any(|it| it.trim() == name);
        assert!(["Secure", "HttpOnly", "Path=/"].into_iter().all(attribute), "{cookie}");
        assert!(attributes.contains("SameSite=") && !attributes.contains("Domain"), "{cookie}");
        if attributes.ends_with("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The Cookie header with what begins with `prefix`.
    pub(crate) fn cookies(&self, prefix: &str) -> String {
        let kept = self.jar.iter().filter(|(name, _)| name.starts_with(prefix));
        kept.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// How many logins the browser has under way.
    pub(crate) fn pending(&self) -> usize {
        self.jar.keys().filter(|name| name.starts_with(PENDING)).count()
    }

    /// Starts a login and gives the ID of its AuthnRequest.
    pub(crate) fn start(&mut self, return_to: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", return_to)
            .finish();
        self.get(&format!("/sso/acme/login?{query}")).request_id()
    }

    /// Starts a login and posts `scenario` as its answer, whatever else it says.
    pub(crate) fn sign_in(&mut self, scenario: impl FnOnce(Scenario) -> Scenario) -> Seen {
        let id = self.start("/media");
        self.post("acme", &form(&scenario(answering(&id))))
    }

    /// The signed-in user as the front end sees one.
    pub(crate) fn session(&mut self) -> serde_json::Value {
        let seen = self.get("/sso/session");
        serde_json::from_str(&seen.answer.body).expect("JSON")
    }
}
