//! The audit entries of an account, and the versions that come with them.

use serde_json::{Value, json};

use crate::admin::metadata::{
    ACCOUNT, XML, call, json, metadata, other, problem, put, see, stored, world,
};
use crate::common::{METADATA, unusable_certificates};
use crate::support::world::World;

fn list(world: &mut World, of: &str, name: &str) -> Vec<Value> {
    let seen = world.get(&format!("{ACCOUNT}/{of}"));
    let list = json(&seen).get(name).and_then(Value::as_array).cloned();
    list.expect("a list")
}

pub(crate) fn of(values: &[Value], name: &str) -> Vec<String> {
    let text = |value: &Value| value.get(name).and_then(Value::as_str).expect("text").to_owned();
    values.iter().map(text).collect()
}

#[test]
fn every_change_is_written_down() {
    let mut world = world();
    see(&mut world);
    put(&mut world, &other());
    see(&mut world);
    call(&mut world, "DELETE", &metadata(), "");
    let events = list(&mut world, "audit-events", "audit_events");
    // Newest first. What operators had uploaded themselves was found by the first change.
    assert_eq!(of(&events, "actor"), ["operator", "operator", "elsewhere"]);
    let actions = ["metadata.deleted", "metadata.changed", "metadata.changed"];
    assert_eq!(of(&events, "action"), actions);
    let (before, after) = (of(&events, "before"), of(&events, "after"));
    assert_eq!(
        before.split_last(),
        after.split_first().map(|(_, rest)| (before.last().expect("one"), rest))
    );
    let certificates = |index: usize, name| {
        events.get(index).and_then(|it| it.get(name)).and_then(Value::as_array).map(Vec::len)
    };
    assert_eq!(certificates(0, "certificates_before"), Some(1));
    assert_eq!(certificates(0, "certificates_after"), Some(0));
    assert_eq!(certificates(2, "certificates_before"), Some(0));
    let references = of(&events, "reference");
    assert_ne!(references.first(), references.last());
    // The product hears of each, with the same words.
    let heard: Vec<Value> = {
        let heard = world.ledger.events();
        heard.iter().map(|it| serde_json::from_str(&it.body).expect("JSON")).collect()
    };
    let mut kinds = of(&heard, "type");
    kinds.reverse();
    assert_eq!(kinds, actions);
    assert_eq!(
        heard.last().and_then(|it| it.pointer("/data/change/actor")),
        Some(&json!("operator"))
    );
    assert_eq!(heard.last().and_then(|it| it.pointer("/data/account")), Some(&json!("acme")));
    // One page after the other.
    let first = json(&world.get(&format!("{ACCOUNT}/audit-events?limit=2")));
    let cursor = first.get("next_cursor").and_then(Value::as_str).expect("more").to_owned();
    let rest = list(&mut world, &format!("audit-events?limit=2&cursor={cursor}"), "audit_events");
    assert_eq!(Some(rest.as_slice()), events.get(2..));
}

/// The largest that is stored: what is written down of it fits where it must, several times over.
#[test]
fn what_is_written_down_is_short_whatever_is_stored() {
    let mut world = world();
    let certificates = unusable_certificates(31);
    let more = |it: &String| format!("<X509Certificate>{it}</X509Certificate>");
    let more: String = certificates.iter().map(more).collect();
    let large = METADATA.replace("</X509Data>", &format!("</X509Data><X509Data>{more}</X509Data>"));
    see(&mut world);
    assert_eq!(put(&mut world, &large).answer.status, 200);
    see(&mut world);
    assert_eq!(put(&mut world, METADATA).answer.status, 200);
    let change = &list(&mut world, "audit-events", "audit_events")[0];
    assert_eq!(change["certificates_before"].as_array().map(Vec::len), Some(8));
    assert_eq!(change["certificate_count_before"], 32);
    assert_eq!(change["certificates_after"].as_array().map(Vec::len), Some(1));
    assert_eq!(change["certificate_count_after"], 1);
    assert!(change.to_string().len() < 2048, "{change}");
    let events = world.ledger.events();
    assert!(events.iter().all(|it| it.body.len() < 2048));
    drop(events);
    see(&mut world);
    let seen = put(&mut world, &large.replace("</X509Data>", &format!("{more}</X509Data>")));
    assert_eq!(problem(&seen).1, "certificate_count");
}

#[test]
fn what_was_stored_comes_back() {
    let mut world = world();
    see(&mut world);
    put(&mut world, &other());
    let versions = list(&mut world, "metadata/versions", "versions");
    let ids: Vec<_> = versions.iter().map(|it| it["id"].as_i64().expect("a number")).collect();
    assert_eq!(ids, [2, 1]);
    let version = world.get(&format!("{}/versions/1", metadata()));
    assert_eq!((version.answer.body.as_str(), version.header("content-type")), (METADATA, XML));
    see(&mut world);
    let seen = call(&mut world, "POST", &format!("{}/versions/1/restore", metadata()), "");
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
    assert_eq!(seen.header("etag"), format!("\"{}\"", stored(&world).revision()));
    assert_eq!(list(&mut world, "metadata/versions", "versions").len(), 3);
    let unknown = (404, "version_unknown".to_owned());
    assert_eq!(problem(&world.get(&format!("{}/versions/99", metadata()))), unknown);
    let restore = format!("{}/versions/99/restore", metadata());
    assert_eq!(problem(&call(&mut world, "POST", &restore, "")), unknown);
    for path in ["versions/0", "versions/01", "versions/x", "versions/1/", "versions/1/restore/"] {
        assert_eq!(world.get(&format!("{}/{path}", metadata())).answer.status, 404, "{path}");
    }
}
