//! Paths, methods and the pages without a login.

use crate::fakes::Octets;
use crate::support::world::World;

#[test]
fn answers_404_to_what_is_not_there() {
    let mut world = World::new();
    for path in [
        "/",
        "/media",
        "/sso//login",
        "/sso/a.b",
        "/sso/acme/",
        "/sso/acme/login/",
        "/sso/acme/LOGIN",
        "/sso/acme/other",
        "/sso/acme/settings/",
        "/sso/acme/settings/other",
        "/sso/a.b/login",
        "/sso/acme%2f/login",
        "/sso/%61cme/login",
        "/sso/../acme/login",
        "/SSO/",
        "/sso/healthz/",
        "/.well-known/",
    ] {
        let seen = world.get(path);
        assert_eq!(seen.answer.status, 404, "{path}");
        assert_eq!(seen.log, None);
    }
}

#[test]
fn answers_405_to_other_methods() {
    let mut world = World::new();
    for (method, path, allow) in [
        ("GET", "/sso/acme/acs", "POST"),
        ("PUT", "/sso/acme/acs", "POST"),
        ("GET", "/sso/acs", "POST"),
        ("post", "/sso/acme/acs", "POST"),
        ("POST", "/sso/acme/login", "GET"),
        ("HEAD", "/sso/acme/login", "GET"),
        ("POST", "/sso/acme/metadata", "GET, HEAD"),
        ("POST", "/sso/session", "GET, HEAD"),
        ("DELETE", "/sso/", "GET, HEAD"),
        ("DELETE", "/sso/logout", "GET, HEAD, POST"),
        ("DELETE", "/sso/sessions", "GET, HEAD, POST"),
        ("HEAD", "/sso/confirm", "GET, POST"),
        ("DELETE", "/sso/acme/settings", "GET, HEAD, POST"),
        ("PUT", "/sso/acme/settings/start", "GET, HEAD, POST"),
        ("PUT", "/sso/acme/settings/test", "GET, HEAD, POST"),
        ("OPTIONS", "/sso/login", "GET, HEAD, POST"),
        ("GET, HEAD", "/sso/healthz", "GET, HEAD"),
    ] {
        let seen = world.send(method, path, None, "", Octets::of(""));
        assert_eq!(seen.answer.status, 405, "{method} {path}");
        assert_eq!(seen.header("allow"), allow);
    }
    assert_eq!(world.pending(), 0);
}

#[test]
fn reports_its_health_whatever_else_is_down() {
    let mut world = World::new();
    world.store.broken.set(true);
    world.ledger.broken.set(true);
    for method in ["GET", "HEAD"] {
        let seen = world.send(method, "/sso/healthz", None, "", Octets::of(""));
        assert_eq!(seen.answer.status, 200);
        let body: serde_json::Value = serde_json::from_str(&seen.answer.body).expect("JSON");
        assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn asks_for_the_account() {
    let mut world = World::new();
    for path in ["/sso/", "/sso/login"] {
        let seen = world.get(path);
        assert_eq!(seen.answer.status, 200);
        assert!(seen.answer.body.contains("name=\"login\""));
    }
}

#[test]
fn goes_on_to_the_accounts_login() {
    let mut world = World::new();
    for (query, location) in [
        ("account=acme", "/sso/acme/login?return_to=%2Fsso%2F"),
        ("account=+acme+&return_to=/a?b%26c", "/sso/acme/login?return_to=%2Fa%3Fb%26c"),
        ("account=acme&return_to=//evil.example", "/sso/acme/login?return_to=%2Fsso%2F"),
    ] {
        let seen = world.get(&format!("/sso/login?{query}"));
        assert_eq!(seen.answer.status, 303);
        assert_eq!(seen.header("location"), location);
    }
}

#[test]
fn goes_on_from_where_a_slash_or_the_login_is_left_out() {
    let mut world = World::new();
    for (path, location) in [
        ("/sso", "/sso/"),
        ("/sso/acme", "/sso/acme/login?return_to=%2Fsso%2F"),
        ("/sso/acme?return_to=/a", "/sso/acme/login?return_to=%2Fa"),
        ("/sso/acme?return_to=/sso/acme", "/sso/acme/login?return_to=%2Fsso%2F"),
        ("/sso/nobody", "/sso/nobody/login?return_to=%2Fsso%2F"),
    ] {
        let seen = world.get(path);
        assert_eq!((seen.answer.status, seen.header("location")), (303, location), "{path}");
    }
}

#[test]
fn asks_again_where_no_account_could_be_called_that() {
    let mut world = World::new();
    for account in ["", "a.b", "..", "%22%3E%3Cscript%3E", "a@b@c"] {
        let seen = world.get(&format!("/sso/login?account={account}&return_to=/%22%3E%3Cx"));
        assert_eq!(seen.answer.status, 400);
        assert!(seen.answer.body.contains(" aria-invalid=\"true\""));
        assert!(seen.answer.body.contains("role=\"alert\""), "said in words");
        assert!(!seen.answer.body.contains("<script") && !seen.answer.body.contains("<x"));
        assert!(seen.answer.body.contains("value=\"/%22%3E%3Cx\""), "the page is kept");
    }
}
