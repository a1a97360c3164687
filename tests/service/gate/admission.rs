//! The gate: who is let through, who is not, and what the origin is told.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saml_edge::{Answer, Entropy, Fault, Gate, Passage, Request};
use serde_json::Value;

use crate::common::{NOW, Scenario};
use crate::world::{BASE_URL, SESSION, Seen, World, config_with, form};

const ORIGIN: &str = "http://127.0.0.1:9000";
const ENTROPY: Entropy = Entropy { reference: [7; 8], id: [0; 16], nonce: [0; 12] };

/// A gate, and the Cookie header of somebody who is signed in as a developer.
struct Front {
    world: World,
    cookies: String,
}

impl Front {
    fn new(vars: &[(&'static str, &str)]) -> Self {
        Self::before(signed_in(|it| it), vars)
    }

    fn before(mut world: World, vars: &[(&'static str, &str)]) -> Self {
        world.config = config_with(&[&[("ORIGIN", ORIGIN)], vars].concat());
        Self { cookies: world.cookies(""), world }
    }

    fn of(&self, request: &Request<'_>) -> Gate {
        self.world.gate(request)
    }

    /// A navigation of the signed-in user.
    fn visit(&self, address: &str) -> Gate {
        self.of(&Request { cookies: Some(&self.cookies), ..navigation(address) })
    }

    fn passage(&self, address: &str) -> Passage {
        open(self.visit(address)).unwrap_or_else(|| panic!("{address} is closed"))
    }
}

fn signed_in(change: impl FnOnce(Scenario) -> Scenario) -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(change).answer.status, 303);
    world
}

fn get(address: &str) -> Request<'_> {
    let (path, query) = match address.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (address, None),
    };
    Request { method: "GET".into(), path, query, ..Request::default() }
}

fn navigation(address: &str) -> Request<'_> {
    Request { accept: Some("text/html"), fetch_mode: Some("navigate"), ..get(address) }
}

fn open(gate: Gate) -> Option<Passage> {
    match gate {
        Gate::Open(passage) => Some(passage),
        Gate::Closed(_) | Gate::Own => None,
    }
}

fn closed(gate: Gate) -> Seen {
    match gate {
        Gate::Closed(reply) => {
            let seen = Seen { answer: reply.answer, log: reply.log };
            assert!(!seen.spreads_a_cookie(), "{:?}", seen.answer.headers);
            seen
        }
        Gate::Open(_) | Gate::Own => panic!("it is not closed"),
    }
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect("JSON")
}

#[test]
fn without_an_origin_nothing_is_behind_the_gate() {
    assert!(matches!(World::new().gate(&navigation("/media")), Gate::Own));
}

#[test]
fn what_is_our_own_never_reaches_the_origin() {
    let front = Front::new(&[("PUBLIC_PATHS", "/*")]);
    for path in [
        "/sso/",
        "/sso/login",
        "/sso/acme/acs",
        "/.well-known/jwks.json",
        "/sso",
        "/sso/other",
        "/x/../sso/login",
        "/x/%2e%2e/sso/api/v1/accounts/acme/users",
        "/x\\..\\sso\\session",
    ] {
        assert!(matches!(front.visit(path), Gate::Own), "{path}");
    }
}

#[test]
fn navigations_without_a_session_go_to_the_login() {
    let front = Front::new(&[]);
    for (address, return_to) in [
        ("/", "%2F"),
        ("/media?folder=a%2Fb&x=1", "%2Fmedia%3Ffolder%3Da%252Fb%26x%3D1"),
        ("/a/../media", "%2Fmedia"),
        ("/SSO/login", "%2FSSO%2Flogin"),
        ("/.well-known/other", "%2F.well-known%2Fother"),
    ] {
        let seen = closed(front.of(&navigation(address)));
        assert_eq!(seen.answer.status, 302, "{address}");
        assert_eq!(seen.header("location"), format!("/sso/login?return_to={return_to}"));
        assert_eq!(seen.header("strict-transport-security"), "max-age=31536000");
        assert_eq!(seen.header("cache-control"), "no-store");
    }
    let old_browser = Request { fetch_mode: None, ..navigation("/") };
    assert_eq!(closed(front.of(&old_browser)).answer.status, 302);
}

#[test]
fn everything_else_without_a_session_is_told_where_the_login_is() {
    let front = Front::new(&[]);
    for request in [
        Request { method: "POST".into(), ..get("/") },
        Request { method: "HEAD".into(), ..get("/") },
        Request { method: "OPTIONS".into(), ..get("/") },
        Request { method: "PROPFIND".into(), ..get("/") },
        Request { method: "POST".into(), fetch_mode: Some("cors"), ..navigation("/") },
        Request { upgrade: Some("websocket"), ..navigation("/") },
        Request { fetch_mode: Some("cors"), ..navigation("/") },
        Request { fetch_mode: Some("websocket"), ..navigation("/") },
        Request { fetch_mode: None, accept: Some("*/*"), ..navigation("/") },
        Request { fetch_mode: None, accept: None, ..navigation("/") },
    ] {
        let seen = closed(front.of(&request));
        assert_eq!(seen.answer.status, 401, "{request:?}");
        assert_eq!(json(&seen.answer)["login"], "/sso/login");
        assert_eq!(json(&seen.answer)["error"], "not_signed_in");
        assert_eq!(seen.header("cache-control"), "no-store");
    }
}

/// A redirect would lose it without a word.
#[test]
fn a_form_that_is_sent_without_a_session_is_told_so() {
    let front = Front::new(&[]);
    let form = Request { method: "POST".into(), ..navigation("/orders") };
    let seen = closed(front.of(&form));
    assert_eq!((seen.answer.status, &*seen.logged("code")), (401, "not_signed_in"));
    assert_eq!(seen.logged("event"), "request_refused");
    assert_eq!(seen.header("cache-control"), "no-store");
    assert!(seen.answer.body.contains("href=\"/sso/login\" target=\"_blank\""));
    let again = Request { cookies: Some(&front.cookies), ..form };
    assert!(open(front.of(&again)).is_some());
}

#[test]
fn no_cookie_but_a_standing_session_opens() {
    let front = Front::new(&[]);
    assert!(open(front.visit("/")).is_some());
    let session = front.cookies.split("; ").find(|it| it.starts_with(SESSION)).expect("a session");
    let token = session.rsplit_once('.').expect("a MAC").0;
    let altered = session.replace('A', "B");
    let companion = front.cookies.replace(session, "");
    for cookies in
        ["", token, &altered, session, &companion, &session.to_lowercase(), &format!("x{session}")]
    {
        let gate = front.of(&Request { cookies: Some(cookies), ..navigation("/") });
        assert!(open(gate).is_none(), "{cookies}");
    }
    let mut later = front;
    later.world.now = NOW.plus(28_800);
    assert!(open(later.visit("/")).is_none());
}

/// What is let through at once is what is let through at all: [`World::gate`] compares the two.
#[test]
fn a_request_waits_for_nobody_while_its_session_stands() {
    let mut front = Front::new(&[("PUBLIC_PATHS", "/robots.txt")]);
    let at_once = |front: &Front, request: Request<'_>| {
        Passage::at_once(&request, request.route().as_ref(), &front.world.config, front.world.now)
            .is_some()
    };
    let cookies = front.cookies.clone();
    let of_user = |request| Request { cookies: Some(&cookies), ..request };
    assert!(at_once(&front, of_user(get("/"))));
    assert!(at_once(&front, get("/robots.txt")));
    assert!(!at_once(&front, get("/")));
    assert!(!at_once(&front, of_user(get("/sso/"))));
    assert!(!at_once(&front, of_user(get("/x/../sso/"))));
    assert!(!at_once(&front, of_user(Request { method: "TRACE".into(), ..get("/") })));
    front.world.now = NOW.plus(300);
    assert!(!at_once(&front, of_user(get("/"))));
}

#[test]
fn a_session_is_renewed_on_its_way_through() {
    let mut front = Front::new(&[]);
    front.world.now = NOW.plus(299);
    assert!(front.passage("/").set_cookies().is_empty());
    front.world.now = NOW.plus(300);
    let passage = front.passage("/");
    let [cookie] = passage.set_cookies() else { panic!("one cookie") };
    let token = &forwarded(&passage, &[])["x-saml-edge-jwt-assertion"];
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    assert!(cookie.starts_with(&format!("{SESSION}={signed}.")), "{cookie}");
    assert!(!cookie.contains(signature), "{cookie}");
    assert_eq!(passage.log(), None);
}

/// By then somebody else may sit at the browser.
#[test]
fn a_slow_origin_brings_no_renewal_along() {
    let mut front = Front::new(&[]);
    let due = NOW.plus(300);
    front.world.now = due;
    for (seconds, set) in [(0, 1), (5, 1), (6, 0), (100, 0)] {
        let passage = front.passage("/").answered_at(due.plus(seconds));
        assert_eq!(passage.set_cookies().len(), set, "{seconds} s");
    }
}

#[test]
fn a_session_that_was_ended_elsewhere_opens_nothing_once_it_is_due() {
    let mut front = Front::new(&[]);
    front.world.ledger.run("DELETE FROM sessions");
    front.world.now = NOW.plus(299);
    assert!(open(front.visit("/")).is_some());
    front.world.now = NOW.plus(300);
    let seen = closed(front.visit("/"));
    assert_eq!(seen.answer.status, 302);
    assert!(seen.headers("set-cookie").any(|it| it.starts_with(&format!("{SESSION}=;"))));
}

#[test]
fn without_its_ledger_a_session_lasts_until_its_token_expires() {
    let mut front = Front::new(&[]);
    front.world.ledger.broken.set(true);
    front.world.now = NOW.plus(599);
    let passage = front.passage("/");
    assert!(passage.log().is_some_and(|it| it.contains("ledger_unreachable")));
    front.world.now = NOW.plus(600);
    let seen = closed(front.visit("/"));
    assert_eq!((seen.answer.status, &*seen.logged("code")), (302, "ledger_unreachable"));
}

/// Under the same keys: row G7.
#[test]
fn a_session_of_another_host_opens_nothing() {
    let front = Front::new(&[("BASE_URL", "https://other.example")]);
    assert_eq!(closed(front.visit("/")).answer.status, 302);
}

#[test]
fn public_paths_need_no_session() {
    let front = Front::new(&[("PUBLIC_PATHS", "/robots.txt, /assets/*")]);
    for path in ["/robots.txt", "/assets/app.js", "/assets/", "/x/../assets/app.js"] {
        assert!(open(front.of(&get(path))).is_some(), "{path}");
    }
    for path in ["/", "/robots.txt/", "/Assets/app.js", "/assets", "/assets/../media"] {
        assert_eq!(closed(front.of(&get(path))).answer.status, 401, "{path}");
    }
}

/// Whoever is on the way could answer in our place, and lead people to a login of their own.
#[test]
fn plain_http_leads_to_the_same_address_by_https() {
    for vars in [&[("PUBLIC_PATHS", "/public/*")][..], &[("ORIGIN", "")]] {
        let front = Front::new(vars);
        for (method, address, location) in [
            ("GET", "/", "/"),
            ("GET", "/public/x", "/public/x"),
            ("POST", "/orders?a=%2F&b", "/orders?a=%2F&b"),
            ("GET", "/sso/login?return_to=%2Fmedia", "/sso/login?return_to=%2Fmedia"),
            ("GET", "/sso/", "/sso/"),
            ("POST", "/sso/acme/acs", "/sso/acme/acs"),
            ("GET", "/.well-known/jwks.json", "/.well-known/jwks.json"),
            ("DELETE", "/sso/healthz", "/sso/healthz"),
            ("TRACE", "/", "/"),
            ("GET", "//evil.example/x", "//evil.example/x"),
            ("GET", "/@evil.example", "/@evil.example"),
            ("GET", "evil.example", "/"),
        ] {
            for scheme in [None, Some("https")] {
                let request = Request { method: method.into(), scheme, ..get(address) };
                let gate = front.of(&request);
                let moved = matches!(&gate, Gate::Closed(it) if it.answer.status == 308);
                assert!(!moved, "{scheme:?} {address}");
            }
            let cookies = Some(&*front.cookies);
            let plain =
                Request { method: method.into(), cookies, scheme: Some("http"), ..get(address) };
            let seen = closed(front.of(&plain));
            assert_eq!(seen.answer.status, 308, "{method} {address}");
            assert_eq!(seen.header("location"), format!("{BASE_URL}{location}"));
            assert_eq!(seen.header("cache-control"), "no-store");
            assert_eq!(seen.header("strict-transport-security"), "", "RFC 6797 §7.2");
            assert_eq!(seen.headers("set-cookie").count(), 0);
        }
        // A monitor wants an answer, and is told nothing that anybody may not know.
        let seen = closed(front.of(&Request { scheme: Some("http"), ..get("/sso/healthz") }));
        assert_eq!((seen.answer.status, &json(&seen.answer)["status"]), (200, &"ok".into()));
        assert_eq!(seen.header("strict-transport-security"), "");
    }
}

#[test]
fn where_there_is_no_https_plain_http_is_served() {
    let front = Front::new(&[("BASE_URL", "http://localhost:8787"), ("PUBLIC_PATHS", "/*")]);
    let plain = Request { scheme: Some("http"), ..get("/x") };
    assert!(open(front.of(&plain)).is_some());
}

#[test]
fn no_method_echoes_what_the_origin_is_told() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    for method in ["TRACE", "TRACK", "CONNECT"] {
        for path in ["/", "/public/x"] {
            let request =
                Request { method: method.into(), cookies: Some(&front.cookies), ..get(path) };
            let seen = closed(front.of(&request));
            assert_eq!(seen.answer.status, 405, "{method} {path}");
            assert!(seen.header("allow").contains("PATCH"));
        }
    }
}

/// The advisories of oauth2-proxy: GHSA-pxq7-h93f-9jrg, GHSA-5hvv-m4w4-gf6v, GHSA-7x63-xv5r-3p2x.
#[test]
fn no_path_trick_opens_what_is_not_public() {
    let front = Front::new(&[("PUBLIC_PATHS", "/assets/*")]);
    for path in [
        "/media#/assets/app.js",
        "/media/#/assets/",
        "/assets/..%2fmedia",
        "/assets/%2e%2e%2fmedia",
        "/assets/..;/media",
        "/assets//../../media",
        "/assets\\..\\media",
        "//assets/app.js",
        "/media%23/assets/app.js",
        "/media%3f/assets/app.js",
        "/media;/assets/app.js",
        "/assets/%252e%252e/media",
        "/%61ssets/app.js",
        "/ASSETS/app.js",
        "*",
        "",
        "assets/app.js",
        "https://edge.example/assets/app.js",
    ] {
        let seen = closed(front.of(&get(path)));
        assert!([400, 401].contains(&seen.answer.status), "{path}");
    }
}

#[test]
fn a_role_that_is_not_asked_for_sees_a_page() {
    let front = Front::new(&[("PATH_ROLES", "/admin/* = account_administrator, finance")]);
    assert!(open(front.visit("/media")).is_some());
    for path in ["/admin", "/admin/", "/admin/users", "/ADMIN", "/%61dmin/x", "/x/../admin"] {
        let seen = closed(front.visit(path));
        assert_eq!(seen.answer.status, 403, "{path}");
        assert_eq!(seen.logged("code"), "role_insufficient");
        assert_eq!(seen.logged("event"), "request_refused");
        assert_eq!(seen.logged("account"), "acme");
        assert!(seen.answer.body.contains("<li>account_administrator</li>"));
        assert!(seen.header("content-type").starts_with("text/html"));
    }
    let program = Request { cookies: Some(&front.cookies), ..get("/admin") };
    let seen = closed(front.of(&program));
    assert_eq!(
        (seen.answer.status, &json(&seen.answer)["error"]),
        (403, &"role_insufficient".into())
    );
    // Without a session the way to one comes first.
    assert_eq!(closed(front.of(&navigation("/admin"))).answer.status, 302);
}

#[test]
fn a_role_that_is_asked_for_passes() {
    let front = Front::new(&[("PATH_ROLES", "/admin/* = developer; /admin/money = finance")]);
    assert!(open(front.visit("/admin/users")).is_some());
    assert_eq!(closed(front.visit("/admin/money")).answer.status, 403);
}

#[test]
fn a_path_with_two_readings_is_refused_near_a_rule() {
    for vars in [("PATH_ROLES", "/admin/* = finance"), ("PUBLIC_PATHS", "/open/*")] {
        let front = Front::new(&[vars]);
        for path in ["/open/..%2fadmin", "/open//admin", "/open/..;/admin", "/open/%5cadmin"] {
            let seen = closed(front.visit(path));
            assert_eq!(seen.answer.status, 400, "{path}");
            assert_eq!(seen.logged("code"), "path_ambiguous");
            assert_eq!(seen.header("location"), "");
        }
    }
    assert!(open(Front::new(&[]).visit("/api/projects/a%2Fb")).is_some());
}

/// Ada is no `finance`, and the origin may ignore case, fold by compatibility or best fit, or drop.
#[test]
fn no_look_alike_opens_what_a_rule_closes() {
    let front = Front::new(&[
        ("PATH_ROLES", "/admin/* = finance; /sales/* = finance; /invoice.php = finance"),
        ("PUBLIC_PATHS", "/public/*"),
    ]);
    for path in [
        "/adm%C4%B1n/x",
        "/adm%C4%B0n/x",
        "/%C5%BFales/x",
        "/sale%C5%BF/x",
        "/%EF%BD%81dmin/x",
        "/admin%C2%AD/x",
        "/x%EF%BC%8F%EF%BC%8E%EF%BC%8E/admin/x",
        "/public/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin/x",
        "/public/..%EF%BC%8Fadmin/x",
        "/public/..%C2%A5admin",
        "/public/gr%C3%B6%C3%9Fe",
    ] {
        let seen = closed(front.visit(path));
        assert_eq!((seen.answer.status, &*seen.logged("code")), (400, "path_ambiguous"), "{path}");
    }
    for path in ["/admin/x", "/invoice.php", "/invoice.php/", "/invoice.php/x", "/Invoice.PHP/x"] {
        assert_eq!(closed(front.visit(path)).logged("code"), "role_insufficient", "{path}");
    }
    for path in ["/gr%C3%B6%C3%9Fe", "/%D0%B4%D0%B5%D0%BB%D0%B0/", "/invoice.phps", "/ångström"] {
        assert!(open(front.visit(path)).is_some(), "{path}");
    }
}

#[test]
fn what_was_judged_is_what_is_forwarded() {
    let front = Front::new(&[]);
    for (address, forwarded) in [
        ("/", "/"),
        ("/a/b?c=%2F&d", "/a/b?c=%2F&d"),
        ("/a?", "/a?"),
        ("/a/../b/./c", "/b/c"),
        ("/a\\..\\b", "/b"),
        ("//evil.example/x", "//evil.example/x"),
        ("/@evil.example/", "/@evil.example/"),
        ("/a?x#y", "/a?x"),
    ] {
        assert_eq!(front.passage(address).address(), format!("{ORIGIN}{forwarded}"));
    }
}

#[test]
fn the_origin_is_a_url_a_zone_or_a_service() {
    for (vars, address, is_service) in [
        (&[("ORIGIN", "https://origin.example")][..], "https://origin.example/a", false),
        (&[("ORIGIN", "zone")], "https://edge.example/a", false),
        (&[("ORIGIN", "service"), ("ORIGIN_SERVICE", "bound")], "https://edge.example/a", true),
    ] {
        let passage = Front::new(vars).passage("/a");
        assert_eq!((passage.address(), passage.is_service()), (address, is_service));
    }
}

/// What reaches the origin of the headers that a browser sends.
fn forwarded<'p>(passage: &'p Passage, sent: &[(&'p str, &'p str)]) -> BTreeMap<&'p str, &'p str> {
    let kept = sent.iter().filter(|(name, _)| !passage.drops(name)).copied();
    kept.chain(passage.headers()).collect()
}

#[test]
fn the_origin_is_told_who_is_there() {
    let front = Front::new(&[]);
    let cookies = format!("theme=dark; {}", front.cookies);
    let request =
        Request { cookies: Some(&cookies), client: Some("192.0.2.7"), ..navigation("/media") };
    let passage = open(front.of(&request)).expect("open");
    let told = forwarded(&passage, &[("accept", "text/html"), ("cookie", &cookies)]);
    let names: Vec<_> = told.keys().copied().collect();
    assert_eq!(
        names,
        [
            "accept",
            "cookie",
            "x-forwarded-email",
            "x-forwarded-for",
            "x-forwarded-groups",
            "x-forwarded-host",
            "x-forwarded-preferred-username",
            "x-forwarded-proto",
            "x-forwarded-user",
            "x-saml-edge-account",
            "x-saml-edge-jwt-assertion",
            "x-saml-edge-name",
        ]
    );
    let token = told["x-saml-edge-jwt-assertion"];
    let payload = token.split('.').nth(1).expect("a payload");
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON");
    assert_eq!(token.split('.').count(), 3, "the tag stays here");
    assert_eq!(told["cookie"], "theme=dark");
    for (header, claim) in [
        ("x-forwarded-email", "email"),
        ("x-forwarded-groups", "role"),
        ("x-forwarded-preferred-username", "email"),
        ("x-forwarded-user", "sub"),
        ("x-saml-edge-account", "account"),
        ("x-saml-edge-name", "name"),
    ] {
        assert_eq!(told[header], claims[claim].as_str().expect("text"));
    }
    assert_eq!(told["x-forwarded-for"], "192.0.2.7");
    assert_eq!(told["x-forwarded-host"], "edge.example");
    assert_eq!(told["x-forwarded-proto"], "https");
    assert!(passage.passes_no_cache());
}

#[test]
fn spoofed_headers_do_not_reach_the_origin() {
    let front = Front::new(&[("TOKEN_HEADER", "X-Proof"), ("PUBLIC_PATHS", "/*")]);
    let spoofed = [
        "x-forwarded-user",
        "x_forwarded_user",
        "x-forwarded_user",
        "x.forwarded.email",
        "x-forwarded-groups",
        "x-forwarded-for",
        "x-forwarded-uri",
        "x-saml-edge-account",
        "x_saml_edge_jwt_assertion",
        "x-saml-edge-name",
        "x.saml.edge.name",
        "x-saml-anything",
        "x-proof",
        "x_proof",
        "forwarded",
        "remote-user",
        "x-remote-user",
        "x-auth-request-user",
        "cf-access-jwt-assertion",
        "x-original-url",
        "x-rewrite-url",
        "x-real-ip",
        "true-client-ip",
        "host",
        "cookie",
    ];
    let sent = spoofed.map(|name| (name, "mallory"));
    let anonymous = open(front.of(&get("/"))).expect("public");
    let told = forwarded(&anonymous, &sent);
    let names: Vec<_> = told.keys().copied().collect();
    assert_eq!(names, ["x-forwarded-host", "x-forwarded-proto"]);
    assert!(!anonymous.passes_no_cache());
    let told = forwarded(&front.passage("/"), &sent).into_values().any(|value| value == "mallory");
    assert!(!told);
}

#[test]
fn hop_by_hop_headers_stay_behind() {
    let front = Front::new(&[]);
    let sent = [
        ("connection", "Upgrade"),
        ("keep-alive", "1"),
        ("proxy-authorization", "x"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("authorization", "Bearer x"),
        ("if-none-match", "\"1\""),
    ];
    let request = Request { cookies: Some(&front.cookies), ..get("/") };
    let kept = |request: &Request<'_>| {
        let passage = open(front.of(request)).expect("open");
        sent.iter().map(|(name, _)| *name).filter(|it| !passage.drops(it)).collect::<Vec<_>>()
    };
    assert_eq!(kept(&request), ["authorization", "if-none-match"]);
    let socket = Request { upgrade: Some("WebSocket"), ..request };
    assert_eq!(kept(&socket), ["upgrade", "authorization", "if-none-match"]);
}

#[test]
fn names_reach_the_origin_in_ascii() {
    let world = signed_in(|it| it.in_assertion("Ada Lovelace", "Zo\u{eb} 100%"));
    let front = Front::before(world, &[]);
    let passage = front.passage("/");
    assert_eq!(forwarded(&passage, &[])["x-saml-edge-name"], "Zo%C3%AB 100%25");
}

/// It is what people may change at their IdP, and other gates send a login name there.
#[test]
fn a_display_name_stands_in_no_header_of_another_gate() {
    let world = signed_in(|it| it.in_assertion("Ada Lovelace", "admin"));
    let front = Front::before(world, &[]);
    let passage = front.passage("/");
    for (name, value) in passage.headers() {
        assert_eq!(value == "admin", name == "x-saml-edge-name", "{name}: {value}");
    }
}

#[test]
fn what_is_behind_the_gate_is_for_no_shared_cache() {
    let passage = Front::new(&[]).passage("/");
    for (said, kept) in [
        (None, "private"),
        (Some(""), "private"),
        (Some("no-store"), "no-store"),
        (Some("private, max-age=60"), "private, max-age=60"),
        (Some("max-age=60"), "max-age=60, private"),
        (Some("public, max-age=60, s-maxage=600"), "max-age=60, private"),
        (Some("PUBLIC,S-MaxAge = 1,immutable"), "immutable, private"),
        (Some("private=\"set-cookie\""), "private=\"set-cookie\", private"),
        (Some("no-cache"), "no-cache, private"),
    ] {
        let instead = passage.cache_control(said);
        assert_eq!(instead.as_deref().or(said), Some(kept), "{said:?}");
        assert_eq!(instead.is_none(), said == Some(kept), "{said:?}");
    }
    for name in ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control"] {
        assert!(passage.drops_from_answer(name), "{name}");
    }
    assert!(passage.passes_no_cache());
}

#[test]
fn what_is_public_is_cached_as_the_origin_says() {
    let front = Front::new(&[("PUBLIC_PATHS", "/assets/*")]);
    let signed_in = front.passage("/assets/");
    assert_eq!(signed_in.cache_control(Some("public, max-age=60")), None);
    assert_eq!(signed_in.cache_control(None).as_deref(), Some("private"));
    let anonymous = open(front.of(&get("/assets/"))).expect("public");
    assert_eq!(anonymous.cache_control(None), None);
    assert!(!anonymous.drops_from_answer("cdn-cache-control"));
    assert!(!anonymous.drops_from_answer("expires"));
}

#[test]
fn an_origin_cannot_touch_our_cookies() {
    let mut world = World::new();
    let passage = Front::new(&[]).passage("/");
    let mut ours = 0;
    let id = world.start("/media");
    let seen =
        [world.get("/sso/acme/login"), world.post("acme", &form(&crate::world::answering(&id)))];
    for cookie in seen.iter().flat_map(|seen| seen.headers("set-cookie")) {
        assert!(passage.drops_set_cookie(cookie), "{cookie}");
        ours += 1;
    }
    assert!(ours > 3, "{ours}");
    assert!(!passage.drops_set_cookie("theme=dark; Path=/"));
    assert!(passage.drops_from_answer("transfer-encoding"));
    assert!(!passage.drops_from_answer("location"));
}

#[test]
fn an_origin_that_does_not_answer_is_said_to_be_down() {
    let front = Front::new(&[("ORIGIN_TIMEOUT_SECONDS", "5")]);
    assert_eq!(front.passage("/").timeout_seconds(), 5);
    let down = || Fault::OriginUnreachable("connection refused by 10.0.0.1".to_owned());
    for (fault, status, code) in
        [(down(), 502, "origin_unreachable"), (Fault::OriginTimeout, 504, "origin_timeout")]
    {
        let reply = front.passage("/").failed(fault, &front.world.config, &ENTROPY);
        let seen = Seen { answer: reply.answer, log: reply.log };
        assert_eq!((seen.answer.status, &*seen.logged("code")), (status, code));
        assert_eq!(seen.logged("event"), "fault");
        assert!(!seen.answer.body.contains("10.0.0.1"));
        assert!(seen.answer.body.contains("0707070707070707"));
    }
    let form = Request { method: "POST".into(), cookies: Some(&front.cookies), ..navigation("/") };
    let reply = open(front.of(&form)).expect("open").failed(down(), &front.world.config, &ENTROPY);
    assert!(reply.answer.body.contains("<h1>"));
    let program = Request { cookies: Some(&front.cookies), ..get("/") };
    let reply =
        open(front.of(&program)).expect("open").failed(down(), &front.world.config, &ENTROPY);
    assert_eq!(json(&reply.answer)["error"], "origin_unreachable");
}

/// Cloudflare answers for an origin that it does not reach, with a page of its own.
#[test]
fn statuses_that_no_origin_sends_are_faults() {
    let passage = Front::new(&[]).passage("/");
    for status in [200, 204, 304, 404, 500, 502, 503, 529, 599] {
        assert!(passage.fault(status).is_none(), "{status}");
    }
    for status in [520, 521, 523, 525, 526, 530, 0, 101, 199, 600, 999] {
        assert_eq!(passage.fault(status).expect("a fault").code(), "origin_unreachable");
    }
    for status in [522, 524] {
        assert_eq!(passage.fault(status).expect("a fault").code(), "origin_timeout");
    }
}

/// Cross-site WebSocket hijacking: no same-origin policy stands before a socket, and a page of a
/// sister site brings a Lax cookie along.
#[test]
fn a_page_of_another_site_opens_no_socket() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    let socket = |path, origin| Request {
        upgrade: Some("websocket"),
        cookies: Some(&front.cookies),
        origin,
        ..get(path)
    };
    for origin in [None, Some(BASE_URL)] {
        assert!(open(front.of(&socket("/live", origin))).is_some(), "{origin:?}");
    }
    let sister = "https://other.edge.example";
    for origin in ["null", "", sister, "http://edge.example", "https://edge.example:8443"] {
        for path in ["/live", "/public/live"] {
            let seen = closed(front.of(&socket(path, Some(origin))));
            assert_eq!((seen.answer.status, &*seen.logged("code")), (403, "cross_site_socket"));
            assert_eq!(seen.logged("event"), "request_refused");
        }
    }
    for (fetch_site, opens) in [("same-origin", true), ("none", true), ("same-site", false)] {
        let request = Request { fetch_site: Some(fetch_site), ..socket("/live", None) };
        assert_eq!(open(front.of(&request)).is_some(), opens, "{fetch_site}");
    }
    let anonymous = Request { cookies: None, ..socket("/public/live", Some(sister)) };
    assert!(open(front.of(&anonymous)).is_some(), "nobody's session is used");
    let page = Request { cookies: Some(&front.cookies), origin: Some(sister), ..get("/live") };
    assert!(open(front.of(&page)).is_some(), "what a page reads is the browser's business");
}

/// A form of a sister site brings the Lax cookie along, and so does a simple request of its scripts.
#[test]
fn a_page_of_another_site_changes_nothing() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    let sister = "https://other.edge.example";
    let request = |method: &str, path, fetch_site, origin| Request {
        method: method.into(),
        fetch_site,
        origin,
        cookies: Some(&front.cookies),
        ..get(path)
    };
    let foreign = [
        (Some("same-site"), Some(sister)),
        (Some("cross-site"), Some("https://evil.example")),
        (Some("same-site"), Some("null")),
        (Some("cross-site"), None),
        (Some(""), None),
        (Some("same-origin"), Some(sister)),
        (None, Some(sister)),
        (None, Some("null")),
        (None, Some("")),
        (None, Some("http://edge.example")),
        (None, Some("https://edge.example:8443")),
        (None, Some("https://edge.example.evil.example")),
    ];
    let own = [
        (Some("same-origin"), Some(BASE_URL)),
        // A page with `Referrer-Policy: no-referrer`.
        (Some("same-origin"), Some("null")),
        (Some("same-origin"), None),
        // A form that is sent again when the browser opens.
        (Some("none"), None),
        (Some("none"), Some("null")),
        (None, Some(BASE_URL)),
        // A program.
        (None, None),
    ];
    for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "post"] {
        for (fetch_site, origin) in foreign {
            let seen = closed(front.of(&request(method, "/orders", fetch_site, origin)));
            assert_eq!((seen.answer.status, &*seen.logged("code")), (403, "cross_site_request"));
            assert_eq!(seen.logged("event"), "request_refused");
            assert_eq!(seen.logged("account"), "acme");
            assert_eq!(json(&seen.answer)["error"], "cross_site_request");
            let public = request(method, "/public/hook", fetch_site, origin);
            assert!(open(front.of(&public)).is_some(), "{fetch_site:?} {origin:?}");
        }
        for (fetch_site, origin) in own {
            let sent = request(method, "/orders", fetch_site, origin);
            assert!(open(front.of(&sent)).is_some(), "{method} {fetch_site:?} {origin:?}");
        }
    }
    for method in ["GET", "HEAD", "OPTIONS"] {
        for (fetch_site, origin) in foreign.into_iter().chain(own) {
            let sent = request(method, "/orders", fetch_site, origin);
            assert!(open(front.of(&sent)).is_some(), "{method} {fetch_site:?} {origin:?}");
        }
    }
    let form = Request {
        accept: Some("text/html"),
        fetch_mode: Some("navigate"),
        ..request("POST", "/orders", Some("same-site"), Some(sister))
    };
    let seen = closed(front.of(&form));
    assert!(seen.answer.body.contains("<h1>This went no further</h1>"), "{}", seen.answer.body);
    // Without a session the way to one comes first.
    let anonymous = Request { cookies: None, ..form };
    assert_eq!(closed(front.of(&anonymous)).answer.status, 401);
}

#[test]
fn the_token_is_for_the_origin() {
    let mut world = World::new();
    for (vars, audience) in [
        (&[][..], BASE_URL),
        (&[("TOKEN_AUDIENCE", "https://origin.example")], "https://origin.example"),
    ] {
        world.config = config_with(vars);
        world.jar.clear();
        assert_eq!(world.sign_in(|it| it).answer.status, 303);
        let cookie = world.jar.get(SESSION).cloned().expect("a session");
        let payload = cookie.split('.').nth(1).expect("a payload");
        let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        let claims: Value = serde_json::from_slice(&claims).expect("JSON");
        assert_eq!(claims["aud"], audience);
        world.ledger = crate::ledgers::Broken::default();
    }
}

/// Otherwise a new audience would reach the sessions of those who are signed in after hours only.
#[test]
fn a_renewed_token_is_for_the_audience_of_today() {
    let mut front = Front::new(&[("TOKEN_AUDIENCE", "https://origin.example")]);
    let audience = |passage: &Passage| {
        let told = forwarded(passage, &[]);
        let payload = told["x-saml-edge-jwt-assertion"].split('.').nth(1).expect("a payload");
        let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        serde_json::from_slice::<Value>(&claims).expect("JSON")["aud"].clone()
    };
    assert_eq!(audience(&front.passage("/")), BASE_URL);
    front.world.now = NOW.plus(300);
    assert_eq!(audience(&front.passage("/")), "https://origin.example");
}
