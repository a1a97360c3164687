//! Which account owns an entity id at an IdP: operators read it and change it.

use saml_edge::encoding::hex;
use saml_verify::saml::IdpMetadata;
use serde_json::json;

use crate::account::entity_id_claim::{SHARED, other_key, refuses, signs_in, world};
use crate::admin::metadata::{call, json, operated, problem};
use crate::common::{IDP, METADATA};
use crate::support::world::World;

#[test]
fn operators_see_who_has_what() {
    let mut world = operated(world(SHARED));
    let pairs = |world: &mut World, account: &str| {
        let seen = call(world, "GET", &format!("/sso/api/v1/accounts/{account}/pairs"), "");
        assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
        json(&seen)["pairs"].as_array().expect("a list").clone()
    };
    let idp = IdpMetadata::parse(METADATA).expect("metadata");
    let certificate = hex(idp.certificates().first().expect("one").fingerprint());
    for account in ["first", "second"] {
        let found = pairs(&mut world, account);
        let [pair] = found.as_slice() else { panic!("one pair") };
        assert_eq!((&pair["issuer"], &pair["holder"]), (&json!(IDP), &json!("first")));
        assert_eq!(pair["entity_id"], "https://edge.example/sso/metadata");
        assert_eq!(pair["certificates"], json!([certificate]));
        assert_eq!(pair["key"], hex(&idp.signing_keys().first().expect("one").fingerprint()));
    }
    // What nobody else could have is nobody's to give.
    assert!(pairs(&mut world, "acme").is_empty());
    world.add("free", &other_key(), Some(SHARED));
    assert!(pairs(&mut world, "free")[0]["holder"].is_null());
    let seen = call(&mut world, "GET", "/sso/api/v1/accounts/nobody/pairs", "");
    assert_eq!(problem(&seen), (404, "metadata_absent".to_owned()));
}

#[test]
fn operators_give_it_to_another() {
    let mut world = operated(world(SHARED));
    let list = |world: &mut World| {
        json(&call(world, "GET", "/sso/api/v1/accounts/second/pairs", ""))["pairs"][0].clone()
    };
    let id = list(&mut world)["id"].as_str().expect("an id").to_owned();
    let path = |account: &str, id: &str| format!("/sso/api/v1/accounts/{account}/pairs/{id}");
    for _ in 0..2 {
        let seen = call(&mut world, "PUT", &path("second", &id), "");
        assert_eq!((seen.answer.status, &json(&seen)["holder"]), (200, &json!("second")));
        assert_eq!(seen.logged("event"), "api_changed");
    }
    // It moved once.
    for (account, action) in [("first", "pair.taken"), ("second", "pair.given")] {
        let events = call(&mut world, "GET", &path_of_events(account), "");
        let events = json(&events)["audit_events"].as_array().expect("a list").clone();
        let [event] = events.as_slice() else { panic!("one event") };
        let named = (&event["action"], &event["actor"], &event["pair"]);
        assert_eq!(named, (&json!(action), &json!("operator"), &json!(id)));
    }
    signs_in(&mut world, "second");
    refuses(&mut world, "first");
    for (account, id) in [("second", "0".repeat(64)), ("acme", id)] {
        let seen = call(&mut world, "PUT", &path(account, &id), "");
        assert_eq!(problem(&seen), (404, "pair_unknown".to_owned()));
    }
    let seen = call(&mut world, "PUT", &path("second", "x"), "");
    assert_eq!(problem(&seen), (404, "path_unknown".to_owned()));
}

fn path_of_events(account: &str) -> String {
    format!("/sso/api/v1/accounts/{account}/audit-events")
}

#[test]
fn no_claim_moves_without_an_audit_entry() {
    let mut world = operated(world(SHARED));
    let pairs = call(&mut world, "GET", "/sso/api/v1/accounts/second/pairs", "");
    let id = json(&pairs)["pairs"][0]["id"].as_str().expect("an id").to_owned();
    world.ledger.broken_for.replace(Some("first".to_owned()));
    let path = format!("/sso/api/v1/accounts/second/pairs/{id}");
    let seen = call(&mut world, "PUT", &path, "");
    assert_eq!(problem(&seen), (503, "ledger_unreachable".to_owned()));
    signs_in(&mut world, "first");
}
