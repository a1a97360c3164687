//! The admin API: who may use it, and what it tells.

use serde_json::{Value, json};

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
        let seen = world.get(&format!("{USERS}?cursor={cursor}"));
        assert_eq!(problem(&seen, 400, "cursor_invalid")["field"], "cursor");
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
    for path in ["", "accounts", "accounts/acme", "accounts/acme/", "accounts/a.b/users", "users"] {
        assert_eq!(world.get(&format!("/sso/api/v1/{path}")).answer.status, 404, "{path}");
    }
    for path in [format!("{USERS}/"), format!("{USERS}/1"), USERS.replace("acme", "%61cme")] {
        assert_eq!(world.get(&path).answer.status, 404, "{path}");
    }
}
