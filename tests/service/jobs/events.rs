//! What the product hears of, and what it does not.

use saml_edge::{DeliveryError, Fault};
use serde_json::{Value, json};

use crate::common::{NOW, Scenario};
use crate::support::config::config_with;
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn world() -> World {
    let config = config_with(&[
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", KEY),
        ("EVENTS", "bound"),
    ]);
    World { config, ..World::new() }
}

fn events(world: &World) -> Vec<Value> {
    let events = world.ledger.events();
    events.iter().map(|event| serde_json::from_str(&event.body).expect("JSON")).collect()
}

fn types(world: &World) -> Vec<String> {
    let text = |event: &Value| event.get("type").and_then(Value::as_str).map(str::to_owned);
    events(world).iter().filter_map(text).collect()
}

fn sign_in(world: &mut World, assertion: &str, change: impl FnOnce(Scenario) -> Scenario) -> Seen {
    let id = world.start("/");
    world.post("acme", &form(&change(answering_with(&id, assertion))))
}

#[test]
fn a_first_login_is_two_events() {
    let mut world = world();
    let seen = sign_in(&mut world, "_1", |it| it);
    let user = json!({
        "sub": world.session()["sub"], "email": "ada@acme.example", "name": "Ada Lovelace",
        "role": "developer", "first_login": NOW.seconds(), "last_login": NOW.seconds(),
    });
    let data = json!({ "account": "acme", "reference": seen.logged("reference"), "user": user });
    let events = events(&world);
    assert_eq!(events.len(), 2);
    for (event, kind) in events.iter().zip(["user.created", "login.succeeded"]) {
        let id = event["id"].as_str().expect("an id");
        assert_eq!((id.len(), id.starts_with("evt_")), (47, true));
        let time = "2026-11-24T10:00:00Z";
        assert_eq!(*event, json!({ "id": id, "type": kind, "timestamp": time, "data": data }));
    }
    assert_ne!(events[0]["id"], events[1]["id"]);
}

#[test]
fn a_later_login_is_an_update_where_something_changed() {
    let mut world = world();
    sign_in(&mut world, "_1", |it| it);
    world.now = NOW.plus(9);
    sign_in(&mut world, "_2", |it| it);
    sign_in(&mut world, "_3", |it| it.in_assertion(">developer<", ">finance<"));
    let expected =
        ["user.created", "login.succeeded", "login.succeeded", "user.updated", "login.succeeded"];
    assert_eq!(types(&world), expected);
    assert_eq!(events(&world)[3]["data"]["user"]["role"], "finance");
    assert_eq!(events(&world)[3]["data"]["user"]["first_login"], NOW.seconds());
}

#[test]
fn there_is_no_event_without_a_webhook() {
    let mut world = World::new();
    sign_in(&mut world, "_1", |it| it);
    sign_in(&mut world, "_2", |it| it.in_assertion(">developer<", ">owner<"));
    assert!(world.ledger.events().is_empty());
}

#[test]
fn an_upgraded_response_is_no_login_event() {
    let mut world = world();
    let unsolicited = answering_with("", "_1")
        .in_response(" InResponseTo=\"\"", "")
        .in_assertion(" InResponseTo=\"\"", "");
    let seen = world.post("acme", &form(&unsolicited));
    assert_eq!(seen.logged("event"), "login_upgraded");
    assert!(world.ledger.events().is_empty());
}

#[test]
fn a_refusal_of_an_authentic_message_is_an_event() {
    let mut world = world();
    let seen = sign_in(&mut world, "_1", |it| it.in_assertion(">developer<", ">owner<"));
    assert_eq!(seen.refusal(), "role_not_listed");
    let [event] = events(&world).try_into().expect("one event");
    assert_eq!(event["type"], "login.refused");
    let reference = seen.logged("reference");
    let data = json!({ "account": "acme", "reference": reference, "code": "role_not_listed" });
    assert_eq!(event["data"], data, "and nothing that the message says");
}

/// Whoever holds one authentic message could make as many events of it as they like.
#[test]
fn an_authentic_message_makes_one_event_a_code() {
    let mut world = world();
    let id = world.start("/");
    let (form, jar) = (form(&answering_with(&id, "_1")), world.jar.clone());
    assert_eq!(world.post("acme", &form).answer.status, 303);
    for _ in 0..3 {
        world.jar = jar.clone();
        assert_eq!(world.post("acme", &form).refusal(), "assertion_replayed");
    }
    let expected = ["user.created", "login.succeeded", "login.refused"];
    assert_eq!(types(&world), expected);
}

/// Nobody but the account's IdP makes webhooks.
#[test]
fn what_is_not_authentic_is_no_event() {
    let mut world = world();
    let changes: [fn(Scenario) -> Scenario; 3] = [
        |it| it.signed_by_another_key(),
        |it| it.in_message("Ada Lovelace", "Eve Lovelace"),
        |it| it.in_assertion("/sso/acme/metadata", "/sso/other/metadata"),
    ];
    for change in changes {
        assert_eq!(sign_in(&mut world, "_1", change).answer.status, 403);
    }
    assert_eq!(world.post("acme", "SAMLResponse=AAAA").answer.status, 400);
    assert!(world.ledger.events().is_empty());
}

#[test]
fn a_fault_is_no_event() {
    let mut world = world();
    let id = world.start("/");
    world.ledger.broken.set(true);
    let seen = world.post("acme", &form(&answering_with(&id, "_1")));
    assert_eq!(seen.refusal(), "ledger_unreachable");
    world.ledger.broken.set(false);
    assert!(world.ledger.events().is_empty());
}

#[test]
fn what_keeps_an_event_has_a_code() {
    for (why, code) in [
        (DeliveryError::EventMalformed, "event_malformed"),
        (DeliveryError::Fault(Fault::KeyUnusable), "key_unusable"),
        (DeliveryError::QueueUnreachable(String::new()), "queue_unreachable"),
        (DeliveryError::WebhookAbsent, "webhook_absent"),
        (DeliveryError::WebhookRefused { status: 503 }, "webhook_refused"),
        (DeliveryError::WebhookUnreachable(String::new()), "webhook_unreachable"),
    ] {
        assert_eq!(why.code(), code);
    }
}
