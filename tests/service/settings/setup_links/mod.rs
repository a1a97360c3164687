//! Setup links: who makes them, how they are opened, and when they are over.

mod audit;
mod ends;

use saml_edge::limits::OWN_FORM_OCTETS;
use serde_json::{Value, json};

use crate::common::METADATA;
use crate::fakes::Octets;
use crate::support::config::{BASE_URL, config_with, secret};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const LINKS: &str = "/sso/api/v1/accounts/acme/setup-links";

pub(crate) const START: &str = "/sso/acme/settings/start";

pub(crate) const SETTINGS: &str = "/sso/acme/settings";

const SETUP: &str = "__Host-setup";

/// A deployment with an operator, and a browser.
pub(crate) fn world() -> World {
    World { config: config_with(&[("ADMIN_TOKEN", &secret(9))]), ..World::new() }
}

pub(crate) fn operate(world: &mut World, method: &str, path: &str, body: &str) -> Seen {
    world.authorization = Some(format!("Bearer {}", secret(9)));
    let seen = world.send(method, path, Some("application/json"), "", Octets::of(body));
    world.authorization = None;
    seen
}

pub(crate) fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

/// Makes a link and gives its id and its token.
pub(crate) fn make(world: &mut World, body: &str) -> (String, String) {
    let made = operate(world, "POST", LINKS, body);
    assert_eq!(made.answer.status, 201, "{}", made.answer.body);
    let made = json(&made);
    let text = |name| made.get(name).and_then(Value::as_str).expect("text");
    let url = text("url");
    let token = url.strip_prefix(&format!("{BASE_URL}{START}?link=")).expect("ours");
    (text("id").to_owned(), token.to_owned())
}

/// Makes a link and opens it.
pub(crate) fn enter(world: &mut World) -> String {
    let (id, token) = make(world, "{}");
    let seen = world.submit(START, &[("link", &token)]);
    assert_eq!((seen.answer.status, seen.header("location")), (303, SETTINGS));
    id
}

#[test]
fn a_link_leads_to_the_settings() {
    let mut world = world();
    let (id, token) = make(&mut world, r#"{"note":"for Gus","expires_in":3600}"#);
    let page = world.get(&format!("{START}?link={token}"));
    assert_eq!(page.answer.status, 200);
    assert!(page.answer.body.contains(&token));
    assert_eq!(page.header("cache-control"), "no-store");
    // It goes to this site alone, and the browser says that the form is ours.
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    let seen = world.submit(START, &[("link", &token)]);
    assert_eq!((seen.answer.status, seen.header("location")), (303, SETTINGS));
    let cookie = seen.header("set-cookie");
    assert!(cookie.starts_with(SETUP) && cookie.ends_with("SameSite=Lax; Max-Age=3600"));
    assert_eq!(seen.logged("event"), "setup_link_opened");
    let log = seen.log.as_deref().expect("a line");
    assert!(!log.contains(&token) && !seen.answer.body.contains(&token));
    let settings = world.get(SETTINGS);
    assert_eq!(settings.answer.status, 200);
    assert!(settings.answer.body.contains("You are here by a setup link."));
    let links = json(&operate(&mut world, "GET", LINKS, ""));
    let now = world.now.seconds();
    let link = json!({
        "id": id, "note": "for Gus", "created": now, "expires": now + 3600, "opened": now,
    });
    assert_eq!(links, json!({ "setup_links": [link] }));
}

/// Mail filters and previews look at every address there is.
#[test]
fn looking_at_a_link_uses_nothing() {
    let mut world = world();
    let (_, token) = make(&mut world, "");
    for method in ["GET", "HEAD"] {
        let address = format!("{START}?link={token}");
        let seen = world.send(method, &address, None, "", Octets::of(""));
        assert_eq!(seen.answer.status, 200);
        assert_eq!(seen.header("set-cookie"), "");
    }
    let links = json(&operate(&mut world, "GET", LINKS, ""));
    assert_eq!(links["setup_links"][0]["opened"], Value::Null);
}

/// IT may be known here before anybody can sign in, and before there is anything to store.
#[test]
fn a_link_works_without_an_account() {
    let mut world = world();
    world.store.accounts.borrow_mut().clear();
    enter(&mut world);
    let seen = world.get(SETTINGS);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("Single sign-on is off"));
}

#[test]
fn a_link_that_is_changed_is_none() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    let [id, expires, tag] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
    let later = expires.parse::<i64>().expect("a time") + 1;
    let tokens = [
        String::new(),
        "x".to_owned(),
        format!("{id}.{later}.{tag}"),
        format!("{}.{expires}.{tag}", "0".repeat(32)),
        format!("{id}.{expires}."),
        format!("{id}.{expires}.{}", tag.split_at(42).0),
        format!("{id}.{tag}"),
        format!(" {token}"),
    ];
    world.ledger.broken.set(true);
    for token in tokens {
        let address = format!("{START}?link={token}");
        assert_eq!(world.get(&address).refusal(), "setup_link_invalid", "{token}");
        let seen = world.submit(START, &[("link", &token)]);
        // The ledger, which is out of reach, was not asked.
        assert_eq!((seen.refusal().as_str(), seen.answer.status), ("setup_link_invalid", 403));
    }
    let page = format!("/sso/other/settings/start?link={token}");
    assert_eq!(world.get(&page).refusal(), "setup_link_invalid");
}

#[test]
fn a_link_of_other_keys_is_none() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    let keys = [("ADMIN_TOKEN", &*secret(9)), ("SESSION_KEYS", &*secret(7))];
    world.config = config_with(&keys);
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    let both = format!("{},{}", secret(7), secret(1));
    world.config = config_with(&[("SESSION_KEYS", &both)]);
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
}

#[test]
fn a_link_is_for_one_account() {
    let mut world = world();
    enter(&mut world);
    world.add("other", METADATA, None);
    let seen = world.get("/sso/other/settings");
    assert!(seen.header("location").starts_with("/sso/other/login?"));
}

#[test]
fn a_link_is_opened_by_a_page_of_ours_alone() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    world.fetch_site = Some("cross-site");
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "cross_site_form");
}

#[test]
fn leaving_takes_the_cookie_away() {
    let mut world = world();
    enter(&mut world);
    let body = world.get(SETTINGS).answer.body;
    let token = crate::settings::page::form_token(&body);
    let seen = world.submit(SETTINGS, &[("form_token", &token), ("action", "leave")]);
    assert_eq!(seen.answer.status, 303);
    assert!(!world.jar.contains_key(SETUP));
}

#[test]
fn says_what_is_wrong_with_a_wish() {
    let mut world = world();
    let long = format!(r#"{{"note":"{}"}}"#, "x".repeat(201));
    for (body, code, field) in [
        (r#"{"expires_in":59}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":60.5}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":1e300}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":1209601}"#, "expires_in_invalid", Some("expires_in")),
        (&*long, "note_invalid", Some("note")),
        (r#"{"note":"a\nb"}"#, "note_invalid", Some("note")),
        (r#"{"expires":60}"#, "json_invalid", Some("expires")),
        (r#"{"note":"a","expires_in":"60"}"#, "json_invalid", Some("expires_in")),
        ("[]x", "json_invalid", None),
    ] {
        let seen = operate(&mut world, "POST", LINKS, body);
        assert_eq!((seen.answer.status, &*seen.logged("code")), (400, code));
        assert_eq!(json(&seen)["field"].as_str(), field);
    }
    let seen = operate(&mut world, "POST", LINKS, &" ".repeat(OWN_FORM_OCTETS + 1));
    assert_eq!((seen.answer.status, &*seen.logged("code")), (413, "body_too_large"));
    for body in [r#"{"expires_in":1209600}"#, r#"{"expires_in":60}"#, r#"{"expires_in":60.0}"#] {
        make(&mut world, body);
    }
}

#[test]
fn twenty_links_stand_at_once() {
    let mut world = world();
    for _ in 0..20 {
        make(&mut world, r#"{"expires_in":60}"#);
    }
    let seen = operate(&mut world, "POST", LINKS, "{}");
    assert_eq!((seen.answer.status, &*seen.logged("code")), (409, "setup_link_count"));
    world.now = world.now.plus(60);
    make(&mut world, "{}");
}
