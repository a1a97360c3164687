//! Two accounts with one entity id at one IdP (row G2).

use crate::common::{IDP, METADATA, Scenario};
use crate::world::{Seen, World, answering, form};

const SHARED: &str = r#"{"acs":"shared"}"#;
pub(crate) const SAME: &str = r#"{"entity_id":"urn:example:product"}"#;

/// Signs a user of `account` in, at whatever the account's addresses are, with a fresh assertion and in a
/// browser where nobody is signed in.
fn sign_in(world: &mut World, account: &str, change: impl FnOnce(Scenario) -> Scenario) -> Seen {
    world.jar.clear();
    let started = world.get(&format!("/sso/{account}/login"));
    let (id, xml) = (started.request_id(), started.request_xml());
    let between = |from, to| xml.split_once(from).and_then(|(_, it)| it.split_once(to));
    let entity_id = between("<saml:Issuer>", "<").expect("an issuer").0.to_owned();
    let acs_url = between("ConsumerServiceURL=\"", "\"").expect("a Reply URL").0.to_owned();
    let assertion = format!("_{id}");
    let scenario = answering(&id)
        .in_response("https://edge.example/sso/acme/acs", &acs_url)
        .in_assertion("https://edge.example/sso/acme/acs", &acs_url)
        .in_assertion("https://edge.example/sso/acme/metadata", &entity_id)
        .in_assertion(">acme<", &format!(">{account}<"))
        .in_assertion("ID=\"_assertion\"", &format!("ID=\"{assertion}\""))
        .in_signed_info("#{id}", &format!("#{assertion}"));
    let path = acs_url.strip_prefix("https://edge.example").expect("our site");
    let path = path.split('#').next().expect("a path");
    world.post_to(path, &form(&change(scenario)))
}

fn signs_in(world: &mut World, account: &str) {
    assert_eq!(sign_in(world, account, |it| it).logged("event"), "login_succeeded", "{account}");
}

fn refuses(world: &mut World, account: &str) {
    let used = world.ledger.assertions.borrow().len();
    let seen = sign_in(world, account, |it| it);
    assert_eq!(seen.refusal(), "entity_id_taken");
    assert_eq!(seen.answer.status, 403);
    assert_eq!(world.ledger.assertions.borrow().len(), used);
}

/// `first` and `second` with the same settings, of which `first` has signed somebody in.
pub(crate) fn world(settings: &str) -> World {
    let mut world = World::new();
    world.add("first", METADATA, Some(settings));
    world.add("second", METADATA, Some(settings));
    signs_in(&mut world, "first");
    world
}

#[test]
fn the_second_account_with_an_entity_id_is_refused() {
    for settings in [SHARED, SAME] {
        let mut world = world(settings);
        refuses(&mut world, "second");
        // Again and again, and the first is not touched by it.
        refuses(&mut world, "second");
        signs_in(&mut world, "first");
    }
}

#[test]
fn the_second_account_takes_over_what_the_first_has_left() {
    let own = Some("{}");
    let changes: [fn(&World); 3] = [
        |world| drop(world.store.accounts.borrow_mut().remove("first")),
        |world| world.add("first", METADATA, Some(r#"{"entity_id":"urn:example:first"}"#)),
        |world| world.add("first", &other_idp(), Some(SAME)),
    ];
    for change in changes {
        let mut world = world(SAME);
        change(&world);
        signs_in(&mut world, "second");
        world.add("first", METADATA, Some(SAME));
        refuses(&mut world, "first");
        world.add("second", METADATA, own);
        signs_in(&mut world, "first");
    }
}

/// What is only broken can be mended, and then there would be two.
#[test]
fn the_second_account_does_not_take_what_the_first_may_want_again() {
    for (metadata, settings) in [("<html/>", SAME), (METADATA, "{")] {
        let mut world = world(SAME);
        world.add("first", metadata, Some(settings));
        refuses(&mut world, "second");
    }
}

#[test]
fn an_entity_id_may_serve_two_idps() {
    let mut world = World::new();
    world.add("first", METADATA, Some(SAME));
    world.add("second", &other_idp(), Some(SAME));
    signs_in(&mut world, "first");
    let seen = sign_in(&mut world, "second", |it| {
        let issuer = "https://other.example/metadata";
        it.in_response(IDP, issuer).in_assertion(IDP, issuer)
    });
    assert_eq!(seen.logged("event"), "login_succeeded");
}

#[test]
fn nobody_is_asked_about_an_entity_id_that_no_other_account_can_have() {
    let mut world = World::new();
    world.add("kid", METADATA, Some(r##"{"acs":"shared","entity_id":"urn:x#kid"}"##));
    world.add("kit", METADATA, Some(r##"{"acs":"shared","entity_id":"urn:x#kit"}"##));
    for account in ["acme", "kid", "kit"] {
        signs_in(&mut world, account);
    }
    assert!(world.ledger.pairs.borrow().is_empty());
}

#[test]
fn a_login_that_fails_takes_nothing() {
    let mut world = World::new();
    world.add("first", METADATA, Some(SAME));
    let changes: [fn(Scenario) -> Scenario; 2] =
        [Scenario::signed_by_another_key, |it| it.in_assertion(">first<", ">second<")];
    for change in changes {
        assert_eq!(sign_in(&mut world, "first", change).logged("event"), "login_refused");
        assert!(world.ledger.pairs.borrow().is_empty());
    }
}

fn other_idp() -> String {
    METADATA.replace(IDP, "https://other.example/metadata")
}
