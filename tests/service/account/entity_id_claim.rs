//! Two accounts with one entity id at one IdP (row G2).

use std::rc::Rc;

use crate::common::{IDP, METADATA, OTHER_CERTIFICATE, Scenario, Signed};
use crate::fakes::Store;
use crate::settings::page::form_token;
use crate::settings::setup_links;
use crate::support::form::{answering, form};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const SHARED: &str = r#"{"acs":"shared"}"#;

pub(crate) const SAME: &str = r#"{"acs":"shared","entity_id":"urn:example:product"}"#;

/// Signs a user of `account` in, at whatever the account's addresses are, with a fresh assertion
/// and in a browser where nobody is signed in.
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
        .in_assertion("ID=\"_assertion\"", &format!("ID=\"{assertion}\""));
    let path = acs_url.strip_prefix("https://edge.example").expect("our site");
    let path = path.split('#').next().expect("a path");
    world.post_to(path, &form(&change(scenario)))
}

pub(crate) fn signs_in(world: &mut World, account: &str) {
    assert_eq!(sign_in(world, account, |it| it).logged("event"), "login_succeeded", "{account}");
}

pub(crate) fn refuses(world: &mut World, account: &str) {
    let used = world.ledger.assertions().len();
    let seen = sign_in(world, account, |it| it);
    assert_eq!(seen.refusal(), "entity_id_taken");
    assert_eq!(seen.answer.status, 403);
    assert_eq!(world.ledger.assertions().len(), used);
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
        |world| world.change("first", None, None),
        |world| {
            let settings = r#"{"acs":"shared","entity_id":"urn:example:first"}"#;
            world.change("first", Some(METADATA), Some(settings));
        },
        |world| world.change("first", Some(&other_idp()), Some(SAME)),
    ];
    for change in changes {
        let mut world = world(SAME);
        change(&world);
        signs_in(&mut world, "second");
        world.change("first", Some(METADATA), Some(SAME));
        refuses(&mut world, "first");
        world.change("second", Some(METADATA), own);
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
fn nobody_is_asked_about_addresses_that_no_other_account_can_have() {
    let mut world = World::new();
    world.add("kid", METADATA, Some(r##"{"acs":"shared","entity_id":"urn:x#kid"}"##));
    world.add("kit", METADATA, Some(r##"{"acs":"shared","entity_id":"urn:x#kit"}"##));
    // An entity id that others have too, at a Reply URL of their own: Recipient says whose it is.
    world.add("one", METADATA, Some(r#"{"entity_id":"urn:x"}"#));
    world.add("two", METADATA, Some(r#"{"entity_id":"urn:x"}"#));
    world.add("three", METADATA, Some(r#"{"acs":"own","entity_id":"urn:x"}"#));
    for account in ["acme", "kid", "kit", "one", "two", "three"] {
        signs_in(&mut world, account);
    }
    assert!(world.ledger.pairs().is_empty());
}

/// Issuers are public, and so is metadata: neither is worth anything without the key.
#[test]
fn an_account_takes_nothing_with_a_key_of_its_own() {
    let both = METADATA.replace(
        "<KeyDescriptor use=\"signing\">",
        &format!("{}<KeyDescriptor use=\"signing\">", key_descriptor()),
    );
    for metadata in [other_key(), both] {
        let mut world = World::new();
        world.add("squatter", &metadata, Some(SHARED));
        world.add("victim", METADATA, Some(SHARED));
        let seen = sign_in(&mut world, "squatter", Scenario::signed_by_another_key);
        assert_eq!(seen.logged("event"), "login_succeeded");
        signs_in(&mut world, "victim");
        // Who has no key of another's stays, and is in nobody's way.
        let seen = sign_in(&mut world, "squatter", Scenario::signed_by_another_key);
        assert_eq!(seen.logged("event"), "login_succeeded");
        signs_in(&mut world, "victim");
        assert_eq!(world.ledger.pairs().len(), 2);
        // Nor does the victim's key let anybody in at the squatter.
        if metadata.matches("use=\"signing\"").count() == 2 {
            refuses(&mut world, "squatter");
        }
    }
}

/// As Entra has it: each of its applications has a key of its own.
#[test]
fn a_child_with_a_key_of_its_own_goes_back_to_the_shared_entity_id() {
    let mut world = World::new();
    world.add("parent", METADATA, Some(SHARED));
    signs_in(&mut world, "parent");
    let child = r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#kid"}"##;
    for settings in [child, SHARED, child, SHARED] {
        world.change("kid", Some(&other_key()), Some(settings));
        let seen = sign_in(&mut world, "kid", Scenario::signed_by_another_key);
        assert_eq!(seen.logged("event"), "login_succeeded", "{settings}");
        signs_in(&mut world, "parent");
    }
}

/// A Response may be signed with one key and its assertion with another. Whoever accepts it has
/// both.
#[test]
fn a_message_with_two_keys_is_for_who_has_both() {
    let both = || {
        METADATA.replace(
            "<KeyDescriptor use=\"signing\">",
            &format!("{}<KeyDescriptor use=\"signing\">", key_descriptor()),
        )
    };
    let two_keys = |it: Scenario| it.signed(Signed::Both).response_signed_by_another_key();
    let mut world = World::new();
    world.add("first", &other_key(), Some(SHARED));
    world.add("second", &both(), Some(SHARED));
    let seen = sign_in(&mut world, "first", Scenario::signed_by_another_key);
    assert_eq!(seen.logged("event"), "login_succeeded");
    assert_eq!(sign_in(&mut world, "second", two_keys).refusal(), "entity_id_taken");
    assert_eq!(world.ledger.pairs().len(), 1, "and it takes not even the other");
    world.store.accounts.borrow_mut().remove("first");
    assert_eq!(sign_in(&mut world, "second", two_keys).logged("event"), "login_succeeded");
    assert_eq!(world.ledger.pairs().len(), 2);
}

/// What a login would be refused for, a dry run says too.
#[test]
fn a_dry_run_asks_whether_another_account_has_it() {
    let mut world = world(SHARED);
    world.config = setup_links::world().config;
    world.add("acme", METADATA, Some(SHARED));
    setup_links::enter(&mut world);
    let response = answering("_request")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/metadata", "https://edge.example/sso/metadata")
        .xml();
    let page = "/sso/acme/settings/test";
    for expected in ["entity_id_taken", ""] {
        let token = form_token(&world.get(page).answer.body);
        let fields = [("form_token", &*token), ("action", "inspect"), ("response", &response)];
        let seen = world.submit(page, &fields);
        assert_eq!((seen.answer.status, &*seen.logged("code")), (200, expected));
        assert_eq!(world.ledger.pairs().len(), 1, "it takes nothing");
        world.store.accounts.borrow_mut().remove("first");
    }
}

/// The store may say for a while that there is no such account; its ledger knows better.
#[test]
fn whether_an_account_has_left_is_asked_of_its_ledger() {
    let mut world = world(SHARED);
    let stale = Rc::<Store>::default();
    let second = world.store.accounts.borrow().get("second").cloned().expect("stored");
    stale.accounts.borrow_mut().insert("second".to_owned(), second);
    world.store = stale;
    refuses(&mut world, "second");
}

#[test]
fn a_login_that_fails_takes_nothing() {
    let mut world = World::new();
    world.add("first", METADATA, Some(SAME));
    let changes: [fn(Scenario) -> Scenario; 2] =
        [Scenario::signed_by_another_key, |it| it.in_assertion(">first<", ">second<")];
    for change in changes {
        assert_eq!(sign_in(&mut world, "first", change).logged("event"), "login_refused");
        assert!(world.ledger.pairs().is_empty());
    }
}

/// The same Issuer with another key.
pub(crate) fn other_key() -> String {
    let (before, rest) = METADATA.split_once("X509Certificate>").expect("a certificate");
    let (_, after) = rest.split_once("</").expect("an end");
    format!("{before}X509Certificate>{OTHER_CERTIFICATE}</{after}")
}

/// The other key, as one more of an IdP.
fn key_descriptor() -> String {
    let metadata = other_key();
    let (_, rest) = metadata.split_once("<KeyDescriptor").expect("a key");
    let (inside, _) = rest.split_once("</KeyDescriptor>").expect("its end");
    format!("<KeyDescriptor{inside}</KeyDescriptor>")
}

fn other_idp() -> String {
    METADATA.replace(IDP, "https://other.example/metadata")
}
