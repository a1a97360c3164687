//! The audit entries and events of setup links.

use serde_json::Value;

use crate::settings::setup_links::{LINKS, SETTINGS, START, enter, json, make, operate, world};
use crate::support::config::{config_with, secret};
use crate::support::world::World;

/// The same, where the product hears of what is done.
fn with_webhook() -> World {
    let config = config_with(&[
        ("ADMIN_TOKEN", &secret(9)),
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("EVENTS", "bound"),
    ]);
    World { config, ..World::new() }
}

fn audit_events(world: &mut World) -> Vec<Value> {
    let path = "/sso/api/v1/accounts/acme/audit-events";
    let page = json(&operate(world, "GET", path, ""));
    let events = page.get("audit_events").and_then(Value::as_array).expect("a list");
    events.iter().rev().cloned().collect()
}

/// Whoever opens it again and again pushes nothing out of the list.
#[test]
fn a_link_is_written_down_when_it_is_made_first_opened_and_revoked() {
    let mut world = with_webhook();
    let (id, token) = make(&mut world, "{}");
    let made = world.now.seconds();
    for _ in 0..3 {
        world.now = world.now.plus(60);
        assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    }
    let gone = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    let written = audit_events(&mut world);
    let actions = [
        ("setup_link.created", "operator".to_owned(), made),
        ("setup_link.opened", format!("setup_link:{id}"), made + 60),
        ("setup_link.revoked", "operator".to_owned(), made + 180),
    ];
    assert_eq!(written.len(), actions.len());
    for (event, (action, actor, at)) in written.iter().zip(&actions) {
        let (place, reference) = (&event["id"], &event["reference"]);
        let expected = json!({
            "id": place, "at": at, "actor": actor, "action": action,
            "reference": reference, "setup_link": id,
        });
        assert_eq!(*event, expected);
    }
    assert_eq!(written[2]["reference"], gone.logged("reference"));
    // The product hears the same of each, once.
    let heard = world.ledger.events();
    let heard: Vec<Value> =
        heard.iter().map(|it| serde_json::from_str(&it.body).expect("JSON")).collect();
    assert_eq!(heard.len(), actions.len());
    for (event, mut change) in heard.iter().zip(written) {
        change.as_object_mut().expect("an object").remove("id");
        assert_eq!(event["type"], change["action"]);
        let reference = &change["reference"];
        let data = json!({ "account": "acme", "reference": reference, "change": change });
        assert_eq!(event["data"], data);
        assert!(!event.to_string().contains(&token));
    }
}

#[test]
fn audit_entries_of_links_are_events_only_with_a_webhook() {
    let mut world = world();
    enter(&mut world);
    assert_eq!(audit_events(&mut world).len(), 2);
    assert!(world.ledger.events().is_empty());
}

/// A deletion in KV itself is an event, by whichever call the ledger detects it.
#[test]
fn links_that_end_with_a_deletion_in_kv_are_events() {
    let detections: [fn(&mut World); 2] = [
        // A browser with the link, by the call `see`.
        |world| drop(world.get(SETTINGS)),
        // The API, by the call `current`.
        |world| drop(operate(world, "GET", "/sso/api/v1/accounts/acme", "")),
    ];
    for detect in detections {
        let mut world = with_webhook();
        enter(&mut world);
        world.store.accounts.borrow_mut().remove("acme").expect("an account");
        detect(&mut world);
        let kinds: Vec<_> = world
            .ledger
            .events()
            .iter()
            .map(|it| serde_json::from_str::<Value>(&it.body).expect("JSON")["type"].clone())
            .collect();
        let expected = ["setup_link.created", "setup_link.opened", "setup_link.revoked"];
        assert_eq!(kinds, expected);
        let audit = world.ledger.audit();
        let actor = audit.last().map(|(_, it, _)| it.entry.actor.to_string());
        assert_eq!(actor.as_deref(), Some("elsewhere"));
    }
}

/// What is written of a link is no state that could come back.
#[test]
fn a_link_makes_no_version() {
    let mut world = world();
    enter(&mut world);
    let path = "/sso/api/v1/accounts/acme/metadata/versions";
    assert_eq!(json(&operate(&mut world, "GET", path, "")), json!({ "versions": [] }));
}
