//! Paths that only some roles open.

use saml_edge::Request;

use crate::gate::front::{Front, ORIGIN, closed, get, json, navigation, open};

#[test]
fn a_role_that_is_not_asked_for_sees_a_page() {
    let front = Front::new(&[("PATH_ROLES", "/admin/* = account_administrator, finance")]);
    assert!(open(front.visit("/media")).is_some());
    for path in ["/admin", "/admin/", "/admin/users", "/ADMIN", "/%61dmin/x", "/x/../admin"] {
        let seen = closed(front.visit(path));
        assert_eq!(seen.answer.status, 403, "{path}");
        assert_eq!(seen.logged("code"), "role_insufficient");
        assert_eq!(seen.logged("event"), "request_refused");
        assert_eq!(seen.logged("account"), "acme");
        assert!(seen.answer.body.contains("<li>account_administrator</li>"));
        assert!(seen.header("content-type").starts_with("text/html"));
    }
    let program = Request { cookies: Some(&front.cookies), ..get("/admin") };
    let seen = closed(front.of(&program));
    assert_eq!(
        (seen.answer.status, &json(&seen.answer)["error"]),
        (403, &"role_insufficient".into())
    );
    // Without a session the way to one comes first.
    assert_eq!(closed(front.of(&navigation("/admin"))).answer.status, 302);
}

#[test]
fn a_role_that_is_asked_for_passes() {
    let front = Front::new(&[("PATH_ROLES", "/admin/* = developer; /admin/money = finance")]);
    assert!(open(front.visit("/admin/users")).is_some());
    assert_eq!(closed(front.visit("/admin/money")).answer.status, 403);
}

#[test]
fn a_path_with_two_readings_is_refused_near_a_rule() {
    for vars in [("PATH_ROLES", "/admin/* = finance"), ("PUBLIC_PATHS", "/open/*")] {
        let front = Front::new(&[vars]);
        for path in ["/open/..%2fadmin", "/open//admin", "/open/..;/admin", "/open/%5cadmin"] {
            let seen = closed(front.visit(path));
            assert_eq!(seen.answer.status, 400, "{path}");
            assert_eq!(seen.logged("code"), "path_ambiguous");
            assert_eq!(seen.header("location"), "");
        }
    }
    assert!(open(Front::new(&[]).visit("/api/projects/a%2Fb")).is_some());
}

/// Ada is no `finance`, and the origin may ignore case, fold by compatibility or best fit, or drop.
#[test]
fn no_look_alike_opens_what_a_rule_closes() {
    let front = Front::new(&[
        ("PATH_ROLES", "/admin/* = finance; /sales/* = finance; /invoice.php = finance"),
        ("PUBLIC_PATHS", "/public/*"),
    ]);
    for path in [
        "/adm%C4%B1n/x",
        "/adm%C4%B0n/x",
        "/%C5%BFales/x",
        "/sale%C5%BF/x",
        "/%EF%BD%81dmin/x",
        "/admin%C2%AD/x",
        "/x%EF%BC%8F%EF%BC%8E%EF%BC%8E/admin/x",
        "/public/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin/x",
        "/public/..%EF%BC%8Fadmin/x",
        "/public/..%C2%A5admin",
        "/public/gr%C3%B6%C3%9Fe",
    ] {
        let seen = closed(front.visit(path));
        assert_eq!((seen.answer.status, &*seen.logged("code")), (400, "path_ambiguous"), "{path}");
    }
    for path in ["/admin/x", "/invoice.php", "/invoice.php/", "/invoice.php/x", "/Invoice.PHP/x"] {
        assert_eq!(closed(front.visit(path)).logged("code"), "role_insufficient", "{path}");
    }
    for path in ["/gr%C3%B6%C3%9Fe", "/%D0%B4%D0%B5%D0%BB%D0%B0/", "/invoice.phps", "/ångström"] {
        assert!(open(front.visit(path)).is_some(), "{path}");
    }
}

#[test]
fn what_was_judged_is_what_is_forwarded() {
    let front = Front::new(&[]);
    for (address, forwarded) in [
        ("/", "/"),
        ("/a/b?c=%2F&d", "/a/b?c=%2F&d"),
        ("/a?", "/a?"),
        ("/a/../b/./c", "/b/c"),
        ("/a\\..\\b", "/b"),
        ("//evil.example/x", "//evil.example/x"),
        ("/@evil.example/", "/@evil.example/"),
        ("/a?x#y", "/a?x"),
    ] {
        assert_eq!(front.passage(address).address(), format!("{ORIGIN}{forwarded}"));
    }
}
