//! A session of one user is never silently replaced by one of another (row F4).

use crate::common::{METADATA, Scenario};
use crate::support::form::{answering, form, form_with};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

const HELD: &str = "__Host-confirm";
const COMPANION: &str = "__Host-saml_user";
const EVE: &str = "eve@acme.example";

/// An answer to `id` in the name of Eve, whose assertion is another than Ada's.
fn eve(scenario: Scenario) -> Scenario {
    scenario
        .in_assertion("ada@acme.example", EVE)
        .in_assertion("Ada Lovelace", "Eve Moore")
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second")
}

/// Ada is signed in, and Eve's sign-in arrives.
fn world() -> (World, Seen) {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let seen = world.sign_in(eve);
    (world, seen)
}

fn shown(page: &Seen) -> String {
    let (_, rest) = page.answer.body.split_once("name=\"shown\" value=\"").expect("a field");
    rest.split('"').next().expect("a value").to_owned()
}

fn choose(world: &mut World, choice: &str, shown: &str) -> Seen {
    let fields = [("choice", choice), ("shown", shown), ("return_to", "/media")];
    world.submit("/sso/confirm", &fields)
}

#[test]
fn another_users_session_is_not_replaced_unasked() {
    let (mut world, seen) = world();
    assert_eq!((seen.answer.status, seen.logged("event").as_str()), (303, "login_held"));
    assert_eq!(seen.header("location"), "/sso/confirm?return_to=%2Fmedia");
    assert_eq!(world.pending(), 0, "the request is spent");
    assert_eq!(world.session()["email"], "ada@acme.example");
    let cookie = seen.headers("set-cookie").find(|it| it.starts_with(HELD)).expect("a cookie");
    assert!(cookie.contains("; SameSite=Lax") && cookie.ends_with("; Max-Age=300"), "{cookie}");
    assert!(cookie.len() < 4096);

    let page = world.get(seen.header("location"));
    assert_eq!(page.answer.status, 200);
    for text in ["Ada Lovelace", "ada@acme.example", "Eve Moore", EVE] {
        assert!(page.answer.body.contains(text), "{text}");
    }
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(page.header("content-security-policy").contains("form-action 'self';"));
    assert_eq!(world.session()["email"], "ada@acme.example");
}

#[test]
fn whoever_agrees_is_somebody_else() {
    let (mut world, seen) = world();
    let shown = shown(&world.get(seen.header("location")));
    let done = choose(&mut world, "replace", &shown);
    assert_eq!((done.answer.status, done.header("location")), (303, "/media"));
    assert_eq!(done.logged("event"), "login_succeeded");
    assert_eq!(done.logged("account"), "acme");
    assert_eq!(world.session()["email"], EVE);
    assert!(!world.jar.contains_key(HELD), "it is spent");
    assert_eq!(choose(&mut world, "replace", &shown).refusal(), "nothing_to_confirm");
    // The companion came along: Eve's next login asks nothing.
    let id = world.start("/");
    let third = eve(answering(&id))
        .in_assertion("ID=\"_second\"", "ID=\"_third\"")
        .in_signed_info("#_second", "#_third");
    assert_eq!(world.post("acme", &form(&third)).logged("event"), "login_succeeded");
}

#[test]
fn whoever_does_not_stays_who_they_were() {
    for choice in ["stay", ""] {
        let (mut world, seen) = world();
        let shown = shown(&world.get(seen.header("location")));
        let done = choose(&mut world, choice, &shown);
        assert_eq!((done.answer.status, done.header("location")), (303, "/sso/"));
        assert!(!world.jar.contains_key(HELD));
        assert_eq!(world.session()["email"], "ada@acme.example");
    }
}

#[test]
fn the_same_user_is_not_asked() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let before = world.jar[SESSION].clone();
    let again = world.sign_in(|it| {
        it.in_assertion("ID=\"_assertion\"", "ID=\"_second\"").in_signed_info("#{id}", "#_second")
    });
    assert_eq!((again.header("location"), &*again.logged("event")), ("/media", "login_succeeded"));
    assert_ne!(world.jar[SESSION], before);
}

#[test]
fn an_unsolicited_login_is_asked_about_as_well() {
    let mut world = World::with_settings(r#"{"idp_initiated":"on"}"#);
    world.sign_in(|scenario| scenario);
    let seen = world.post("acme", &form_with(&eve(Scenario::unsolicited()), "/albums"));
    assert_eq!(seen.header("location"), "/sso/confirm?return_to=%2Falbums");
    assert_eq!(world.session()["email"], "ada@acme.example");
}

/// An attacker's login that began before the victim signed in, and ends after.
#[test]
fn a_login_that_waited_for_the_victim_is_asked_about() {
    let mut world = World::new();
    world.add("evil", METADATA, None);
    let id = world.get("/sso/evil/login").request_id();
    world.sign_in(|scenario| scenario);
    let scenario = eve(answering(&id))
        .in_response("/sso/acme/acs", "/sso/evil/acs")
        .in_assertion(">acme<", ">evil<")
        .in_assertion("/sso/acme/metadata", "/sso/evil/metadata")
        .in_assertion("/sso/acme/acs", "/sso/evil/acs");
    let seen = world.post("evil", &form(&scenario));
    assert_eq!(seen.logged("event"), "login_held", "{:?}", seen.log);
    assert_eq!(world.session()["account"], "acme");
}

#[test]
fn a_session_that_is_over_is_replaced_without_a_question() {
    let (mut world, seen) = world();
    world.jar.remove(SESSION);
    let done = world.get(seen.header("location"));
    assert_eq!((done.answer.status, done.header("location")), (303, "/media"));
    assert_eq!(world.session()["email"], EVE);
    assert!(!world.jar.contains_key(HELD));
}

#[test]
fn another_site_cannot_agree() {
    for (fetch_site, origin) in [
        (Some("cross-site"), Some("https://edge.example")),
        (Some("same-site"), None),
        (Some("none"), None),
        (None, Some("https://evil.example")),
        (None, Some("null")),
        (None, None),
    ] {
        let (mut world, seen) = world();
        let shown = shown(&world.get(seen.header("location")));
        (world.fetch_site, world.origin) = (fetch_site, origin);
        let denied = choose(&mut world, "replace", &shown);
        assert_eq!((denied.refusal().as_str(), denied.answer.status), ("cross_site_form", 403));
        assert_eq!(world.session()["email"], "ada@acme.example");
    }
    let (mut world, seen) = world();
    let shown = shown(&world.get(seen.header("location")));
    (world.fetch_site, world.origin) = (None, Some("https://edge.example"));
    assert_eq!(choose(&mut world, "replace", &shown).answer.status, 303);
}

/// The page was left open while another sign-in arrived: nobody agrees to what they did not see.
#[test]
fn what_was_not_shown_is_asked_again() {
    let (mut world, seen) = world();
    let old = shown(&world.get(seen.header("location")));
    let id = world.start("/media");
    let mallory = eve(answering(&id))
        .in_assertion(EVE, "mallory@acme.example")
        .in_assertion("ID=\"_second\"", "ID=\"_third\"")
        .in_signed_info("#_second", "#_third");
    assert_eq!(world.post("acme", &form(&mallory)).logged("event"), "login_held");
    let asked = choose(&mut world, "replace", &old);
    assert_eq!(asked.answer.status, 200);
    assert!(asked.answer.body.contains("mallory@acme.example"));
    assert_eq!(world.session()["email"], "ada@acme.example");
    assert_eq!(choose(&mut world, "replace", &shown(&asked)).answer.status, 303);
    assert_eq!(world.session()["email"], "mallory@acme.example");
}

/// While the page was open, somebody else has signed in: nobody agrees to end a session unseen.
#[test]
fn what_would_be_replaced_is_asked_about_again() {
    let (mut world, seen) = world();
    let old = shown(&world.get(seen.header("location")));
    let held = world.jar[HELD].clone();
    world.submit("/sso/logout", &[]);
    world.jar.remove(HELD);
    let id = world.start("/media");
    let mallory = eve(answering(&id))
        .in_assertion(EVE, "mallory@acme.example")
        .in_assertion("ID=\"_second\"", "ID=\"_third\"")
        .in_signed_info("#_second", "#_third");
    assert_eq!(world.post("acme", &form(&mallory)).logged("event"), "login_succeeded");
    world.jar.insert(HELD.to_owned(), held);
    let asked = choose(&mut world, "replace", &old);
    assert_eq!(asked.answer.status, 200);
    assert!(asked.answer.body.contains("mallory@acme.example"));
    assert_eq!(world.session()["email"], "mallory@acme.example");
    assert_eq!(choose(&mut world, "replace", &shown(&asked)).answer.status, 303);
    assert_eq!(world.session()["email"], EVE);
}

#[test]
fn a_held_session_is_worthless_after_five_minutes_and_elsewhere() {
    let (mut world, seen) = world();
    world.now = world.now.plus(299);
    assert_eq!(world.get(seen.header("location")).answer.status, 200);
    world.now = world.now.plus(1);
    let late = world.get(seen.header("location"));
    assert_eq!((late.refusal().as_str(), late.answer.status), ("nothing_to_confirm", 403));

    let (mut world, seen) = self::world();
    let held = world.jar[HELD].clone();
    for value in [
        String::new(),
        "AAAA".to_owned(),
        world.jar[SESSION].clone(),
        held.split_at(40).0.to_owned(),
    ] {
        world.jar.insert(HELD.to_owned(), value);
        assert_eq!(world.get(seen.header("location")).refusal(), "nothing_to_confirm");
    }
    // It is sealed, so it is no session, and no pending request either.
    world.jar = [(SESSION.to_owned(), held)].into();
    assert_eq!(world.session()["error"], "not_signed_in");
}

#[test]
fn a_held_session_leads_to_pages_of_this_site() {
    let (mut world, _) = world();
    world.jar.remove(SESSION);
    let done = world.get("/sso/confirm?return_to=//evil.example");
    assert_eq!(done.header("location"), "/sso/");
}

#[test]
fn the_companion_says_no_more_than_it_must() {
    let mut world = World::new();
    let seen = world.sign_in(|scenario| scenario);
    let cookie = seen.headers("set-cookie").find(|it| it.starts_with(COMPANION)).expect("one");
    assert!(cookie.contains("; SameSite=None") && !cookie.contains("Max-Age"), "{cookie}");
    // It signs nobody in.
    world.jar.remove(SESSION);
    assert_eq!(world.session()["error"], "not_signed_in");
}
