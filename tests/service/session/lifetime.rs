//! For how long a session stands: on its own, by its ledger, and at most.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::common::{METADATA, NOW, Scenario};
use crate::support::config::{config_with, secret};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

pub(crate) const COMPANION: &str = "__Host-saml_user";

pub(crate) fn signed_in() -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

/// What `/sso/session` says so many seconds after the login.
pub(crate) fn after(world: &mut World, seconds: i64) -> Seen {
    world.now = NOW.plus(seconds);
    world.get("/sso/session")
}

/// The claims in the browser's session cookie.
fn claims(world: &World) -> Value {
    let cookie = world.jar.get(SESSION).expect("a session");
    let payload = cookie.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

fn is_over(world: &World, seen: &Seen) -> bool {
    let has_no_cookie = !world.jar.contains_key(SESSION) && !world.jar.contains_key(COMPANION);
    seen.answer.status == 401 && has_no_cookie && world.ledger.sessions().is_empty()
}

#[test]
fn stands_on_its_own_for_five_minutes() {
    let mut world = signed_in();
    world.ledger.broken.set(true);
    world.store.broken.set(true);
    let seen = after(&mut world, 299);
    assert_eq!((seen.answer.status, seen.log.is_none()), (200, true));
    assert_eq!(seen.headers("set-cookie").count(), 0);
}

#[test]
fn is_renewed_when_it_is_due() {
    let mut world = signed_in();
    let before = claims(&world);
    let seen = after(&mut world, 300);
    assert_eq!(seen.answer.status, 200);
    let cookie = seen.header("set-cookie");
    assert!(cookie.starts_with(SESSION) && cookie.ends_with("; SameSite=Lax"), "{cookie}");
    let renewed = claims(&world);
    assert_eq!(renewed["iat"], NOW.seconds() + 300);
    assert_eq!(renewed["nbf"], NOW.seconds() + 300);
    assert_eq!(renewed["exp"], NOW.seconds() + 900);
    for same in ["iss", "aud", "sub", "sid", "until", "account", "email", "name", "role", "acr"] {
        assert_eq!(renewed[same], before[same], "{same}");
    }
    assert_eq!(world.ledger.sessions()[0].seen, NOW.plus(300), "it was seen");
    assert_eq!(after(&mut world, 599).headers("set-cookie").count(), 0);
    // The page and the product's front end see the same.
    world.now = NOW.plus(600);
    assert_eq!(world.get("/sso/").headers("set-cookie").count(), 1);
}

#[test]
fn comes_back_after_lunch() {
    let mut world = signed_in();
    assert_eq!(after(&mut world, 7200).answer.status, 200);
    assert_eq!(claims(&world)["exp"], NOW.seconds() + 7800);
}

#[test]
fn ends_within_one_renewal_of_its_end_elsewhere() {
    let ends: [fn(&World); 4] = [
        |world| world.ledger.run("DELETE FROM sessions"),
        |world| drop(world.store.accounts.borrow_mut().remove("acme")),
        |world| world.add("acme", &METADATA.replace("/sso\"", "/other\""), None),
        |world| world.add("acme", METADATA, Some(r#"{"roles":["finance"]}"#)),
    ];
    for end in ends {
        let mut world = signed_in();
        end(&world);
        assert_eq!(after(&mut world, 299).answer.status, 200, "as long as it stands");
        let seen = after(&mut world, 300);
        assert!(is_over(&world, &seen));
        assert!(world.get("/sso/").answer.body.contains("name=\"login\""));
    }
    // The same text again is no change.
    let mut world = signed_in();
    world.add("acme", METADATA, None);
    assert_eq!(after(&mut world, 300).answer.status, 200);
}

#[test]
fn a_copy_of_the_cookie_ends_with_the_session() {
    let mut world = signed_in();
    let copy = world.jar.clone();
    world.submit("/sso/logout", &[]);
    world.jar = copy;
    let seen = after(&mut world, 300);
    assert!(is_over(&world, &seen));
}

#[test]
fn without_the_ledger_it_lasts_until_its_token_expires() {
    let broken: [fn(&World); 2] = [|it| it.ledger.broken.set(true), |it| it.store.broken.set(true)];
    for broken in broken {
        let mut world = signed_in();
        broken(&world);
        let seen = after(&mut world, 599);
        assert_eq!((seen.answer.status, seen.logged("event").as_str()), (200, "fault"));
        assert!(seen.logged("code").ends_with("_unreachable"));
        let seen = after(&mut world, 600);
        assert_eq!((seen.answer.status, seen.logged("event").as_str()), (401, "fault"));
        assert_eq!(seen.headers("set-cookie").count(), 0, "it may yet be renewed");
        world.ledger.broken.set(false);
        world.store.broken.set(false);
        assert_eq!(after(&mut world, 601).answer.status, 200);
    }
}

#[test]
fn no_renewal_outlasts_the_session() {
    let ending = |it: Scenario| {
        let end = "SessionIndex=\"_session\" SessionNotOnOrAfter=\"2026-11-24T10:15:00Z\"";
        it.in_assertion("SessionIndex=\"_session\"", end)
    };
    let mut world = World::new();
    world.sign_in(ending);
    assert_eq!(after(&mut world, 599).answer.status, 200);
    assert_eq!(claims(&world)["exp"], NOW.seconds() + 900);
    assert_eq!(after(&mut world, 899).answer.status, 200);
    assert_eq!(claims(&world)["exp"], NOW.seconds() + 900);
    assert_eq!(after(&mut world, 900).answer.status, 401);
}

#[test]
fn a_session_that_nobody_uses_ends() {
    let mut world = World {
        config: config_with(&[("IDLE_SECONDS", "1800"), ("RENEW_SECONDS", "60")]),
        ..World::new()
    };
    world.sign_in(|scenario| scenario);
    for time in [1800, 3600, 5459] {
        assert_eq!(after(&mut world, time).answer.status, 200, "{time}");
    }
    let seen = after(&mut world, 5459 + 1860);
    assert!(is_over(&world, &seen));
}

#[test]
fn renewal_moves_a_session_on_to_the_current_keys() {
    let mut world = signed_in();
    let (keys, tokens) =
        (format!("{},{}", secret(7), secret(1)), format!("{},{}", secret(8), secret(2)));
    world.config = config_with(&[("SESSION_KEYS", &keys), ("TOKEN_KEYS", &tokens)]);
    assert_eq!(after(&mut world, 300).answer.status, 200);
    let (new_key, new_token) = (secret(7), secret(8));
    world.config = config_with(&[("SESSION_KEYS", &new_key), ("TOKEN_KEYS", &new_token)]);
    assert_eq!(after(&mut world, 301).answer.status, 200);
    assert_eq!(after(&mut world, 900).answer.status, 200);
    world.config = config_with(&[("SESSION_KEYS", &secret(1))]);
    assert_eq!(after(&mut world, 901).answer.status, 401);
}

/// A browser that was away longer than a token lasts has a session to protect all the same.
#[test]
fn a_session_that_waits_for_its_renewal_is_not_replaced_unasked() {
    let mut world = signed_in();
    world.now = NOW.plus(200);
    let id = world.start("/media");
    let eve = crate::support::form::answering_with(&id, "_second")
        .in_assertion("ada@acme.example", "eve@acme.example");
    let seen = world.post("acme", &crate::support::form::form(&eve));
    assert_eq!(seen.logged("event"), "login_held");
    world.config = config_with(&[("RENEW_SECONDS", "5")]);
    world.now = NOW.plus(450);
    let page = world.get(seen.header("location"));
    assert!(page.answer.body.contains("eve@acme.example"), "{}", page.answer.body);
    assert!(page.answer.body.contains("ada@acme.example"));
}
