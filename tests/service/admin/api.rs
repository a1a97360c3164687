//! The admin API: who may use it, and what it tells.

use serde_json::{Value, json};

use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const USERS: &str = "/sso/api/v1/accounts/acme/users";

/// A deployment with two tokens, and a program that holds the older.
pub(crate) fn world() -> World {
    let tokens = format!("{}, {}", secret(8), secret(9));
    let config = config_with(&[("ADMIN_TOKEN", &tokens)]);
    World { config, authorization: Some(format!("Bearer {}", secret(9))), ..World::new() }
}

pub(crate) fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

/// Expects a problem document, and that nothing else came with it.
pub(crate) fn problem(seen: &Seen, status: u16, code: &str) -> Value {
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

pub(crate) fn sign_in(world: &mut World, people: std::ops::Range<u8>) {
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
