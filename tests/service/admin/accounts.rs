//! Accounts and their settings, as operators change them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saml_edge::limits::OWN_FORM_OCTETS;
use saml_edge::{Entropy, Limiter, Request, Stored};
use serde_json::{Value, json};

use crate::account::entity_id_claim;
use crate::admin::metadata::{call, json, problem, see, stored, world};
use crate::common::METADATA;
use crate::fakes::Octets;
use crate::support::seen::Seen;
use crate::support::world::World;

const ACCOUNTS: &str = "/sso/api/v1/accounts";
const ACME: &str = "/sso/api/v1/accounts/acme";
const FRESH: &str = "/sso/api/v1/accounts/fresh";

fn put(world: &mut World, path: &str, body: &str) -> Seen {
    world.send("PUT", path, Some("application/json"), "", Octets::of(body))
}

fn patch(world: &mut World, body: &str) -> Seen {
    world.send("PATCH", ACME, Some("application/merge-patch+json"), "", Octets::of(body))
}

/// The field that a problem document names.
fn field(seen: &Seen) -> Option<String> {
    json(seen).get("field").and_then(Value::as_str).map(str::to_owned)
}

#[test]
fn an_account_is_created_read_changed_and_deleted() {
    let mut world = world();
    assert_eq!(problem(&world.get(FRESH)), (404, "account_absent".to_owned()));
    let settings = json!({ "entity_id": "urn:x", "domains": ["fresh.example"] });
    let seen = put(&mut world, FRESH, &settings.to_string());
    assert_eq!((seen.answer.status, json(&seen)), (201, settings.clone()));
    let tag = seen.header("etag").to_owned();
    let seen = world.get(FRESH);
    assert_eq!((json(&seen), seen.header("etag")), (settings, tag.as_str()));
    assert_eq!(problem(&put(&mut world, FRESH, "{}")), (428, "if_match_missing".to_owned()));
    world.if_match = Some(tag.clone());
    let seen = put(&mut world, FRESH, r#"{"acs":"shared"}"#);
    assert_eq!((seen.answer.status, json(&seen)), (200, json!({ "acs": "shared" })));
    let delete = |world: &mut World| call(world, "DELETE", FRESH, "");
    assert_eq!(problem(&delete(&mut world)), (412, "account_changed".to_owned()));
    world.if_match = Some(seen.header("etag").to_owned());
    let gone = json!({ "sessions_ended": 0, "setup_links_revoked": 0, "staged_dropped": 0 });
    let seen = delete(&mut world);
    assert_eq!((seen.answer.status, json(&seen)), (200, gone));
    assert_eq!(problem(&delete(&mut world)), (404, "account_absent".to_owned()));
    // All of it went through the ledger.
    let events = world.get(&format!("{FRESH}/audit-events"));
    assert_eq!(json(&events)["audit_events"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_patch_changes_what_it_names() {
    let mut world = world();
    world.add(
        "acme",
        METADATA,
        Some(r#"{"roles":["a"],"claims":{"role":"r","name":"n"},"acs":null}"#),
    );
    see(&mut world);
    let seen = patch(
        &mut world,
        r#"{"roles":null,"claims":{"role":"groups","name":null},"login_hint":true}"#,
    );
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    let expected = json!({ "acs": null, "claims": { "role": "groups" }, "login_hint": true });
    assert_eq!(json(&seen), expected);
    assert_eq!(seen.header("etag"), format!("\"{}\"", stored(&world).revision()));
    see(&mut world);
    // A field that was no object becomes one; what is not there need not be removed.
    let seen = patch(&mut world, r#"{"claims":null,"acs":"own","domains":null}"#);
    assert_eq!(json(&seen), json!({ "acs": "own", "login_hint": true }));
    world.if_match = None;
    assert_eq!(problem(&patch(&mut world, "{}")), (428, "if_match_missing".to_owned()));
    // Metadata stays as it is.
    assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
}

#[test]
fn what_ends_with_a_change_is_counted() {
    let mut world = world();
    world.sign_in(|scenario| scenario);
    see(&mut world);
    // What only widens ends none, and says nothing.
    assert_eq!(json(&patch(&mut world, r#"{"login_hint":true}"#)), json!({ "login_hint": true }));
    see(&mut world);
    let seen = patch(&mut world, r#"{"roles":["finance"],"login_hint":null}"#);
    assert_eq!(json(&seen), json!({ "roles": ["finance"], "sessions_ended": 1 }));
    see(&mut world);
    assert_eq!(json(&put(&mut world, ACME, "{}")), json!({}));
    world.sign_in(|scenario| scenario.in_assertion("ID=\"_assertion\"", "ID=\"_second\""));
    assert_eq!(world.ledger.sessions().len(), 1);
    see(&mut world);
    let seen = put(&mut world, ACME, r#"{"force_authn":true}"#);
    assert_eq!(json(&seen), json!({ "force_authn": true, "sessions_ended": 1 }));
    // It is no setting.
    see(&mut world);
    let seen = put(&mut world, ACME, &seen.answer.body);
    assert_eq!((problem(&seen).0, field(&seen)), (400, Some("sessions_ended".to_owned())));
}

#[test]
fn the_field_that_is_wrong_is_named() {
    let mut world = world();
    for (body, expected) in [
        ("", None),
        ("[]", None),
        (r#"{"acs":"#, None),
        (r#"{"acs":"own","entityid":"urn:x"}"#, Some("entityid")),
        (r#"{"acs":"own","idp_initiated":"always"}"#, Some("idp_initiated")),
        (r#"{"claims":{"mail":"m"}}"#, Some("claims")),
        (r#"{"force_authn":true,"domains":["Acme.example"]}"#, Some("domains")),
        (r#"{"allow_sha1_until":"tomorrow"}"#, Some("allow_sha1_until")),
        (r#"{"roles":["developer","boss"]}"#, Some("roles")),
        // Another account's own.
        (r#"{"entity_id":"https://edge.example/sso/other/metadata"}"#, Some("entity_id")),
        (r##"{"entity_id":"urn:x#other"}"##, Some("entity_id")),
    ] {
        let seen = put(&mut world, FRESH, body);
        assert_eq!(problem(&seen), (400, "json_invalid".to_owned()), "{body}");
        assert_eq!(field(&seen).as_deref(), expected, "{body}");
    }
    see(&mut world);
    let seen = patch(&mut world, r#"{"roles":["boss"]}"#);
    assert_eq!(field(&seen).as_deref(), Some("roles"));
    assert!(seen.answer.body.contains("boss is none of ROLES: "), "{}", seen.answer.body);
    assert!(seen.answer.body.contains("developer"), "{}", seen.answer.body);
    let seen = patch(&mut world, r#"{"claims":{"role":{"deep":null}}}"#);
    assert_eq!(
        (problem(&seen).1.as_str(), field(&seen).as_deref()),
        ("json_invalid", Some("claims"))
    );
    let long = format!(r#"{{"entity_id":"{}"}}"#, "x".repeat(OWN_FORM_OCTETS));
    assert_eq!(problem(&put(&mut world, FRESH, &long)), (413, "body_too_large".to_owned()));
    let seen = call(&mut world, "PUT", FRESH, "{}");
    assert_eq!(problem(&seen), (415, "content_type_unsupported".to_owned()));
    assert_eq!(field(&seen).as_deref(), Some("Content-Type"));
    assert!(!world.store.accounts.borrow().contains_key("fresh"));
}

#[test]
fn no_account_takes_what_another_has() {
    let mut world = World {
        config: world().config,
        authorization: world().authorization,
        ..entity_id_claim::world(entity_id_claim::SAME)
    };
    world.add("second", METADATA, None);
    world.if_match = Some("*".to_owned());
    let path = "/sso/api/v1/accounts/second";
    let seen = put(&mut world, path, entity_id_claim::SAME);
    assert_eq!(problem(&seen), (409, "entity_id_taken".to_owned()));
    assert_eq!(field(&seen).as_deref(), Some("entity_id"));
    assert_eq!(put(&mut world, path, r#"{"entity_id":"urn:another"}"#).answer.status, 200);
}

#[test]
fn all_accounts_are_listed_once() {
    let mut world = world();
    world.store.accounts.borrow_mut().clear();
    let mut expected = Vec::new();
    for number in 0..23_u32 {
        // Some with one, some with the other, most with both, in runs.
        let (metadata, settings) = (number % 3 != 0, number % 3 == 0 || number > 12);
        let id = format!("a{number:02}");
        let stored = Stored {
            metadata: metadata.then(|| METADATA.to_owned()),
            settings: settings.then(|| "{}".to_owned()),
        };
        world.store.accounts.borrow_mut().insert(id.clone(), stored);
        expected.push(json!({ "id": id, "metadata": metadata, "settings": settings }));
    }
    // Operators may write what is no account.
    let odd = Stored { metadata: Some(String::new()), settings: None };
    world.store.accounts.borrow_mut().insert("a b".to_owned(), odd);
    for limit in [1, 2, 3, 7, 22, 23, 24, 200] {
        let (mut accounts, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let page = json(&world.get(&format!("{ACCOUNTS}?{query}")));
            accounts.extend(page["accounts"].as_array().expect("a list").clone());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            query = format!("limit={limit}&cursor={cursor}");
        }
        assert_eq!(accounts, expected, "{limit}");
    }
    let page = json(&world.get(&format!("{ACCOUNTS}?limit=1")));
    let ours = page["next_cursor"].as_str().expect("a cursor");
    let (text, tag) = ours.split_once('.').expect("a tag");
    // The store fails on a cursor that it has not given.
    let place = json!({
        "metadata": { "cursor": "a", "is_over": false },
        "settings": { "cursor": "a", "is_over": false },
        "after": "",
    });
    let forged = URL_SAFE_NO_PAD.encode(place.to_string());
    let forged = [text.to_owned(), forged.clone(), format!("{forged}.{tag}")];
    let forged = forged.iter().map(|it| format!("cursor={it}"));
    let others = ["cursor=", "cursor=1", "cursor=e30", "cursor=.", "limit=0"].map(str::to_owned);
    for query in forged.chain(others) {
        let seen = world.get(&format!("{ACCOUNTS}?{query}"));
        assert_eq!(seen.answer.status, 400, "{query}");
        assert_eq!(
            problem(&seen).1,
            if query == "limit=0" { "limit_invalid" } else { "cursor_invalid" }
        );
    }
    world.store.broken.set(true);
    assert_eq!(problem(&world.get(ACCOUNTS)), (503, "store_unreachable".to_owned()));
}

#[test]
fn settings_that_cannot_be_read_can_be_replaced() {
    let mut world = world();
    world.add("acme", METADATA, Some("{"));
    assert_eq!(problem(&world.get(ACME)), (500, "settings_invalid".to_owned()));
    world.if_match = Some("*".to_owned());
    assert_eq!(problem(&patch(&mut world, "{}")), (500, "settings_invalid".to_owned()));
    assert_eq!(put(&mut world, ACME, "{}").answer.status, 200);
}

#[test]
fn callers_are_counted() {
    let world = world();
    let request = Request { path: ACCOUNTS, method: "GET".into(), ..Request::default() };
    let too_many = |world: &World| {
        saml_edge::too_many(
            &world.service(),
            Limiter::Api,
            request.route().as_ref(),
            &Entropy::default(),
        )
    };
    let reply = too_many(&world);
    let seen = Seen { answer: reply.answer, log: reply.log };
    assert_eq!(problem(&seen), (429, "too_many_requests".to_owned()));
    assert_eq!(seen.header("retry-after"), "60");
    // Where there is no API there is nothing to say no.
    let reply = too_many(&World::new());
    assert_eq!((reply.answer.status, reply.log), (404, None));
}
