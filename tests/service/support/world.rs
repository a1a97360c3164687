//! One deployment with the account `acme`, and one browser that talks to it.

use std::collections::HashMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use saml_edge::{
    AccountId, Answer, Config, Current, Entropy, Fault, Gate, Ledger as _, MetadataCache,
    NoteRefusal, Passage, PastRefusal, Platform, Put, Refreshed, Request, RsaKeys, Service, Stored,
    Task, TaskOutcome,
};
use saml_verify::time::UnixTime;

use crate::common::{METADATA, NOW, Scenario};
use crate::fakes::{Octets, Store, Web};
use crate::ledgers::{Broken, SqliteLedger};

/// The ports of a deployment in a test.
pub(crate) struct Memory;

impl Platform for Memory {
    type Accounts = Store;
    type Ledger = Broken<SqliteLedger>;
    type Keys = RsaKeys;
}

pub(crate) const BASE_URL: &str = "https://edge.example";
pub(crate) const SESSION: &str = "__Host-session";
pub(crate) const PENDING: &str = "__Host-saml_req_";

/// Names every task in the log.
pub(crate) const REFERENCE: &str = "0707070707070707";

/// What the cookies that travel with a cross-site POST begin with.
const CROSS_SITE: &str = "__Host-saml_";

/// Drives a future of which nothing is ever pending.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a fake never waits"),
    }
}

/// A secret of 32 equal octets, as `keygen` would write it.
pub(crate) fn secret(octet: u8) -> String {
    URL_SAFE_NO_PAD.encode([octet; 32])
}

/// A private key, and with it its certificate.
pub(crate) const SP_KEY: &str = include_str!("../../common/sp.key.pem");
pub(crate) fn sp_key() -> String {
    let certificate = include_str!("../../common/sp.certificate.b64");
    format!("{SP_KEY}-----BEGIN CERTIFICATE-----\n{certificate}-----END CERTIFICATE-----\n")
}

/// The base64 of that certificate, on one line.
pub(crate) fn sp_certificate() -> String {
    include_str!("../../common/sp.certificate.b64").replace('\n', "")
}

/// Vars and secrets that pass.
pub(crate) fn vars() -> HashMap<&'static str, String> {
    HashMap::from([
        ("BASE_URL", BASE_URL.to_owned()),
        ("ACCOUNT_CLAIM", "account_id".to_owned()),
        ("NAME_CLAIM", "full_name".to_owned()),
        ("ROLE_CLAIM", "role".to_owned()),
        ("ROLES", "account_administrator,developer,finance".to_owned()),
        ("SESSION_SECONDS", "28800".to_owned()),
        ("CLOCK_SKEW_SECONDS", "60".to_owned()),
        ("SESSION_KEYS", secret(1)),
        ("TOKEN_KEYS", secret(2)),
    ])
}

/// The passing vars with some replaced.
pub(crate) fn config_with(changes: &[(&'static str, &str)]) -> Config {
    let mut vars = vars();
    vars.extend(changes.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Config::parse(|name| vars.get(name).cloned()).expect("a good configuration")
}

/// A deployment and a browser.
pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) store: Rc<Store>,
    pub(crate) ledger: Broken<SqliteLedger>,
    pub(crate) metadata: MetadataCache,
    pub(crate) web: Web,
    pub(crate) private_keys: RsaKeys,
    pub(crate) jar: HashMap<String, String>,
    /// The Authorization header, which programs send and browsers do not.
    pub(crate) authorization: Option<String>,
    /// The If-Match header, which programs send.
    pub(crate) if_match: Option<String>,
    /// The If-None-Match header.
    pub(crate) if_none_match: Option<&'static str>,
    pub(crate) now: UnixTime,
    pub(crate) drawn: u8,
    /// The Sec-Fetch-Dest and Sec-Fetch-Mode headers of whatever is sent.
    pub(crate) fetched: [Option<&'static str>; 2],
    /// The Sec-Fetch-Site header of whatever is sent.
    pub(crate) fetch_site: Option<&'static str>,
    /// The Origin header of whatever is sent.
    pub(crate) origin: Option<&'static str>,
    /// The User-Agent header of whatever is sent.
    pub(crate) user_agent: Option<&'static str>,
}

impl World {
    /// `acme` with the test IdP and without settings.
    pub(crate) fn new() -> Self {
        let store = Rc::<Store>::default();
        let world = Self {
            config: config_with(&[]),
            store: Rc::clone(&store),
            ledger: Broken::over(store),
            metadata: MetadataCache::default(),
            web: Web::default(),
            private_keys: RsaKeys::default(),
            jar: HashMap::new(),
            authorization: None,
            if_match: None,
            if_none_match: None,
            now: NOW,
            drawn: 0,
            fetched: [Some("document"), Some("navigate")],
            fetch_site: Some("same-origin"),
            origin: None,
            user_agent: None,
        };
        world.add("acme", METADATA, None);
        world
    }

    /// The same with settings for `acme`.
    pub(crate) fn with_settings(settings: &str) -> Self {
        let world = Self::new();
        world.add("acme", METADATA, Some(settings));
        world
    }

    /// The same, and a key with its certificate in `SP_KEYS`.
    pub(crate) fn with_sp_key(settings: &str) -> Self {
        Self {
            config: config_with(&[("SP_KEYS", &sp_key())]),
            private_keys: RsaKeys::from_pems([SP_KEY]).expect("a private key"),
            ..Self::with_settings(settings)
        }
    }

    pub(crate) fn add(&self, account: &str, metadata: &str, settings: Option<&str>) {
        let settings = settings.map(str::to_owned);
        let stored = Stored { metadata: Some(metadata.to_owned()), settings };
        self.store.accounts.borrow_mut().insert(account.to_owned(), stored);
    }

    /// Changes an account by its ledger, as an operator does.
    pub(crate) fn change(&self, account: &str, metadata: Option<&str>, settings: Option<&str>) {
        let id = AccountId::parse(account).expect("an account");
        let after =
            Stored { metadata: metadata.map(str::to_owned), settings: settings.map(str::to_owned) };
        let now = self.now.seconds();
        let current = Current { account: id.clone(), now };
        let before = ready(self.ledger.ask(&id, &current)).expect("a ledger");
        let put = Put {
            account: id.clone(),
            expected: before.epoch(),
            after,
            actor: "operator".to_owned(),
            reference: REFERENCE.to_owned(),
            is_heard: false,
            now,
        };
        assert!(ready(self.ledger.ask(&id, &put)).expect("a ledger").made);
    }

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

    /// What the gate makes of a request.
    pub(crate) fn gate(&self, request: &Request<'_>) -> Gate {
        let entropy = Entropy { reference: [7; 8], ..Entropy::default() };
        let gate = ready(saml_edge::gate(
            &self.service(),
            request,
            request.route().as_ref(),
            &entropy,
            self.now,
        ));
        if let Some(passage) =
            Passage::at_once(request, request.route().as_ref(), &self.config, self.now)
        {
            assert_eq!(format!("{:?}", Gate::Open(passage)), format!("{gate:?}"));
        }
        gate
    }

    /// The identity token that an origin behind the gate gets of this browser.
    pub(crate) fn token(&self) -> String {
        let config = config_with(&[("ORIGIN", "http://127.0.0.1:9000")]);
        let cookies = self.cookies("");
        let request = Request {
            method: "GET".into(),
            path: "/",
            cookies: Some(&cookies),
            ..Request::default()
        };
        let passage = Passage::at_once(&request, request.route().as_ref(), &config, self.now)
            .expect("a session");
        let told = passage.headers().find(|(name, _)| *name == "x-saml-edge-jwt-assertion");
        told.expect("a token").1.to_owned()
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

    /// Does a task of a round.
    pub(crate) fn work(&self, task: &Task) -> TaskOutcome {
        ready(saml_edge::work(&self.service(), task, REFERENCE, self.now))
    }

    pub(crate) fn refresh(&self, account: &str, now: UnixTime) -> Result<Refreshed, Fault> {
        let account = AccountId::parse(account).expect("an account");
        ready(saml_edge::refresh(&self.service(), &account, REFERENCE, now))
    }

    pub(crate) fn service(&self) -> Service<'_, Memory> {
        Service {
            config: &self.config,
            accounts: &self.store,
            ledger: &self.ledger,
            private_keys: &self.private_keys,
            metadata: &self.metadata,
            network: &self.web,
        }
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

    /// Keeps a refusal in the ledger of `acme`.
    pub(crate) fn note(&self, refusal: &PastRefusal) {
        let acme = AccountId::parse("acme").expect("an id");
        ready(self.ledger.ask(&acme, &NoteRefusal(refusal.clone()))).expect("a ledger");
    }

    /// The signed-in user as the front end sees one.
    pub(crate) fn session(&mut self) -> serde_json::Value {
        let seen = self.get("/sso/session");
        serde_json::from_str(&seen.answer.body).expect("JSON")
    }
}

/// A passing response to the request `id`.
pub(crate) fn answering(id: &str) -> Scenario {
    let (from, to) = ("InResponseTo=\"_request\"", format!("InResponseTo=\"{id}\""));
    Scenario::valid().in_response(from, &to).in_assertion(from, &to)
}

/// The same, in an assertion called `assertion`.
pub(crate) fn answering_with(id: &str, assertion: &str) -> Scenario {
    answering(id).in_assertion("ID=\"_assertion\"", &format!("ID=\"{assertion}\""))
}

/// The form that the IdP's page posts.
pub(crate) fn form(scenario: &Scenario) -> String {
    fields(&[("SAMLResponse", &STANDARD.encode(scenario.xml()))])
}

/// The same with a RelayState.
pub(crate) fn form_with(scenario: &Scenario, relay_state: &str) -> String {
    let response = STANDARD.encode(scenario.xml());
    fields(&[("SAMLResponse", &response), ("RelayState", relay_state)])
}

pub(crate) fn fields(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

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

    /// Whether somebody else may get a cookie of this browser's: whatever sets or clears one of ours must
    /// say that no cache keeps it, in any of the languages that caches know (RFC 9111 §7.3).
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
