//! The admin API: who may use it, and what it tells.

use serde_json::{Value, json};

use crate::common::{METADATA, NOW};
use crate::fakes::Octets;
use crate::world::{Seen, World, answering_with, config_with, form, secret};

const USERS: &str = "/sso/api/v1/accounts/acme/users";

/// A deployment with two tokens, and a program that holds the older.
fn world() -> World {
    let tokens = format!("{}, {}", secret(8), secret(9));
    let config = config_with(&[("ADMIN_TOKEN", &tokens)]);
    World { config, authorization: Some(format!("Bearer {}", secret(9))), ..World::new() }
}

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

/// Expects a problem document, and that nothing else came with it.
fn problem(seen: &Seen, status: u16, code: &str) -> Value {
    assert_eq!(seen.answer.status, status);
    assert_eq!(seen.header("content-type"), "application/problem+json");
    assert_eq!(seen.header("cache-control"), "no-store");
    let problem = json(seen);
    assert_eq!(problem.get("status"), Some(&json!(status)));
    assert_eq!(problem.get("code"), Some(&json!(code)));
    assert_eq!(seen.logged("code"), code);
    assert_eq!(problem.get("reference"), Some(&json!(seen.logged("reference"))));
    problem
}

fn sign_in(world: &mut World, people: std::ops::Range<u8>) {
    for person in people {
        let id = world.start("/");
        let scenario = answering_with(&id, &format!("_{person}"))
            .in_assertion("ada@acme.example", &format!("{person}@acme.example"));
        assert_eq!(world.post("acme", &form(&scenario)).answer.status, 303);
    }
}

#[test]
fn is_not_there_without_its_secret() {
    let mut world = World { authorization: world().authorization, ..World::new() };
    let (seen, unknown) = (world.get(USERS), world.get("/sso/api/v1/nothing"));
    assert_eq!(seen.answer.status, 404);
    assert_eq!(seen.answer.body, unknown.answer.body);
    assert_eq!(seen.log, None);
}

#[test]
fn takes_every_token_of_the_list() {
    let mut world = world();
    for header in [
        format!("Bearer {}", secret(9)),
        format!("Bearer {}", secret(8)),
        format!("bearer {}", secret(8)),
    ] {
        world.authorization = Some(header);
        assert_eq!(world.get(USERS).answer.status, 200);
    }
}

#[test]
fn takes_nothing_else() {
    let mut world = world();
    let token = secret(9);
    let wrong = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(token.clone()),
        Some(format!("Basic {token}")),
        Some(format!("Bearer  {token}")),
        Some(format!("Bearer {token} ")),
        Some(format!("Bearer {token}=")),
        Some(format!("Bearer {}", secret(7))),
        Some(format!("Bearer {}, {}", secret(8), secret(9))),
        Some(format!("Bearer {}", token.split_at(42).0)),
    ];
    for authorization in wrong {
        world.authorization = authorization;
        for method in ["GET", "POST"] {
            let seen = world.send(method, USERS, None, "", Octets::of(""));
            problem(&seen, 401, "token_invalid");
            assert_eq!(seen.header("www-authenticate"), "Bearer");
            assert_eq!(seen.logged("event"), "api_refused");
        }
    }
}

/// A browser sends cookies and no token: a page of another site can ask for nothing.
#[test]
fn takes_no_session_for_a_token() {
    let mut world = world();
    sign_in(&mut world, 1..2);
    world.authorization = None;
    problem(&world.get(USERS), 401, "token_invalid");
}

#[test]
fn lists_users() {
    let mut world = world();
    let empty = world.get(USERS);
    assert_eq!(json(&empty), json!({ "users": [], "next_cursor": null }));
    assert_eq!(empty.header("content-type"), "application/json");
    sign_in(&mut world, 1..2);
    let sub = world.session()["sub"].clone();
    let now = world.now.seconds();
    let ada = json!({
        "sub": sub, "email": "1@acme.example", "name": "Ada Lovelace", "role": "developer",
        "first_login": now, "last_login": now,
    });
    assert_eq!(json(&world.get(USERS)), json!({ "users": [ada], "next_cursor": null }));
    let other = world.get("/sso/api/v1/accounts/other/users");
    assert_eq!(json(&other)["users"], json!([]));
}

#[test]
fn turns_pages() {
    let mut world = world();
    sign_in(&mut world, 0..5);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for expected in [2, 2, 1] {
        let page = json(&world.get(&format!("{USERS}?limit=2{cursor}")));
        let users = page["users"].as_array().expect("users");
        assert_eq!(users.len(), expected);
        seen.extend(users.iter().map(|user| user["email"].as_str().expect("text").to_owned()));
        cursor = match page["next_cursor"].as_str() {
            Some(next) => format!("&cursor={next}"),
            None => String::new(),
        };
    }
    assert_eq!(cursor, "");
    let all: Vec<_> = (0..5).map(|person| format!("{person}@acme.example")).collect();
    assert_eq!(seen, all);
}

#[test]
fn names_the_field_that_must_change() {
    let mut world = world();
    for limit in ["0", "201", "-1", "", "ten", "1.5", "4294967297"] {
        let seen = world.get(&format!("{USERS}?limit={limit}"));
        assert_eq!(problem(&seen, 400, "limit_invalid")["field"], "limit");
    }
    for cursor in ["", "0", "-1", "01", "+1", "x", "9007199254740993", "99999999999999999999"] {
        for list in ["users", "sessions", "audit-events"] {
            let list = format!("/sso/api/v1/accounts/acme/{list}?cursor={cursor}");
            let seen = world.get(&list);
            assert_eq!(problem(&seen, 400, "cursor_invalid")["field"], "cursor", "{list}");
        }
    }
    for limit in ["1", "200"] {
        assert_eq!(world.get(&format!("{USERS}?limit={limit}")).answer.status, 200);
    }
}

#[test]
fn refuses_other_methods() {
    let mut world = world();
    for method in ["POST", "DELETE", "get"] {
        let seen = world.send(method, USERS, None, "", Octets::of(""));
        problem(&seen, 405, "method_not_allowed");
        assert_eq!(seen.header("allow"), "GET, HEAD");
    }
}

#[test]
fn says_when_the_ledger_is_out_of_reach() {
    let mut world = world();
    world.ledger.broken.set(true);
    let seen = world.get(USERS);
    let problem = problem(&seen, 503, "ledger_unreachable");
    assert_eq!(problem.get("detail"), None, "a platform's text is for the log");
    assert_eq!(seen.logged("event"), "fault");
}

#[test]
fn has_no_other_paths() {
    let mut world = world();
    for path in ["", "accounts/", "accounts/a.b", "accounts/acme/", "accounts/a.b/users", "users"] {
        assert_eq!(world.get(&format!("/sso/api/v1/{path}")).answer.status, 404, "{path}");
    }
    assert_eq!(problem(&world.get("/sso/api/v1/users"), 404, "path_unknown").get("field"), None);
    for path in [format!("{USERS}/"), format!("{USERS}/1"), USERS.replace("acme", "%61cme")] {
        assert_eq!(world.get(&path).answer.status, 404, "{path}");
    }
}

/// The document is written by hand, so what it leaves out or makes up would not be noticed.
#[test]
fn the_description_lists_every_path_and_method() {
    let mut world = world();
    let seen = world.get("/sso/api/v1/openapi.json");
    assert_eq!((seen.answer.status, seen.header("content-type")), (200, "application/json"));
    let paths = json(&seen).get("paths").and_then(Value::as_object).cloned().expect("paths");
    let mut operations = 0;
    for (path, item) in &paths {
        let item = item.as_object().expect("operations");
        let methods = item.keys().filter(|name| *name != "parameters");
        let mut listed: Vec<_> = methods.map(|name| name.to_uppercase()).collect();
        operations += listed.len();
        if listed.iter().any(|method| method == "GET") {
            listed.push("HEAD".to_owned());
        }
        listed.sort();
        let [id, digest, pair] = [32, 43, 64].map(|length| "0".repeat(length));
        let ids = [
            ("{account}", "acme"),
            ("{version}", "1"),
            ("{sid}", &id),
            ("{link}", &id),
            ("{staged}", &digest),
            ("{sub}", &digest),
            ("{pair}", &pair),
        ];
        let path = ids.iter().fold(path.clone(), |path, (name, id)| path.replace(name, id));
        let seen = world.send("TRACE", &format!("/sso/api/v1{path}"), None, "", Octets::of(""));
        problem(&seen, 405, "method_not_allowed");
        assert_eq!(seen.header("allow"), listed.join(", "), "{path}");
    }
    assert_eq!((paths.len(), operations), (19, 28));
    world.authorization = None;
    problem(&world.get("/sso/api/v1/openapi.json"), 401, "token_invalid");
}

const SESSIONS: &str = "/sso/api/v1/accounts/acme/sessions";

fn delete(world: &mut World, path: &str) -> Value {
    let seen = world.send("DELETE", path, None, "", Octets::of(""));
    assert_eq!(seen.answer.status, 200, "{path}");
    json(&seen)
}

/// Whose sessions there are, by the page of the list.
fn sessions(world: &mut World, query: &str) -> (Vec<Value>, Value) {
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
