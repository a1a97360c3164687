//! Where a user is signed in, for that user to see and to end.

use std::collections::HashMap;

use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::support::config::{BASE_URL, config_with};
use crate::support::form::{answering_with, form};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

const PAGE: &str = "/sso/sessions";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Safari/604.1";

/// A user's own browser, after one of their others and of somebody else's.
struct Browsers {
    world: World,
    /// What another browser of the same user has.
    phone: HashMap<String, String>,
    /// The session of another user.
    eve: String,
}

impl Browsers {
    fn new() -> Self {
        let mut world = World { user_agent: Some(SAFARI), ..World::new() };
        sign_in(&mut world, "acme", "eve@acme.example");
        let eve = sid(&world);
        world.jar.clear();
        sign_in(&mut world, "acme", "ada@acme.example");
        let phone = std::mem::take(&mut world.jar);
        world.now = NOW.plus(120);
        world.user_agent = Some(FIREFOX);
        sign_in(&mut world, "acme", "ada@acme.example");
        Self { world, phone, eve }
    }

    /// Presses a button.
    fn end(&mut self, what: &str) -> Seen {
        self.world.submit(PAGE, &[("end", what)])
    }

    fn sids(&self) -> Vec<String> {
        sids(&self.world)
    }
}

fn sign_in(world: &mut World, account: &str, name_id: &str) {
    let id = world.get(&format!("/sso/{account}/login")).request_id();
    let (acs, own) = ("/sso/acme/acs", format!("/sso/{account}/acs"));
    let scenario = answering_with(&id, &format!("_{}", world.drawn))
        .in_assertion("ada@acme.example", name_id)
        .in_assertion(">acme<", &format!(">{account}<"))
        .in_assertion("/sso/acme/metadata", &format!("/sso/{account}/metadata"))
        .in_assertion(acs, &own)
        .in_response(acs, &own);
    let seen = world.post(account, &form(&scenario));
    assert_eq!(seen.answer.status, 303, "{:?}", seen.log);
}

fn sids(world: &World) -> Vec<String> {
    world.ledger.sessions().iter().map(|it| it.session.sid.clone()).collect()
}

/// The id of the session that has just begun.
fn sid(world: &World) -> String {
    sids(world).pop().expect("a session")
}

#[test]
fn lists_the_users_own_devices_and_no_others() {
    let mut all = Browsers::new();
    all.world.now = NOW.plus(240);
    let page = all.world.get(PAGE);
    assert_eq!(page.answer.status, 200);
    let body = &page.answer.body;
    for text in [
        "Firefox on Linux <strong>this one</strong>",
        "Signed in 2 minutes ago, last seen less than a minute ago",
        "Safari on iPhone</p>",
        "Signed in 4 minutes ago, last seen 4 minutes ago",
        "may go on for up to 5 minutes",
        "Sign out all other devices",
    ] {
        assert!(body.contains(text), "{text} in {body}");
    }
    assert_eq!(body.matches("<li>").count(), 2);
    assert!(body.find("Firefox") < body.find("Safari"), "this one comes first");
    assert!(!body.contains(&all.eve) && !body.contains("eve@"));
    assert!(!body.contains("role=\"status\""));
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let own = all.world.jar.get(SESSION).expect("a session");
    assert!(!body.contains(own), "no page holds what signs in");
}

#[test]
fn ends_one() {
    let mut all = Browsers::new();
    let [eve, phone, own] = all.sids().try_into().expect("three");
    let seen = all.end(&phone);
    assert_eq!((seen.answer.status, seen.logged("event").as_str()), (303, "logout_elsewhere"));
    assert_eq!(seen.logged("account"), "acme");
    assert_eq!(all.sids(), [eve, own]);
    let page = all.world.get(seen.header("location"));
    assert!(page.answer.body.contains("role=\"status\">Signed out<"));
    assert!(!page.answer.body.contains("Sign out all other devices"), "there are none");
    // The other browser notices when its token is due.
    all.world.jar = all.phone;
    all.world.now = NOW.plus(299);
    assert_eq!(all.world.get("/sso/session").answer.status, 200);
    all.world.now = NOW.plus(300);
    assert_eq!(all.world.get("/sso/session").answer.status, 401);
}

#[test]
fn ends_all_others() {
    let mut all = Browsers::new();
    let [eve, _, own] = all.sids().try_into().expect("three");
    assert_eq!(all.end("others").header("location"), "/sso/sessions?ended=yes");
    assert_eq!(all.sids(), [eve, own]);
    assert_eq!(all.world.get("/sso/session").answer.status, 200);
}

#[test]
fn another_users_session_is_unknown() {
    let mut all = Browsers::new();
    let before = all.sids();
    let (eve, own) = (all.eve.clone(), before.last().cloned().expect("a session"));
    for unknown in [&*eve, &own, "", "%", "x"] {
        let seen = all.end(unknown);
        assert_eq!((seen.answer.status, seen.header("location")), (303, PAGE), "{unknown}");
        assert_eq!(seen.log, None);
        assert_eq!(all.sids(), before);
    }
    all.world.submit(PAGE, &[]);
    assert_eq!(all.sids(), before);
}

#[test]
fn the_same_name_in_another_account_is_another_user() {
    let mut all = Browsers::new();
    all.world.add("beta", METADATA, None);
    all.world.jar.clear();
    sign_in(&mut all.world, "beta", "ada@acme.example");
    let page = all.world.get(PAGE);
    assert_eq!(page.answer.body.matches("<li>").count(), 1);
    let before = all.sids();
    for other in [before[1].clone(), "others".to_owned()] {
        all.end(&other);
        assert_eq!(all.sids(), before);
    }
}

#[test]
fn another_site_ends_nothing() {
    for (fetch_site, origin) in [
        (Some("cross-site"), None),
        (Some("same-site"), Some(BASE_URL)),
        (None, None),
        (None, Some("https://evil.example")),
    ] {
        let mut all = Browsers::new();
        let before = all.sids();
        (all.world.fetch_site, all.world.origin) = (fetch_site, origin);
        for what in ["others", &before[1]] {
            let seen = all.end(what);
            assert_eq!((seen.answer.status, seen.header("location")), (303, PAGE));
            assert_eq!(seen.logged("code"), "cross_site_form");
            assert_eq!(all.sids(), before);
        }
    }
}

#[test]
fn a_form_that_is_none_ends_nothing() {
    let mut all = Browsers::new();
    let cookies = all.world.cookies("");
    let seen = all.world.send("POST", PAGE, Some("text/plain"), &cookies, Octets::of("end=others"));
    assert_eq!((seen.answer.status, seen.header("location")), (303, PAGE));
    assert_eq!(seen.logged("code"), "form_malformed");
    assert_eq!(all.sids().len(), 3);
}

/// What a thief's copy may do ends with the session, not minutes later.
#[test]
fn a_session_that_was_ended_sees_and_ends_nothing() {
    let ends: [fn(&mut Browsers); 2] = [
        |all| drop(all.end("others")),
        |all| all.world.change("acme", Some(METADATA), Some(r#"{"domains":["b.example"]}"#)),
    ];
    for end in ends {
        let mut all = Browsers::new();
        let [eve, _, own] = all.sids().try_into().expect("three");
        end(&mut all);
        let stolen = std::mem::take(&mut all.phone);
        for form in [Some("others"), None] {
            all.world.jar.clone_from(&stolen);
            assert_eq!(all.world.get("/sso/session").answer.status, 200, "its token stands");
            let seen = match form {
                Some(what) => all.end(what),
                None => all.world.get(PAGE),
            };
            let to_login = "/sso/login?return_to=%2Fsso%2Fsessions";
            assert_eq!((seen.header("location"), &*seen.answer.body), (to_login, ""));
            assert!(!all.world.jar.contains_key(SESSION));
            let left = all.sids();
            assert!(left.is_empty() || left == [&*eve, &own], "{left:?}");
        }
    }
}

#[test]
fn asks_whoever_is_not_signed_in() {
    let mut world = World::new();
    let seen = world.get(PAGE);
    assert_eq!((seen.answer.status, seen.log.as_ref()), (303, None));
    assert_eq!(seen.header("location"), "/sso/login?return_to=%2Fsso%2Fsessions");
}

#[test]
fn says_when_the_ledger_is_out_of_reach() {
    let mut all = Browsers::new();
    all.world.ledger.broken.set(true);
    for seen in [all.world.get(PAGE), all.end("others")] {
        assert_eq!((seen.answer.status, seen.logged("event").as_str()), (503, "fault"));
        assert!(seen.answer.body.contains("Your devices cannot be shown right now"));
        assert_eq!(seen.headers("set-cookie").count(), 0);
    }
}

#[test]
fn turns_pages() {
    let mut world = World::new();
    for _ in 0..51 {
        world.jar.clear();
        sign_in(&mut world, "acme", "ada@acme.example");
    }
    let page = world.get(PAGE).answer.body;
    assert_eq!(page.matches("<li>").count(), 50);
    assert!(page.contains("Unknown device"));
    assert!(page.contains("href=\"/sso/sessions?after=50\""));
    let page = world.get("/sso/sessions?after=50").answer.body;
    assert_eq!((page.matches("<li>").count(), page.contains("More devices")), (1, false));
}

/// Whatever an address says that is no place of ours: the first page, and nobody is woken for it.
#[test]
fn a_place_that_is_none_is_the_first_page() {
    let mut all = Browsers::new();
    for after in ["", "0", "-1", "01", "x", "9007199254740992", "99999999999999999999"] {
        let seen = all.world.get(&format!("{PAGE}?after={after}"));
        assert_eq!((seen.answer.status, seen.log), (200, None), "{after}");
        assert_eq!(seen.answer.body.matches("<li>").count(), 2, "{after}");
    }
}

#[test]
fn an_idle_device_is_not_listed() {
    let mut all = Browsers::new();
    all.world.config = config_with(&[("IDLE_SECONDS", "3600")]);
    all.world.now = NOW.plus(3_900);
    let page = all.world.get(PAGE);
    assert!(page.answer.body.contains("Firefox on Linux"));
    assert!(!page.answer.body.contains("Safari on iPhone"));
}
