//! The users of an account in the admin API.

use serde_json::json;

use crate::admin::api::{USERS, json, problem, sign_in, world};

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
