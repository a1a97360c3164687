//! Sessions and their renewal at the gate, and the identity token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saml_edge::{ForwardedRequest, Request};
use serde_json::Value;

use crate::common::NOW;
use crate::gate::front::{Front, closed, get, open};
use crate::gate::headers::forwarded;
use crate::support::config::{BASE_URL, config_with};
use crate::support::seen::SESSION;
use crate::support::world::World;

/// What is let through at once is what is let through at all: [`World::gate`] compares the two.
#[test]
fn a_request_waits_for_nobody_while_its_session_stands() {
    let mut front = Front::new(&[("PUBLIC_PATHS", "/robots.txt")]);
    let without_renewal = |front: &Front, request: Request<'_>| {
        ForwardedRequest::without_renewal(
            &request,
            request.route().as_ref(),
            &front.world.config,
            front.world.now,
        )
        .is_some()
    };
    let cookies = front.cookies.clone();
    let of_user = |request| Request { cookies: Some(&cookies), ..request };
    assert!(without_renewal(&front, of_user(get("/"))));
    assert!(without_renewal(&front, get("/robots.txt")));
    assert!(!without_renewal(&front, get("/")));
    assert!(!without_renewal(&front, of_user(get("/sso/"))));
    assert!(!without_renewal(&front, of_user(get("/x/../sso/"))));
    assert!(!without_renewal(&front, of_user(Request { method: "TRACE".into(), ..get("/") })));
    front.world.now = NOW.plus(300);
    assert!(!without_renewal(&front, of_user(get("/"))));
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
    let audience = |passage: &ForwardedRequest| {
        let told = forwarded(passage, &[]);
        let payload = told["x-saml-edge-jwt-assertion"].split('.').nth(1).expect("a payload");
        let claims = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        serde_json::from_slice::<Value>(&claims).expect("JSON")["aud"].clone()
    };
    assert_eq!(audience(&front.passage("/")), BASE_URL);
    front.world.now = NOW.plus(300);
    assert_eq!(audience(&front.passage("/")), "https://origin.example");
}
