//! The address that metadata follows, in the admin API.

use saml_edge::{Fetched, RefreshState, Refreshed};
use serde_json::{Value, json};

use crate::account::refresh::{publish, replaced, rolled_over};
use crate::admin::metadata::{problem, stored};
use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::seen::Seen;
use crate::support::world::World;

const URL: &str = "https://idp.example/metadata.xml";
const METADATA_PATH: &str = "/sso/api/v1/accounts/acme/metadata";
const REFRESH: &str = "/sso/api/v1/accounts/acme/metadata/refresh";

/// An operator who lets the account `acme` follow an address.
fn world() -> World {
    let config = config_with(&[("ADMIN_TOKEN", &secret(9))]);
    let mut world =
        World { config, authorization: Some(format!("Bearer {}", secret(9))), ..World::new() };
    publish(&mut world, METADATA);
    world.if_match = Some("*".to_owned());
    assert_eq!(
        put(&mut world, "application/json", &json!({ "url": URL }).to_string()).answer.status,
        200
    );
    world
}

fn put(world: &mut World, content_type: &str, body: &str) -> Seen {
    world.send("PUT", METADATA_PATH, Some(content_type), "", Octets::of(body))
}

fn call(world: &mut World, method: &str, path: &str) -> Seen {
    world.send(method, path, None, "", Octets::of(""))
}

fn refresh(world: &mut World) -> Value {
    let seen = call(world, "POST", REFRESH);
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

fn settings(world: &World) -> Value {
    serde_json::from_str(stored(world).settings.as_deref().unwrap_or("{}")).expect("JSON")
}

/// Lets the IdP publish another certificate. Returns the address of what waits then.
fn stage(world: &mut World) -> String {
    publish(world, &rolled_over());
    let state = refresh(world);
    let at = |path| state.pointer(path).expect(path);
    assert_eq!(at("/last/code"), "staged");
    assert_eq!(at("/staged/certificates").as_array().map(Vec::len), Some(2));
    format!("{METADATA_PATH}/staged/{}", at("/staged/id").as_str().expect("an id"))
}

#[test]
fn what_is_put_by_its_address_follows_it() {
    let mut world = world();
    assert_eq!(settings(&world), json!({ "metadata_url": URL }));
    let state = refresh(&mut world);
    let last = json!({ "at": NOW.seconds(), "code": "unchanged" });
    let expected = json!({
        "metadata_url": URL, "new_certificates": "approve", "last": last, "staged": null,
    });
    assert_eq!(state, expected);
    let seen = world.get(REFRESH);
    assert_eq!(serde_json::from_str::<Value>(&seen.answer.body).expect("JSON"), expected);
}

#[test]
fn what_is_put_by_hand_follows_nothing() {
    type Act = fn(&mut World) -> Seen;
    let acts: [(Act, u16); 3] = [
        (|world| put(world, "application/xml", &rolled_over()), 200),
        (|world| call(world, "DELETE", METADATA_PATH), 200),
        (
            |world| {
                let versions = world.get(&format!("{METADATA_PATH}/versions"));
                let versions: Value = serde_json::from_str(&versions.answer.body).expect("JSON");
                let id = &versions["versions"][0]["id"];
                call(world, "POST", &format!("{METADATA_PATH}/versions/{id}/restore"))
            },
            200,
        ),
    ];
    for (act, status) in acts {
        let mut world = world();
        let seen = act(&mut world);
        assert_eq!(seen.answer.status, status, "{}", seen.answer.body);
        assert_eq!(settings(&world), json!({}));
        assert_eq!(
            problem(&call(&mut world, "POST", REFRESH)),
            (404, "metadata_url_absent".into())
        );
    }
}

#[test]
fn what_waits_is_approved_by_its_name() {
    let mut world = world();
    let staged = stage(&mut world);
    assert_eq!(world.get(&staged).answer.body, rolled_over());
    assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
    // What is in force must have been seen, too.
    world.if_match = None;
    let approve = format!("{staged}/approve");
    assert_eq!(problem(&call(&mut world, "POST", &approve)), (428, "if_match_missing".into()));
    world.if_match = Some("*".to_owned());
    assert_eq!(call(&mut world, "POST", &approve).answer.status, 200);
    assert_eq!(stored(&world).metadata, Some(rolled_over()));
    assert_eq!(settings(&world)["metadata_url"], URL);
    // It waits no more.
    assert_eq!(problem(&call(&mut world, "POST", &approve)), (404, "staged_unknown".into()));
    let state = refresh(&mut world);
    assert_eq!((&state["last"]["code"], &state["staged"]), (&json!("unchanged"), &Value::Null));
}

#[test]
fn what_is_dismissed_does_not_come_back() {
    let mut world = world();
    let staged = stage(&mut world);
    assert_eq!(call(&mut world, "DELETE", &staged).answer.status, 204);
    for (method, path) in [("GET", &staged), ("DELETE", &staged)] {
        assert_eq!(problem(&call(&mut world, method, path)), (404, "staged_unknown".into()));
    }
    let state = refresh(&mut world);
    assert_eq!((&state["last"]["code"], &state["staged"]), (&json!("dismissed"), &Value::Null));
    assert_eq!(world.refresh("acme", NOW).expect("an outcome"), Refreshed::Dismissed);
    let actions = crate::account::refresh::actions(&world);
    assert_eq!(actions[actions.len() - 2..], ["metadata.staged", "metadata.dismissed"]);
    // Another one waits again.
    publish(&mut world, &METADATA.replace("https://idp.example/sso", "https://idp.example/x"));
    assert_eq!(refresh(&mut world)["last"]["code"], "staged");
}

#[test]
fn what_waits_at_another_address_waits_no_more() {
    let mut world = world();
    let staged = stage(&mut world);
    let other = "https://idp.example/other.xml";
    let fetched = Fetched { status: 200, location: None, octets: METADATA.into() };
    world.web.answers.insert(other.to_owned(), Ok(fetched));
    put(&mut world, "application/json", &json!({ "url": other }).to_string());
    assert_eq!(problem(&world.get(&staged)), (404, "staged_unknown".into()));
    assert_ne!(world.ledger.following()["acme"], RefreshState::default());
}

/// It would bring back what was published before.
#[test]
fn what_waits_instead_of_something_else_waits_no_more() {
    let mut world = world();
    let staged = stage(&mut world);
    publish(&mut world, &replaced());
    let body = json!({ "url": URL }).to_string();
    assert_eq!(put(&mut world, "application/json", &body).answer.status, 200);
    for (method, path) in [("GET", &staged), ("POST", &format!("{staged}/approve"))] {
        assert_eq!(problem(&call(&mut world, method, path)), (404, "staged_unknown".into()));
    }
    assert_eq!(stored(&world).metadata, Some(replaced()));
}

#[test]
fn settings_take_no_address_that_is_not_public() {
    let mut world = world();
    for url in ["http://idp.example/", "https://10.0.0.1/", "x"] {
        let body = json!({ "metadata_url": url }).to_string();
        let path = "/sso/api/v1/accounts/acme";
        let seen = world.send("PUT", path, Some("application/json"), "", Octets::of(&body));
        assert_eq!(problem(&seen), (400, "json_invalid".into()));
        assert!(seen.answer.body.contains("\"field\":\"metadata_url\""), "{}", seen.answer.body);
    }
    assert_eq!(settings(&world)["metadata_url"], URL);
}
