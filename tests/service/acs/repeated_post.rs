//! A response that comes again to the browser that it has signed in: one passing case, of which one
//! thing is broken.

use crate::common::sealing::Sealing;
use crate::common::{SP_KEY_PEM, Scenario, Signed, public_key};
use crate::support::config::{config_with, secret, sp_key};
use crate::support::form::{answering, answering_with, form, form_with};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

const COMPANION: &str = "__Host-saml_user";
const HOUR: i64 = 60 * 60;

/// What is broken, and how.
type Break = (&'static str, fn(&mut World));

/// Where the product hears of what happens.
fn world(settings: &str) -> World {
    let config = config_with(&[
        ("SP_KEYS", &sp_key()),
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("EVENTS", "bound"),
        ("ADMIN_TOKEN", &secret(9)),
    ]);
    World { config, ..World::with_sp_key(settings) }
}

/// Ada is signed in, and the form that has done it.
fn signed_in(settings: &str) -> (World, String) {
    let mut world = world(settings);
    let id = world.start("/media");
    let form = form(&answering(&id));
    assert_eq!(world.post("acme", &form).header("location"), "/media");
    (world, form)
}

/// Eve's response to the request `id`.
fn eve(id: &str) -> Scenario {
    answering_with(id, "_eve").in_assertion("ada@acme.example", "eve@acme.example")
}

/// Everything that a ledger keeps of logins.
fn kept(world: &World) -> String {
    let ledger = &world.ledger;
    let sessions = ledger.sessions();
    let sessions: Vec<_> = sessions.iter().map(|it| (&it.session.sid, it.seen)).collect();
    format!(
        "{:?} {:?} {sessions:?} {:?} {:?} {:?}",
        ledger.assertions().len(),
        ledger.used_requests().len(),
        ledger.events(),
        ledger.past_refusals(),
        ledger.users(),
    )
}

/// Posts `form` once more, which leads on to `page` and changes nothing.
fn goes_on(world: &mut World, form: &str, page: &str) {
    let before = (world.jar.clone(), kept(world));
    let seen = world.post("acme", form);
    assert_eq!((seen.answer.status, seen.header("location")), (303, page), "{:?}", seen.log);
    assert_eq!(seen.logged("event"), "login_posted_again");
    assert_eq!(seen.headers("set-cookie").count(), 0);
    assert_eq!((world.jar.clone(), kept(world)), before);
}

/// Posts `form`, which is refused with `code` and leaves the browser's session alone.
fn refused(world: &mut World, form: &str, code: &str) -> Seen {
    let session = world.jar.get(SESSION).cloned();
    let seen = world.post("acme", form);
    assert_eq!(seen.refusal(), code);
    assert_eq!(world.jar.get(SESSION).cloned(), session);
    seen
}

/// Puts `sub` and `sid` into this browser's companion, as far as they are given.
fn claim(world: &mut World, sub: Option<&str>, sid: Option<&str>) {
    let companion = world.jar.get(COMPANION).cloned().expect("a companion");
    let (own_sub, own_sid) = companion.split_once('.').expect("both");
    let claimed = format!("{}.{}", sub.unwrap_or(own_sub), sid.unwrap_or(own_sid));
    world.jar.insert(COMPANION.to_owned(), claimed);
}

fn end_all(world: &World) {
    world.ledger.run("DELETE FROM sessions");
}

#[test]
fn the_browser_that_it_has_signed_in_goes_on() {
    let (mut world, form) = signed_in("{}");
    goes_on(&mut world, &form, "/sso/");
    for (relay_state, page) in
        [("/library?page=2", "/library?page=2"), ("https://evil.example/", "/sso/")]
    {
        goes_on(&mut world, &format!("{form}&RelayState={relay_state}"), page);
    }
    assert_eq!(world.session()["email"], "ada@acme.example");
}

#[test]
fn a_second_click_goes_on_to_the_page_of_the_first() {
    let mut world = world("{}");
    let id = world.start("/media");
    let pending: Vec<_> = world.jar.clone().into_iter().collect();
    let form = form(&answering(&id));
    world.post("acme", &form);
    world.jar.extend(pending);
    goes_on(&mut world, &form, "/media");
}

#[test]
fn a_login_that_the_idp_started_goes_on_to_its_page() {
    let mut world = world(r#"{"idp_initiated":"on"}"#);
    let form = form_with(&Scenario::unsolicited(), "/media");
    assert_eq!(world.post("acme", &form).header("location"), "/media");
    goes_on(&mut world, &form, "/media");

    // The one that was replaced, after the one that has replaced it.
    let mut world = self::world("{}");
    let id = world.post("acme", &form).request_id();
    let answer = answering_with(&id, "_answer");
    assert_eq!(world.post("acme", &self::form(&answer)).answer.status, 303);
    goes_on(&mut world, &form, "/media");
}

#[test]
fn an_encrypted_one_goes_on_as_well() {
    for pending in [false, true] {
        let mut world = world("{}");
        let id = world.start("/media");
        let started = world.jar.clone();
        let sealed =
            answering(&id).signed(Signed::Both).sealed(Sealing::to(&public_key(SP_KEY_PEM)));
        let form = form(&sealed);
        assert_eq!(world.post("acme", &form).header("location"), "/media");
        if pending {
            world.jar.extend(started);
        }
        goes_on(&mut world, &form, if pending { "/media" } else { "/sso/" });
    }
}

#[test]
fn without_the_session_of_its_user_it_is_refused() {
    let breaks: [Break; 9] = [
        ("no companion", |it| drop(it.jar.remove(COMPANION))),
        ("no session named", |it| {
            let companion = it.jar[COMPANION].split('.').next().expect("a user").to_owned();
            it.jar.insert(COMPANION.to_owned(), companion);
        }),
        ("a session that has ended", |it| end_all(it)),
        ("a session that is over", |it| {
            it.ledger.run(&format!("UPDATE sessions SET expires = {}", it.now.seconds()));
        }),
        ("an invented session", |it| claim(it, None, Some(&"0".repeat(32)))),
        ("no session's name", |it| claim(it, None, Some("' OR 1 --"))),
        ("an invented user", |it| claim(it, Some(&"A".repeat(43)), None)),
        ("a session of another account", |it| {
            let mut sessions = it.ledger.sessions();
            sessions[0].account = "other".to_owned();
            it.ledger.set_sessions(&sessions);
        }),
        ("a ledger out of reach", |it| it.ledger.broken.set(true)),
    ];
    for (what, broken) in breaks {
        let (mut world, form) = signed_in("{}");
        broken(&mut world);
        let seen = world.post("acme", &form);
        assert_eq!(seen.logged("code"), "in_response_to_unknown", "{what}");
        assert_eq!((seen.answer.status, seen.header("location")), (403, ""), "{what}");
        assert_eq!(seen.headers("set-cookie").count(), 0, "{what}");
    }
}

#[test]
fn another_users_is_refused_in_this_browser() {
    // Eve has signed in in her own browser, and sends Ada's browser what has done it.
    let (mut world, _) = signed_in("{}");
    let ada = std::mem::take(&mut world.jar);
    let id = world.start("/");
    let form = form(&eve(&id));
    assert_eq!(world.post("acme", &form).answer.status, 303);
    let companion = std::mem::replace(&mut world.jar, ada).remove(COMPANION).expect("a companion");
    let (sub, sid) = companion.split_once('.').expect("both");
    refused(&mut world, &form, "in_response_to_unknown");
    // Nor do halves of two companions make a whole.
    claim(&mut world, Some(sub), None);
    refused(&mut world, &form, "in_response_to_unknown");
    world.jar.insert(COMPANION.to_owned(), companion.clone());
    claim(&mut world, None, Some(&sid.replace(|_| true, "1")));
    refused(&mut world, &form, "in_response_to_unknown");

    // With the whole of Eve's, which no site can put there, the browser goes on and is nobody's.
    world.jar.insert(COMPANION.to_owned(), companion);
    goes_on(&mut world, &form, "/sso/");
    assert_eq!(world.get("/sso/session").answer.status, 401);
}

#[test]
fn what_has_signed_nobody_in_is_refused() {
    let (mut world, _) = signed_in("{}");
    let unused = answering_with("_late", "_second");
    refused(&mut world, &form(&unused), "in_response_to_unknown");
    assert_eq!(world.ledger.assertions().len(), 1);
}

#[test]
fn what_does_not_hold_any_more_is_refused() {
    let (mut world, form) = signed_in("{}");
    world.now = world.now.plus(HOUR);
    assert_eq!(world.post("acme", &form).answer.status, 403);
    assert_eq!(world.session()["email"], "ada@acme.example");

    // The rules of the account go on to hold, for it as for every other.
    let (mut world, form) = signed_in("{}");
    let sid = world.ledger.sessions()[0].clone();
    let settings = r#"{"roles":["account_administrator"]}"#;
    let metadata = world.store.accounts.borrow()["acme"].metadata.clone();
    world.change("acme", metadata.as_deref(), Some(settings));
    world.ledger.set_sessions(&[sid]);
    refused(&mut world, &form, "in_response_to_unknown");
}

#[test]
fn other_refusals_stay_what_they_are() {
    let (mut world, form) = signed_in("{}");
    let id = world.start("/");
    let second = answering_with(&id, "_second");
    for (code, broken) in [
        ("audience_mismatch", second.clone().in_assertion("/sso/acme/metadata", "/sso/other/")),
        ("signature_invalid", second.signed_by_another_key()),
    ] {
        refused(&mut world, &self::form(&broken), code);
    }
    world.add("acme", "<none/>", None);
    assert_ne!(world.post("acme", &form).answer.status, 303);
}

#[test]
fn the_page_does_not_say_that_nobody_is_signed_in() {
    let (mut world, form) = signed_in("{}");
    end_all(&world);
    let page = refused(&mut world, &form, "in_response_to_unknown").answer.body;
    assert!(page.contains("It has not signed you in. If you went back"), "{page}");
    assert!(!page.contains("You are not signed in"), "{page}");
    assert!(page.contains(r#"<a href="/sso/">See whether you are signed in</a>"#), "{page}");
    assert!(page.contains(r#"href="/sso/acme/login""#), "{page}");
}
