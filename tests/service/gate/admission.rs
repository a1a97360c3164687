//! Which requests reach the origin, and what the others are answered.

use saml_edge::{Decision, Request};

use crate::common::NOW;
use crate::gate::front::{Front, closed, get, json, navigation, open};
use crate::support::seen::SESSION;
use crate::support::world::World;

#[test]
fn without_an_origin_nothing_is_behind_the_gate() {
    assert!(matches!(World::new().gate(&navigation("/media")), Decision::Own));
}

#[test]
fn what_is_our_own_never_reaches_the_origin() {
    let front = Front::new(&[("PUBLIC_PATHS", "/*")]);
    for path in [
        "/sso/",
        "/sso/login",
        "/sso/acme/acs",
        "/.well-known/jwks.json",
        "/sso",
        "/sso/other",
        "/x/../sso/login",
        "/x/%2e%2e/sso/api/v1/accounts/acme/users",
        "/x\\..\\sso\\session",
    ] {
        assert!(matches!(front.visit(path), Decision::Own), "{path}");
    }
}

#[test]
fn navigations_without_a_session_go_to_the_login() {
    let front = Front::new(&[]);
    for (address, return_to) in [
        ("/", "%2F"),
        ("/media?folder=a%2Fb&x=1", "%2Fmedia%3Ffolder%3Da%252Fb%26x%3D1"),
        ("/a/../media", "%2Fmedia"),
        ("/SSO/login", "%2FSSO%2Flogin"),
        ("/.well-known/other", "%2F.well-known%2Fother"),
    ] {
        let seen = closed(front.of(&navigation(address)));
        assert_eq!(seen.answer.status, 302, "{address}");
        assert_eq!(seen.header("location"), format!("/sso/login?return_to={return_to}"));
        assert_eq!(seen.header("strict-transport-security"), "max-age=31536000");
        assert_eq!(seen.header("cache-control"), "no-store");
    }
    let old_browser = Request { fetch_mode: None, ..navigation("/") };
    assert_eq!(closed(front.of(&old_browser)).answer.status, 302);
}

#[test]
fn other_requests_without_a_session_get_the_login_address() {
    let front = Front::new(&[]);
    for request in [
        Request { method: "POST".into(), ..get("/") },
        Request { method: "HEAD".into(), ..get("/") },
        Request { method: "OPTIONS".into(), ..get("/") },
        Request { method: "PROPFIND".into(), ..get("/") },
        Request { method: "POST".into(), fetch_mode: Some("cors"), ..navigation("/") },
        Request { upgrade: Some("websocket"), ..navigation("/") },
        Request { fetch_mode: Some("cors"), ..navigation("/") },
        Request { fetch_mode: Some("websocket"), ..navigation("/") },
        Request { fetch_mode: None, accept: Some("*/*"), ..navigation("/") },
        Request { fetch_mode: None, accept: None, ..navigation("/") },
    ] {
        let seen = closed(front.of(&request));
        assert_eq!(seen.answer.status, 401, "{request:?}");
        assert_eq!(json(&seen.answer)["login"], "/sso/login");
        assert_eq!(json(&seen.answer)["error"], "not_signed_in");
        assert_eq!(seen.header("cache-control"), "no-store");
    }
}

/// A redirect would lose it without a word.
#[test]
fn a_form_without_a_session_gets_a_page() {
    let front = Front::new(&[]);
    let form = Request { method: "POST".into(), ..navigation("/orders") };
    let seen = closed(front.of(&form));
    assert_eq!((seen.answer.status, &*seen.logged("code")), (401, "not_signed_in"));
    assert_eq!(seen.logged("event"), "request_refused");
    assert_eq!(seen.header("cache-control"), "no-store");
    assert!(seen.answer.body.contains("href=\"/sso/login\" target=\"_blank\""));
    let again = Request { cookies: Some(&front.cookies), ..form };
    assert!(open(front.of(&again)).is_some());
}

#[test]
fn no_cookie_but_a_standing_session_opens() {
    let front = Front::new(&[]);
    assert!(open(front.visit("/")).is_some());
    let session = front.cookies.split("; ").find(|it| it.starts_with(SESSION)).expect("a session");
    let token = session.rsplit_once('.').expect("a MAC").0;
    let altered = session.replace('A', "B");
    let companion = front.cookies.replace(session, "");
    for cookies in
        ["", token, &altered, session, &companion, &session.to_lowercase(), &format!("x{session}")]
    {
        let gate = front.of(&Request { cookies: Some(cookies), ..navigation("/") });
        assert!(open(gate).is_none(), "{cookies}");
    }
    let mut later = front;
    later.world.now = NOW.plus(28_800);
    assert!(open(later.visit("/")).is_none());
}

/// Under the same keys: row G7.
#[test]
fn a_session_of_another_host_opens_nothing() {
    let front = Front::new(&[("BASE_URL", "https://other.example")]);
    assert_eq!(closed(front.visit("/")).answer.status, 302);
}

#[test]
fn public_paths_need_no_session() {
    let front = Front::new(&[("PUBLIC_PATHS", "/robots.txt, /assets/*")]);
    for path in ["/robots.txt", "/assets/app.js", "/assets/", "/x/../assets/app.js"] {
        assert!(open(front.of(&get(path))).is_some(), "{path}");
    }
    for path in ["/", "/robots.txt/", "/Assets/app.js", "/assets", "/assets/../media"] {
        assert_eq!(closed(front.of(&get(path))).answer.status, 401, "{path}");
    }
}

/// The advisories of oauth2-proxy: GHSA-pxq7-h93f-9jrg, GHSA-5hvv-m4w4-gf6v, GHSA-7x63-xv5r-3p2x.
#[test]
fn no_path_trick_opens_what_is_not_public() {
    let front = Front::new(&[("PUBLIC_PATHS", "/assets/*")]);
    for path in [
        "/media#/assets/app.js",
        "/media/#/assets/",
        "/assets/..%2fmedia",
        "/assets/%2e%2e%2fmedia",
        "/assets/..;/media",
        "/assets//../../media",
        "/assets\\..\\media",
        "//assets/app.js",
        "/media%23/assets/app.js",
        "/media%3f/assets/app.js",
        "/media;/assets/app.js",
        "/assets/%252e%252e/media",
        "/%61ssets/app.js",
        "/ASSETS/app.js",
        "*",
        "",
        "assets/app.js",
        "https://edge.example/assets/app.js",
    ] {
        let seen = closed(front.of(&get(path)));
        assert!([400, 401].contains(&seen.answer.status), "{path}");
    }
}
