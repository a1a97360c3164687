//! Signing out.

use crate::common::NOW;
use crate::ledgers::SessionRow;
use crate::support::config::{BASE_URL, config_with, secret};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

const COMPANION: &str = "__Host-saml_user";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn signed_in() -> World {
    let mut world = World { user_agent: Some(FIREFOX), ..World::new() };
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

fn sign_out(world: &mut World) -> Seen {
    world.submit("/sso/logout", &[])
}

fn is_signed_out(world: &World) -> bool {
    !world.jar.contains_key(SESSION) && !world.jar.contains_key(COMPANION)
}

#[test]
fn the_ledger_knows_the_session() {
    let world = signed_in();
    let sessions = world.ledger.sessions();
    let SessionRow { account, session, created, .. } = sessions.first().expect("a session");
    assert_eq!((account.as_str(), *created, sessions.len()), ("acme", NOW, 1));
    let (_, user) = &world.ledger.users()[0];
    assert_eq!(session.sub, user.sub);
    assert_eq!(session.device, "Firefox on Linux");
    assert_eq!(session.expires, NOW.seconds() + 28_800);
    assert_eq!(session.session_index.as_ref().map(String::len), Some(43));
    assert_eq!(session.epoch.len(), 86);
    // What the IdP knows it by can be read here alone.
    assert!(!format!("{session:?}").contains("ada"));
}

#[test]
fn a_login_that_ends_in_no_session_has_no_row() {
    let mut world = World::new();
    world.sign_in(|it| it.in_assertion(">developer<", ">overlord<"));
    assert!(world.ledger.sessions().is_empty());
}

#[test]
fn signs_out_here_and_in_the_ledger() {
    let mut world = signed_in();
    assert!(world.get("/sso/").answer.body.contains("action=\"/sso/logout\""));
    let seen = sign_out(&mut world);
    assert_eq!((seen.answer.status, seen.header("location")), (303, "/sso/logout"));
    assert_eq!(seen.logged("event"), "logout_succeeded");
    assert_eq!(seen.logged("account"), "acme");
    assert!(is_signed_out(&world));
    assert!(world.ledger.sessions().is_empty());
    assert_eq!(world.get("/sso/session").answer.status, 401);
    let page = world.get("/sso/logout");
    assert!(page.answer.body.contains("You are signed out"));
    // The account is remembered, as on any device of one's own.
    assert!(world.get("/sso/").answer.body.contains("Continue to acme"));
}

#[test]
fn signing_out_twice_is_signing_out() {
    let mut world = signed_in();
    let cookie = world.jar.get(SESSION).cloned().expect("a session");
    sign_out(&mut world);
    assert_eq!(sign_out(&mut world).answer.status, 303);
    world.jar.insert(SESSION.to_owned(), cookie);
    assert_eq!(sign_out(&mut world).answer.status, 303);
    assert!(is_signed_out(&world));
}

#[test]
fn the_page_asks_who_means_to_sign_out() {
    let mut world = signed_in();
    let page = world.get("/sso/logout");
    assert_eq!(page.answer.status, 200);
    for text in ["Ada Lovelace", "ada@acme.example", "action=\"/sso/logout\" method=\"post\""] {
        assert!(page.answer.body.contains(text), "{text}");
    }
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https:;"), "{policy}");
    assert_eq!(world.get("/sso/session").answer.status, 200, "a look changes nothing");
}

#[test]
fn another_site_cannot_sign_anybody_out() {
    for (fetch_site, origin) in [
        (Some("cross-site"), None),
        (Some("same-site"), Some(BASE_URL)),
        (None, None),
        (None, Some("https://evil.example")),
    ] {
        let mut world = World { fetch_site, origin, ..signed_in() };
        let seen = sign_out(&mut world);
        assert_eq!(seen.logged("code"), "cross_site_form");
        assert_eq!(seen.logged("event"), "logout_refused");
        assert_eq!((seen.answer.status, seen.header("location")), (303, "/sso/logout"));
        assert_eq!(seen.headers("set-cookie").count(), 0);
        assert_eq!(world.ledger.sessions().len(), 1);
        assert!(world.get("/sso/logout").answer.body.contains("Sign out?"));
    }
    let mut world = World { fetch_site: None, origin: Some(BASE_URL), ..signed_in() };
    sign_out(&mut world);
    assert!(is_signed_out(&world));
}

#[test]
fn a_ledger_out_of_reach_is_told_of() {
    let mut world = signed_in();
    world.ledger.broken.set(true);
    let seen = sign_out(&mut world);
    assert_eq!((seen.answer.status, seen.logged("code").as_str()), (503, "ledger_unreachable"));
    assert!(seen.answer.body.contains("We could not sign you out"));
    assert!(is_signed_out(&world), "this browser is signed out all the same");
}

#[test]
fn a_session_sealed_under_older_keys_ends_as_well() {
    let mut world = signed_in();
    let keys = format!("{},{}", secret(7), secret(1));
    world.config = config_with(&[("SESSION_KEYS", &keys)]);
    sign_out(&mut world);
    assert!(world.ledger.sessions().is_empty());
}
