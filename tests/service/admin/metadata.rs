//! The metadata of an account, as operators change it, and what is written down of that (row G6).

use saml_edge::Stored;
use saml_edge::limits::STORED_METADATA_OCTETS;
use serde_json::{Value, json};

use crate::account::entity_id_claim;
use crate::common::{METADATA, in_utf_16};
use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const ACCOUNT: &str = "/sso/api/v1/accounts/acme";

pub(crate) const XML: &str = "application/samlmetadata+xml";

/// A deployment whose operator calls, and which tells the product of changes.
pub(crate) fn world() -> World {
    operated(World::new())
}

pub(crate) fn operated(world: World) -> World {
    let config = config_with(&[
        ("ADMIN_TOKEN", &secret(9)),
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("EVENTS", "bound"),
    ]);
    World { config, authorization: Some(format!("Bearer {}", secret(9))), ..world }
}

/// The same IdP under another entity id.
pub(crate) fn other() -> String {
    METADATA.replace("https://idp.example/metadata", "https://other.example/metadata")
}

pub(crate) fn call(world: &mut World, method: &str, path: &str, body: &str) -> Seen {
    world.send(method, path, Some(XML), "", Octets::of(body))
}

/// What a problem document says, with the line in the log.
pub(crate) fn problem(seen: &Seen) -> (u16, String) {
    let problem = json(seen);
    let code = problem.get("code").and_then(Value::as_str).expect("a code").to_owned();
    assert_eq!(seen.header("content-type"), "application/problem+json");
    assert_eq!(seen.logged("code"), code);
    (seen.answer.status, code)
}

pub(crate) fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

pub(crate) fn metadata() -> String {
    format!("{ACCOUNT}/metadata")
}

/// What is stored for `acme`.
pub(crate) fn stored(world: &World) -> Stored {
    world.store.accounts.borrow().get("acme").cloned().unwrap_or_default()
}

/// Lets what follows say that it has seen what is stored now.
pub(crate) fn see(world: &mut World) {
    world.if_match = Some(format!("\"{}\"", stored(world).revision()));
}

pub(crate) fn put(world: &mut World, xml: &str) -> Seen {
    call(world, "PUT", &metadata(), xml)
}

#[test]
fn metadata_is_replaced_by_whoever_has_seen_it() {
    let mut world = world();
    let seen = world.get(&metadata());
    assert_eq!((seen.answer.body.as_str(), seen.header("content-type")), (METADATA, XML));
    // A weakened tag would never match again.
    assert_eq!(seen.header("cache-control"), "no-store, no-transform");
    world.if_match = Some(seen.header("etag").to_owned());
    let seen = put(&mut world, &other());
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    assert_eq!(seen.logged("event"), "api_changed");
    let told = json(&seen);
    assert_eq!(told.get("entity_id"), Some(&json!("https://other.example/metadata")));
    let fingerprint = told.pointer("/certificates/0/fingerprint").and_then(Value::as_str);
    assert_eq!(fingerprint.map(str::len), Some(64));
    assert!(told.get("warnings").is_some_and(Value::is_array));
    assert_eq!(stored(&world).metadata, Some(other()));
    assert_eq!(seen.header("etag"), format!("\"{}\"", stored(&world).revision()));
    world.if_match = None;
    assert_eq!(world.get(&metadata()).answer.body, other());
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    let mut world = world();
    see(&mut world);
    assert_eq!(put(&mut world, &other()).answer.status, 200);
    // The second of two administrators who began from the same state.
    assert_eq!(problem(&put(&mut world, METADATA)), (412, "account_changed".to_owned()));
    let weak = world.if_match.take().map(|tag| format!("W/{tag}"));
    for (if_match, expected) in
        [(None, (428, "if_match_missing")), (weak, (412, "account_changed"))]
    {
        world.if_match = if_match;
        let expected = (expected.0, expected.1.to_owned());
        assert_eq!(problem(&put(&mut world, METADATA)), expected);
        assert_eq!(problem(&call(&mut world, "DELETE", &metadata(), "")), expected);
        let restore = format!("{}/versions/1/restore", metadata());
        assert_eq!(problem(&call(&mut world, "POST", &restore, "")), expected);
    }
    assert_eq!(stored(&world).metadata, Some(other()));
    world.if_match = Some("\"x\", *".to_owned());
    assert_eq!(put(&mut world, METADATA).answer.status, 200);
}

/// What is stored keeps its label, is read at the next login, and may be sent again.
#[test]
fn metadata_in_utf_16_is_stored_as_text() {
    let (files, text) = in_utf_16(METADATA);
    for file in files {
        let mut world = world();
        world.store.accounts.borrow_mut().clear();
        let body = Octets { chunks: [file].into(), ..Octets::of("") };
        let seen = world.send("PUT", &metadata(), Some(XML), "", body);
        assert_eq!(seen.answer.status, 201, "{}", seen.answer.body);
        assert_eq!(stored(&world).metadata.as_ref(), Some(&text));
        assert_eq!(world.sign_in(|it| it).answer.status, 303);
        let read = world.get(&metadata()).answer.body;
        see(&mut world);
        assert_eq!(put(&mut world, &read).answer.status, 200);
        assert_eq!(stored(&world).metadata.as_ref(), Some(&text));
    }
    // As text it may be longer than it was.
    let mut world = world();
    see(&mut world);
    let long = METADATA.replacen("?>", &format!("?><!--{}-->", "€".repeat(400_000)), 1);
    let ([long, _], _) = in_utf_16(&long);
    let body = Octets { chunks: [long].into(), ..Octets::of("") };
    let seen = world.send("PUT", &metadata(), Some(XML), "", body);
    assert_eq!(problem(&seen).1, "message_too_large");
}

#[test]
fn metadata_is_created_once() {
    let mut world = world();
    world.store.accounts.borrow_mut().clear();
    let absent = (404, "metadata_absent".to_owned());
    assert_eq!(problem(&world.get(&metadata())), absent);
    assert_eq!(problem(&call(&mut world, "DELETE", &metadata(), "")), absent);
    world.if_match = Some("*".to_owned());
    assert_eq!(problem(&put(&mut world, METADATA)), (412, "account_changed".to_owned()));
    world.if_match = None;
    world.if_none_match = Some("*");
    assert_eq!(put(&mut world, METADATA).answer.status, 201);
    assert_eq!(problem(&put(&mut world, METADATA)), (412, "already_exists".to_owned()));
}

/// Operators may say what an account's settings are before its IdP is known.
#[test]
fn metadata_is_created_by_whoever_has_seen_the_settings() {
    for tag in [None, Some("*".to_owned()), Some(String::new())] {
        let mut world = world();
        world.add("acme", METADATA, Some("{}"));
        world.change("acme", None, Some(r#"{"acs":"shared"}"#));
        let etag = world.get(ACCOUNT).header("etag").to_owned();
        world.if_match = Some("\"another\"".to_owned());
        assert_eq!(problem(&put(&mut world, METADATA)), (412, "account_changed".to_owned()));
        world.if_match = tag.map(|tag| if tag.is_empty() { etag } else { tag });
        assert_eq!(put(&mut world, METADATA).answer.status, 201);
    }
}

#[test]
fn what_could_not_be_used_is_not_stored() {
    let mut world = world();
    see(&mut world);
    let long = format!("{METADATA}{}", " ".repeat(STORED_METADATA_OCTETS));
    let expired =
        METADATA.replacen("entityID=", "validUntil=\"2001-01-01T00:00:00Z\" entityID=", 1);
    for (xml, status, code) in [
        ("", 422, "xml_malformed"),
        (METADATA.replace("X509Certificate", "X509Crl").as_str(), 422, "signing_key_missing"),
        (expired.as_str(), 422, "metadata_expired"),
        (long.as_str(), 413, "body_too_large"),
    ] {
        assert_eq!(problem(&put(&mut world, xml)), (status, code.to_owned()));
    }
    let octets = Octets { chunks: [vec![0xff]].into(), ..Octets::of("") };
    let seen = world.send("PUT", &metadata(), Some("text/xml; charset=UTF-8"), "", octets);
    assert_eq!(problem(&seen), (422, "not_utf8".to_owned()));
    for content_type in [None, Some("application/xhtml+xml"), Some("text/xml; charset=iso-8859-1")]
    {
        let seen = world.send("PUT", &metadata(), content_type, "", Octets::of(METADATA));
        assert_eq!(problem(&seen), (415, "content_type_unsupported".to_owned()));
    }
    assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
    assert!(world.ledger.audit().is_empty());
}

#[test]
fn deleted_metadata_ends_all_sessions() {
    let mut world = world();
    world.sign_in(|it| it);
    assert_eq!(world.ledger.sessions().len(), 1);
    see(&mut world);
    let gone = json!({ "sessions_ended": 1, "setup_links_revoked": 0, "staged_dropped": 0 });
    let seen = call(&mut world, "DELETE", &metadata(), "");
    assert_eq!((seen.answer.status, json(&seen)), (200, gone));
    assert_eq!(stored(&world), Stored::default());
    assert!(world.ledger.sessions().is_empty());
    assert_eq!(world.get("/sso/acme/login").answer.status, 404);
}

#[test]
fn the_same_again_is_no_change() {
    let mut world = world();
    see(&mut world);
    put(&mut world, &other());
    let written = world.ledger.audit().len();
    see(&mut world);
    assert_eq!(put(&mut world, &other()).answer.status, 200);
    assert_eq!(world.ledger.audit().len(), written);
}

#[test]
fn no_account_is_given_the_place_of_another() {
    let mut world = operated(entity_id_claim::world(entity_id_claim::SAME));
    let path = "/sso/api/v1/accounts/second/metadata";
    world.store.accounts.borrow_mut().get_mut("second").expect("stored").metadata = None;
    let seen = call(&mut world, "PUT", path, METADATA);
    assert_eq!(problem(&seen), (409, "entity_id_taken".to_owned()));
    // Until the first has left.
    world.store.accounts.borrow_mut().remove("first");
    assert_eq!(call(&mut world, "PUT", path, METADATA).answer.status, 201);
}

#[test]
fn nothing_changes_while_something_is_out_of_reach() {
    for (is_store, code) in [(true, "store_unreachable"), (false, "ledger_unreachable")] {
        let mut world = world();
        see(&mut world);
        world.store.broken.set(is_store);
        world.ledger.broken.set(!is_store);
        assert_eq!(problem(&put(&mut world, &other())), (503, code.to_owned()));
        assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
        assert!(world.ledger.audit().is_empty() && world.ledger.events().is_empty());
    }
}
