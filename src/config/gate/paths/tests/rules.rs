//! What the rules open and close.

use crate::config::gate::paths::tests::{Access, access, forwarded, rules};
use crate::config::gate::paths::{path_roles, public_paths};

#[test]
fn what_opens_is_compared_letter_by_letter() {
    let rules = rules("/assets/*, /robots.txt", "");
    for path in ["/assets/", "/assets/app.js", "/assets/a/b%20c", "/robots.txt"] {
        assert_eq!(access(&rules, path), Access::Public, "{path}");
    }
    for path in ["/", "/assets", "/assetsx", "/Assets/app.js", "/%61ssets/app.js", "/robots.txt/"] {
        assert_eq!(access(&rules, path), Access::SignedIn, "{path}");
    }
}

#[test]
fn what_closes_is_compared_in_every_spelling() {
    let rules = rules("", "/admin/* = admin; /billing = finance, admin");
    for path in ["/admin", "/admin/", "/admin/x", "/ADMIN/x", "/%61dmin", "/%41dmin/x"] {
        assert_eq!(access(&rules, path), Access::Forbidden, "{path}");
    }
    for path in ["/", "/administrator", "/x/admin/", "/billing", "/Billing/", "/billing/x"] {
        assert_eq!(access(&rules, path), Access::SignedIn, "{path}");
    }
}

/// Windows has streams, `admin::$DATA`, and short names, `ADMINI~1`.
#[test]
fn what_windows_reads_as_a_closed_path_is_closed() {
    let rules = rules("/*", "/admin/* = admin; /tools/.git = admin; /v1/logs:purge = admin");
    for path in [
        "/admin:",
        "/admin:/x",
        "/admin::$DATA",
        "/Admin::$INDEX_ALLOCATION/x",
        "/admin%3a%3a$data/x",
        "/tools:x/.git:y/z",
        "/v1/logs:purge",
        "/v1/logs:purge:/x",
    ] {
        assert_eq!(access(&rules, path), Access::Forbidden, "{path}");
    }
    for path in [
        "/admin.:x/y",
        "/admin%20::$DATA",
        "/admini~1/x",
        "/ADMIN~12.old/x",
        "/admin%7e1/x",
        "/ad3f2b~1",
        "/%EF%BD%81dmini~1/x",
        "/%EF%BD%81dmin:x",
        "/%EF%BD%81dmin%EF%BC%9Ax",
        "/tools/git~1/config",
        "/tools/git~1:x",
        "/tools/.git%EF%BC%9Ax",
    ] {
        assert_eq!(access(&rules, path), Access::Ambiguous, "{path}");
    }
    for path in [
        "/v1/logs:read",
        "/v1/logs",
        "/x:admin",
        "/wiki/File:admin.png",
        "/~ada/x",
        "/files/ADMINI~1.PDF",
        "/app~main.js",
        "/administrator~1",
        "/app~21833f8f.js",
        "/tools/notes~1",
    ] {
        assert_eq!(access(&rules, path), Access::Public, "{path}");
    }
}

/// Servers that run scripts by their path pass the rest to the script (CGI's PATH_INFO).
#[test]
fn a_rule_closes_what_is_below_its_path() {
    let rules = rules("/*", "/invoice.php = admin; /a/b = admin; /c/* = admin");
    for path in [
        "/invoice.php",
        "/invoice.php/",
        "/invoice.php/x",
        "/Invoice.PHP/x/y",
        "/a/b/c",
        "/c",
        "/c/d",
    ] {
        assert_eq!(access(&rules, path), Access::Forbidden, "{path}");
    }
    for path in ["/invoice.phpx", "/invoice", "/a", "/a/bc", "/a/c/b", "/"] {
        assert_eq!(access(&rules, path), Access::Public, "{path}");
    }
    let whole = self::rules("", "/ = admin");
    assert_eq!(access(&whole, "/x"), Access::Forbidden);
}

#[test]
fn no_rule_opens_what_another_closes() {
    let rules = rules("/*", "/a/* = admin, finance; /a/b/* = admin; /a/b/c = finance");
    assert_eq!(access(&rules, "/"), Access::Public);
    assert_eq!(access(&rules, "/a/x"), Access::SignedIn);
    assert_eq!(access(&rules, "/a/b/x"), Access::Forbidden);
    assert_eq!(access(&rules, "/a/b/c"), Access::Forbidden);
    assert!(rules.demands("/a/b/c").unwrap().unmet_by("admin").is_some());
}

const SEVERAL_READINGS: [&str; 24] = [
    "/open//x",
    "/open/x//",
    "/open/..;/admin",
    "/open/.;/admin",
    "/open/;x/admin",
    "/open/x;jsessionid=1",
    "/open/..%2fadmin",
    "/open/..%2Fadmin",
    "/open/%2e%2e%2fadmin",
    "/open/..%5cadmin",
    "/open/..\\admin",
    "/open/%252e%252e/admin",
    "/open/%25",
    "/open/..%c0%afadmin",
    "/open/%ff",
    "/open/%00",
    "/open/x%0a",
    "/open/%3b",
    "/open/%3f",
    "/open/%23",
    "/open/%",
    "/open/%u002f",
    "/open/x./y",
    "/open/x%20",
];

#[test]
fn what_has_several_readings_is_never_public() {
    let rules = rules("/open/*", "");
    for path in SEVERAL_READINGS {
        assert_eq!(access(&rules, path), Access::Ambiguous, "{path}");
    }
}

#[test]
fn what_has_several_readings_is_refused_where_roles_are_asked_for() {
    let rules = rules("", "/admin/* = admin");
    for path in SEVERAL_READINGS.into_iter().chain(["//admin", "/x/..%2fadmin", "/admin%2fx"]) {
        assert_eq!(access(&rules, path), Access::Ambiguous, "{path}");
    }
}

#[test]
fn what_is_public_is_ascii() {
    let rules = rules("/open/*, /", "");
    for path in [
        "/open/．．／admin",
        "/open/..／admin",
        "/open/..¥admin",
        "/open/..∕admin",
        "/open/a…／b",
        "/open/größe",
        "/open/дела",
    ] {
        assert_eq!(access(&rules, &forwarded(path)), Access::Ambiguous, "{path}");
    }
    assert_eq!(access(&rules, &forwarded("/größe")), Access::SignedIn);
}

/// Every character that becomes ASCII by its case, wherever it stands in a rule.
#[test]
fn no_case_mapping_leads_past_a_rule() {
    let mut tried = 0;
    for character in '\u{80}'..=char::MAX {
        let cases: String = character.to_lowercase().chain(character.to_uppercase()).collect();
        for letter in cases.chars().filter(char::is_ascii_alphabetic) {
            let letter = letter.to_ascii_lowercase();
            let rules = rules("", &format!("/x{letter}y/z{letter}/* = admin"));
            for spelled in [
                format!("/x{character}y/z{letter}/a"),
                format!("/X{letter}Y/z{character}"),
                format!("/x{character}y/z{character}/"),
            ] {
                let seen = access(&rules, &forwarded(&spelled));
                assert!(
                    matches!(seen, Access::Ambiguous | Access::Forbidden),
                    "{spelled}: {seen:?}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 30, "{tried}");
}

/// Addresses of some products look like this. Every reading of them needs a session.
#[test]
fn where_a_session_is_all_that_is_asked_for_every_reading_passes() {
    for rules in [rules("", ""), rules("/assets/*", "")] {
        for path in ["/api/projects/a%2Fb", "//x", "/a;b=c"] {
            assert_eq!(access(&rules, path), Access::SignedIn, "{path}");
        }
    }
}

#[test]
fn takes_no_pattern_that_could_not_match() {
    for text in [
        "",
        "assets",
        "assets/*",
        "/assets*",
        "/a/*/b",
        "/a//b",
        "/a/../b",
        "/a/./b",
        "/a b",
        "/%61",
        "/a?b",
        "/a#b",
        "/a\\b",
        "/ä",
        "/sso/*",
        "/sso",
        "/sso/login",
        "/a,",
        "*",
        "/a.",
    ] {
        assert!(public_paths(text).is_none(), "{text}");
    }
    for text in
        ["", "/a", "/a =", "/a = nobody", "/a = admin,", "/a = admin;", "a = admin", "= admin"]
    {
        assert!(path_roles(text, &["admin".to_owned()]).is_none(), "{text}");
    }
}
