//! No answer has both a cookie of ours and leave for a shared cache to keep it (row H17): on every
//! route, and behind the gate on both kinds of path. [`World::send`] holds every other test to it
//! as well.
//!
//! A cache keeps an answer whatever Set-Cookie it carries (RFC 9111 §7.3), and gives it to the next
//! one who asks.

use std::collections::BTreeSet;

use saml_edge::{AccountId, Decision, ForwardedRequest, Method, Request, paths};
use serde_json::Value;

use crate::common::NOW;
use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::form::{answering_with, form};
use crate::support::seen::spreads_a_cookie;
use crate::support::world::World;

/// Whatever an origin may say about caches.
const SAID: [&[(&str, &str)]; 6] = [
    &[],
    &[("cache-control", "public, max-age=31536000, immutable")],
    &[("cache-control", "public"), ("expires", "Thu, 01 Jan 2099 00:00:00 GMT")],
    &[("cache-control", "no-store"), ("cdn-cache-control", "public, max-age=60")],
    &[("cloudflare-cdn-cache-control", "max-age=60"), ("surrogate-control", "max-age=60")],
    &[("cache-control", "private, no-store"), ("set-cookie", "theme=dark; Path=/")],
];

/// What a browser may be at, each in a world of its own: nobody, with a login under way, with a
/// session that stands, is due, late, or over, and with another user's that waits.
fn browsers() -> Vec<(&'static str, World)> {
    let vars: &[(&str, &str)] = &[
        ("ORIGIN", "http://127.0.0.1:9000"),
        ("PUBLIC_PATHS", "/public/*"),
        ("ADMIN_TOKEN", &secret(9)),
    ];
    let nobody = || World { config: config_with(vars), ..World::new() };
    let under_way = || {
        let mut world = nobody();
        world.start("/media");
        world
    };
    let signed_in = |seconds| {
        let mut world = nobody();
        assert_eq!(world.sign_in(|it| it).answer.status, 303);
        world.now = NOW.plus(seconds);
        world
    };
    let over = |seconds| {
        let world = signed_in(seconds);
        world.ledger.run("DELETE FROM sessions");
        world
    };
    let asked = || {
        let mut world = signed_in(0);
        let id = world.start("/media");
        let eve =
            answering_with(&id, "_second").in_assertion("ada@acme.example", "eve@acme.example");
        assert_eq!(world.post("acme", &form(&eve)).logged("event"), "login_held");
        world
    };
    let held = || {
        let mut world = asked();
        world.submit("/sso/logout", &[]);
        let id = world.start("/");
        let mallory =
            answering_with(&id, "_third").in_assertion("ada@acme.example", "mallory@acme.example");
        world.post("acme", &form(&mallory));
        world
    };
    vec![
        ("nobody", nobody()),
        ("under way", under_way()),
        ("stands", signed_in(0)),
        ("due", signed_in(300)),
        ("late", signed_in(600)),
        ("over", over(300)),
        ("long over", over(600)),
        ("asked", asked()),
        ("held", held()),
    ]
}

fn names(methods: &[Method]) -> String {
    methods.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
}

/// Every route of ours: what [`paths`] lists and what the API describes.
fn routes() -> Vec<(String, String)> {
    let acme = AccountId::parse("acme").expect("an id");
    let own = paths(&acme).into_iter().map(|(path, methods)| (path, names(methods)));
    let api: Value =
        serde_json::from_str(include_str!("../../../src/admin/openapi.json")).expect("JSON");
    let described =
        api.get("paths").and_then(Value::as_object).expect("paths").iter().map(|(path, item)| {
            let path = path.replace("{account}", "acme").replace(['{', '}'], "");
            let methods: Vec<_> = item.as_object().expect("methods").keys().cloned().collect();
            (format!("/sso/api/v1{path}"), methods.join(", ").to_uppercase())
        });
    own.chain(described).collect()
}

#[test]
fn no_route_of_ours_gives_a_cookie_to_a_shared_cache() {
    let routes = routes();
    assert!(routes.len() > 30, "{routes:?}");
    let mut set = BTreeSet::new();
    for (browser, mut world) in browsers() {
        world.authorization = Some(format!("Bearer {}", secret(9)));
        let (jar, sessions) = (world.jar.clone(), world.ledger.sessions());
        for (path, methods) in &routes {
            for method in methods.split(", ").chain(["PATCH", "OPTIONS"]) {
                world.jar.clone_from(&jar);
                world.ledger.set_sessions(&sessions);
                let cookies = world.cookies("");
                let form_type = Some("application/x-www-form-urlencoded");
                let fields = "choice=stay&login=acme&forget=yes&end=others";
                let seen = world.send(method, path, form_type, &cookies, Octets::of(fields));
                assert!(!seen.spreads_a_cookie(), "{method} {path}, {browser}");
                if seen.headers("set-cookie").count() > 0 {
                    set.insert(path.clone());
                }
            }
        }
    }
    let set: Vec<_> = set.iter().map(String::as_str).collect();
    for path in ["/sso/", "/sso/acme/login", "/sso/confirm", "/sso/login", "/sso/logout"] {
        assert!(set.contains(&path), "{path} sets a cookie at times: {set:?}");
    }
    for path in ["/.well-known/jwks.json", "/sso/metadata", "/sso/acme/metadata"] {
        assert!(!set.contains(&path), "{path} is kept by caches");
    }
}

/// What the browser gets of an origin that says `said`, as the platform puts it together.
fn passed<'p>(
    passage: &'p ForwardedRequest,
    said: &[(&'p str, &'p str)],
) -> Vec<(&'p str, String)> {
    let is_dropped = |(name, value): &(&str, &str)| {
        passage.drops_from_answer(name)
            || (*name == "set-cookie" && passage.drops_set_cookie(value))
    };
    let mut headers: Vec<_> = said
        .iter()
        .filter(|it| !is_dropped(it))
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let word = said.iter().find(|(name, _)| *name == "cache-control").map(|(_, value)| *value);
    if let Some(instead) = passage.cache_control(word) {
        headers.retain(|(name, _)| *name != "cache-control");
        headers.push(("cache-control", instead));
    }
    let set = passage.set_cookies().iter().map(|line| ("set-cookie", line.clone()));
    headers.extend(set);
    headers
}

#[test]
fn nothing_from_behind_the_gate_gives_a_cookie_to_a_shared_cache() {
    let mut renewed = 0;
    for (browser, world) in browsers() {
        for (path, is_public) in [("/report", false), ("/public/app.js", true)] {
            for method in ["GET", "HEAD", "POST"] {
                for fetch_mode in [None, Some("navigate")] {
                    let cookies = world.cookies("");
                    let cookies = Some(&*cookies);
                    let request = Request {
                        method: method.into(),
                        path,
                        cookies,
                        fetch_mode,
                        ..Request::default()
                    };
                    match world.gate(&request) {
                        Decision::Own => panic!("{path} is the origin's"),
                        Decision::Respond(reply) => {
                            let seen =
                                crate::support::seen::Seen { answer: reply.answer, log: None };
                            assert!(!is_public && !seen.spreads_a_cookie(), "{browser}, {path}");
                        }
                        Decision::Forward(passage) => {
                            for said in SAID {
                                let headers = passed(&passage, said);
                                let headers: Vec<_> =
                                    headers.iter().map(|(name, value)| (*name, &**value)).collect();
                                assert!(!spreads_a_cookie(&headers), "{browser}: {headers:?}");
                            }
                            let set = passage.set_cookies().len();
                            assert!(set == 0 || !is_public, "{browser}: {path} is everybody's");
                            renewed += set;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(renewed, 12, "who is due and who is late, on the path behind the gate");
}

/// There a session is taken as it stands: nobody is asked, whatever its age.
#[test]
fn a_public_path_takes_a_session_as_it_stands() {
    let identified = [
        ("nobody", false),
        ("under way", false),
        ("stands", true),
        ("due", true),
        ("late", false),
        ("over", true),
        ("long over", false),
        ("asked", true),
        ("held", true),
    ];
    for ((browser, world), (named, is_identified)) in browsers().into_iter().zip(identified) {
        assert_eq!(browser, named);
        world.ledger.broken.set(true);
        world.store.broken.set(true);
        let cookies = world.cookies("");
        let request = Request {
            method: "GET".into(),
            path: "/public/app.js",
            cookies: Some(&cookies),
            ..Request::default()
        };
        let passage = ForwardedRequest::without_renewal(
            &request,
            request.route().as_ref(),
            &world.config,
            world.now,
        );
        let passage = passage.unwrap_or_else(|| panic!("{browser} waits for nobody"));
        let told = passage.headers().any(|(name, _)| name == "x-forwarded-user");
        assert_eq!(told, is_identified, "{browser}");
        assert!(passage.log().is_none() && passage.set_cookies().is_empty(), "{browser}");
    }
}

/// The measure itself: what must be found is found.
#[test]
fn a_cookie_that_is_spread_is_seen() {
    let cookie = ("set-cookie", "__Host-session=x; Path=/");
    let kept = ("cache-control", "private, no-store");
    assert!(!spreads_a_cookie(&[cookie, kept]));
    assert!(!spreads_a_cookie(&[("set-cookie", "theme=dark"), ("cache-control", "public")]));
    for more in [
        ("cdn-cache-control", "max-age=60"),
        ("surrogate-control", "max-age=60"),
        ("expires", "0"),
        ("cache-control", "public"),
    ] {
        assert!(spreads_a_cookie(&[cookie, kept, more]), "{more:?}");
    }
    for said in ["public", "private", "no-store", "private, max-age=60", ""] {
        assert!(spreads_a_cookie(&[cookie, ("cache-control", said)]), "{said}");
    }
    assert!(spreads_a_cookie(&[cookie]));
}
