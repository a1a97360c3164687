//! When a setup link ends.

use saml_edge::Stored;

use crate::common::METADATA;
use crate::settings::changes;
use crate::settings::setup_links::{LINKS, SETTINGS, START, enter, json, make, operate, world};
use crate::support::world::World;

#[test]
fn a_link_ends_with_its_time() {
    let mut world = world();
    let (_, token) = make(&mut world, r#"{"expires_in":60}"#);
    world.now = world.now.plus(59);
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    world.now = world.now.plus(1);
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    // As nobody at all.
    assert!(world.get(SETTINGS).header("location").starts_with("/sso/acme/login?"));
}

#[test]
fn a_revoked_link_lets_nobody_in_any_more() {
    let mut world = world();
    let (id, token) = make(&mut world, "{}");
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    let gone = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    assert_eq!((gone.answer.status, &*gone.answer.body), (204, ""));
    assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    let again = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    assert_eq!((again.answer.status, &*again.logged("code")), (404, "setup_link_unknown"));
    assert_eq!(json(&operate(&mut world, "GET", LINKS, "")), json!({ "setup_links": [] }));
}

/// Whoever was let in before must not switch an account on that an operator has switched off.
#[test]
fn links_end_with_the_metadata() {
    let gone: [fn(&World); 3] = [
        |world| world.change("acme", None, None),
        |world| world.change("acme", None, Some("{}")),
        // Past the ledger.
        |world| drop(world.store.accounts.borrow_mut().remove("acme")),
    ];
    for gone in gone {
        let mut world = world();
        let (_, unopened) = make(&mut world, "{}");
        enter(&mut world);
        assert_eq!(world.get(SETTINGS).answer.status, 200);
        gone(&world);
        assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
        let seen = world.submit(START, &[("link", &unopened)]);
        assert_eq!(seen.refusal(), "setup_link_invalid");
        let listed = operate(&mut world, "GET", LINKS, "");
        assert_eq!(json(&listed), json!({ "setup_links": [] }));
        let audit = world.ledger.audit();
        let revoked =
            audit.iter().filter(|(_, it, _)| it.entry.action.as_str() == "setup_link.revoked");
        assert_eq!(revoked.count(), 2, "each is written down");
        drop(audit);
        // Nor where the same metadata comes back.
        world.change("acme", Some(METADATA), None);
        assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
    }
}

/// That is how an account begins again.
#[test]
fn a_link_that_is_made_after_a_deletion_opens_the_settings() {
    let mut world = world();
    world.change("acme", None, None);
    enter(&mut world);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    // Also where the store goes on saying what was before.
    let before = Stored { metadata: Some(METADATA.to_owned()), settings: None };
    world.store.stale.borrow_mut().insert("acme".to_owned(), before);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
}

/// The page was shown, and then the operator switched the account off at the store itself.
#[test]
fn a_link_that_has_ended_changes_nothing_where_the_store_is_stale() {
    let mut world = world();
    enter(&mut world);
    let shown = changes::edit(&mut world, &[("edit", "entity_id"), ("entity_id", "urn:x")]);
    let stored = world.store.accounts.borrow_mut().remove("acme").expect("an account");
    world.store.stale.borrow_mut().insert("acme".to_owned(), stored);
    let fields = [("edit", "metadata"), ("metadata", METADATA)];
    let again = changes::confirm(&mut world, &shown, &fields);
    assert!(!again.answer.body.contains("done=saved"));
    assert!(world.store.accounts.borrow().get("acme").is_none(), "nothing is stored");
    assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
}
