//! Whom the ledger remembers, and when.

use saml_edge::KnownUser;

use crate::common::{METADATA, NOW};
use crate::support::form::{answering_with, form};
use crate::support::world::World;

fn users(world: &World) -> Vec<KnownUser> {
    world.ledger.users().iter().map(|(_, user)| user.clone()).collect()
}

fn sign_in(world: &mut World, assertion: &str, changes: &[(&str, &str)]) -> u16 {
    let id = world.start("/");
    let scenario = answering_with(&id, assertion);
    let change = |scenario: crate::common::Scenario, (from, to): &(&str, &str)| {
        scenario.in_assertion(from, to)
    };
    world.post("acme", &form(&changes.iter().fold(scenario, change))).answer.status
}

#[test]
fn a_first_login_creates_the_user() {
    let mut world = World::new();
    assert_eq!(sign_in(&mut world, "_1", &[]), 303);
    let [user] = users(&world).try_into().expect("one user");
    assert_eq!(user.sub, world.session()["sub"]);
    assert_eq!(user.email, "ada@acme.example");
    assert_eq!((&*user.name, &*user.role), ("Ada Lovelace", "developer"));
    assert_eq!((user.first_login, user.last_login), (NOW.seconds(), NOW.seconds()));
}

#[test]
fn later_logins_update_the_user() {
    let mut world = World::new();
    sign_in(&mut world, "_1", &[]);
    world.now = NOW.plus(5);
    assert_eq!(sign_in(&mut world, "_2", &[(">developer<", ">finance<")]), 303);
    let [user] = users(&world).try_into().expect("one user");
    assert_eq!(user.role, "finance");
    assert_eq!((user.first_login, user.last_login), (NOW.seconds(), NOW.seconds() + 5));
    // A clock behind another one takes nothing back.
    world.now = NOW;
    sign_in(&mut world, "_3", &[]);
    assert_eq!(users(&world)[0].last_login, NOW.seconds() + 5);
}

#[test]
fn another_name_id_is_another_user() {
    let mut world = World::new();
    sign_in(&mut world, "_1", &[]);
    sign_in(&mut world, "_2", &[("ada@acme.example", "bob@acme.example")]);
    let users = users(&world);
    assert_eq!(users.len(), 2);
    assert_ne!(users[0].sub, users[1].sub);
}

#[test]
fn one_person_in_two_accounts_is_two_users() {
    let mut world = World::new();
    world.add("other", METADATA, None);
    sign_in(&mut world, "_1", &[]);
    let id = world.get("/sso/other/login").request_id();
    let scenario = answering_with(&id, "_2")
        .in_response("/sso/acme/acs", "/sso/other/acs")
        .in_assertion("/sso/acme/acs", "/sso/other/acs")
        .in_assertion("/sso/acme/metadata", "/sso/other/metadata")
        .in_assertion(">acme<", ">other<");
    assert_eq!(world.post("other", &form(&scenario)).answer.status, 303);
    let subs: Vec<_> = users(&world).into_iter().map(|user| user.sub).collect();
    assert_eq!(subs.len(), 2);
    assert_ne!(subs[0], subs[1]);
}

#[test]
fn what_signs_nobody_in_leaves_no_user() {
    let mut world = World::new();
    for (assertion, from, to) in [
        ("_1", ">developer<", ">owner<"),
        ("_2", "Ada Lovelace", &*"Ada ".repeat(300)),
        ("_3", ">acme<", ">other<"),
    ] {
        assert_eq!(sign_in(&mut world, assertion, &[(from, to)]), 403);
    }
    assert_eq!(users(&world), []);
    assert!(world.ledger.assertions().is_empty(), "and uses nothing up");
}

/// Row F4: it is replaced by a login that starts here, and that one counts.
#[test]
fn an_upgraded_response_is_nobodys_login() {
    let mut world = World::new();
    let unsolicited = answering_with("", "_1")
        .in_response(" InResponseTo=\"\"", "")
        .in_assertion(" InResponseTo=\"\"", "");
    let seen = world.post("acme", &form(&unsolicited));
    assert_eq!(seen.logged("event"), "login_upgraded");
    assert_eq!(users(&world), []);
    let scenario = answering_with(&seen.request_id(), "_2");
    assert_eq!(world.post("acme", &form(&scenario)).answer.status, 303);
    assert_eq!(users(&world).len(), 1);
}
