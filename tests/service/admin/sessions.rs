//! The sessions of an account in the admin API.

use serde_json::{Value, json};

use crate::admin::api::{json, problem, sign_in, world};
use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::world::World;

const SESSIONS: &str = "/sso/api/v1/accounts/acme/sessions";

fn delete(world: &mut World, path: &str) -> Value {
    let seen = world.send("DELETE", path, None, "", Octets::of(""));
    assert_eq!(seen.answer.status, 200, "{path}");
    json(&seen)
}

/// Whose sessions there are, by the page of the list.
pub(crate) fn sessions(world: &mut World, query: &str) -> (Vec<Value>, Value) {
    let page = json(&world.get(&format!("{SESSIONS}{query}")));
    let field = |name| page.get(name).cloned().expect("a field");
    (field("sessions").as_array().expect("a list").clone(), field("next_cursor"))
}

#[test]
fn lists_sessions_and_ends_them() {
    let mut world = world();
    sign_in(&mut world, 0..3);
    let (all, next) = sessions(&mut world, "");
    assert_eq!((all.len(), next), (3, Value::Null));
    let (first, sub, sid) = (&all[0], all[0]["sub"].as_str(), all[0]["sid"].as_str());
    let (sub, sid) = (sub.expect("text"), sid.expect("text"));
    assert_eq!(first["device"], "Unknown");
    assert_eq!(first["created"], NOW.seconds());
    let mut names: Vec<_> = first.as_object().expect("an object").keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["created", "device", "expires", "seen", "sid", "sub"]);

    let (page, next) = sessions(&mut world, "?limit=2");
    assert_eq!((page.len(), &next), (2, &json!("2")));
    assert_eq!(sessions(&mut world, "?limit=2&cursor=2").0.len(), 1);
    assert_eq!(sessions(&mut world, &format!("?sub={sub}")).0.first(), Some(first));

    assert_eq!(delete(&mut world, &format!("{SESSIONS}/{sid}")), json!({ "ended": 1 }));
    assert_eq!(delete(&mut world, &format!("{SESSIONS}/{sid}")), json!({ "ended": 0 }));
    let (left, _) = sessions(&mut world, "");
    let sub = left[0]["sub"].as_str().expect("text");
    assert_eq!(delete(&mut world, &format!("{SESSIONS}?sub={sub}")), json!({ "ended": 1 }));
    assert_eq!(delete(&mut world, "/sso/api/v1/accounts/other/sessions"), json!({ "ended": 0 }));
    assert_eq!(delete(&mut world, SESSIONS), json!({ "ended": 1 }));
    assert!(sessions(&mut world, "").0.is_empty());
}

/// Rows of sessions that are over stay until the ledger clears them away.
#[test]
fn counts_the_sessions_that_stood_as_it_lists_them() {
    let mut world = world();
    sign_in(&mut world, 0..3);
    let over = format!("UPDATE sessions SET expires = {} WHERE place = 1", NOW.seconds());
    world.ledger.run(&over);
    assert_eq!(sessions(&mut world, "").0.len(), 2);
    assert_eq!(delete(&mut world, SESSIONS), json!({ "ended": 2 }));
    assert!(world.ledger.sessions().is_empty());
}

#[test]
fn ends_no_sessions_without_the_token() {
    let mut world = world();
    sign_in(&mut world, 0..1);
    world.authorization = None;
    for (method, path) in
        [("DELETE", SESSIONS.to_owned()), ("DELETE", format!("{SESSIONS}/{}", "0".repeat(32)))]
    {
        let seen = world.send(method, &path, None, "", Octets::of(""));
        problem(&seen, 401, "token_invalid");
    }
    assert_eq!(world.ledger.sessions().len(), 1);
}

#[test]
fn a_session_has_no_page_of_its_own() {
    let mut world = world();
    let path = format!("{SESSIONS}/{}", "0".repeat(32));
    problem(&world.get(&path), 405, "method_not_allowed");
    for other in ["x", "", &"0".repeat(31), &"g".repeat(32), &"A".repeat(32)] {
        assert_eq!(world.get(&format!("{SESSIONS}/{other}")).answer.status, 404, "{other}");
    }
}

#[test]
fn lists_what_would_be_renewed() {
    let ends: [fn(&mut World); 3] = [
        |world| world.now = NOW.plus(28_800),
        |world| world.now = NOW.plus(3_900),
        |world| world.change("acme", Some(METADATA), Some(r#"{"roles":["finance"]}"#)),
    ];
    for end in ends {
        let mut world = world();
        let tokens = [("ADMIN_TOKEN", &*secret(9)), ("IDLE_SECONDS", "3600")];
        world.config = config_with(&tokens);
        sign_in(&mut world, 0..1);
        assert_eq!(sessions(&mut world, "").0.len(), 1);
        end(&mut world);
        assert!(sessions(&mut world, "").0.is_empty());
    }
}

#[test]
fn a_misspelt_parameter_signs_nobody_out() {
    let mut world = world();
    sign_in(&mut world, 0..1);
    for query in ["?sbu=x", "?limit=1", "?x"] {
        let seen = world.send("DELETE", &format!("{SESSIONS}{query}"), None, "", Octets::of(""));
        assert_eq!(problem(&seen, 400, "sub_missing")["field"], "sub");
    }
    assert_eq!(delete(&mut world, &format!("{SESSIONS}?sub=")), json!({ "ended": 0 }));
    assert_eq!(world.ledger.sessions().len(), 1);
}

#[test]
fn says_of_sessions_when_the_ledger_is_out_of_reach() {
    let mut world = world();
    world.ledger.broken.set(true);
    problem(&world.get(SESSIONS), 503, "ledger_unreachable");
    let seen = world.send("DELETE", SESSIONS, None, "", Octets::of(""));
    problem(&seen, 503, "ledger_unreachable");
}
