//! Requests that pages of other sites make.

use saml_edge::Request;

use crate::gate::front::{Front, closed, get, json, open};
use crate::support::config::BASE_URL;

/// Cross-site WebSocket hijacking: no same-origin policy stands before a socket, and a page of a
/// sister site brings a Lax cookie along.
#[test]
fn a_page_of_another_site_opens_no_socket() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    let socket = |path, origin| Request {
        upgrade: Some("websocket"),
        cookies: Some(&front.cookies),
        origin,
        ..get(path)
    };
    for origin in [None, Some(BASE_URL)] {
        assert!(open(front.of(&socket("/live", origin))).is_some(), "{origin:?}");
    }
    let sister = "https://other.edge.example";
    for origin in ["null", "", sister, "http://edge.example", "https://edge.example:8443"] {
        for path in ["/live", "/public/live"] {
            let seen = closed(front.of(&socket(path, Some(origin))));
            assert_eq!((seen.answer.status, &*seen.logged("code")), (403, "cross_site_socket"));
            assert_eq!(seen.logged("event"), "request_refused");
        }
    }
    for (fetch_site, opens) in [("same-origin", true), ("none", true), ("same-site", false)] {
        let request = Request { fetch_site: Some(fetch_site), ..socket("/live", None) };
        assert_eq!(open(front.of(&request)).is_some(), opens, "{fetch_site}");
    }
    let anonymous = Request { cookies: None, ..socket("/public/live", Some(sister)) };
    assert!(open(front.of(&anonymous)).is_some(), "nobody's session is used");
    let page = Request { cookies: Some(&front.cookies), origin: Some(sister), ..get("/live") };
    assert!(open(front.of(&page)).is_some(), "what a page reads is the browser's business");
}

/// A form of a sister site brings the Lax cookie along, and so does a simple request of its
/// scripts.
#[test]
fn a_page_of_another_site_changes_nothing() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    let sister = "https://other.edge.example";
    let request = |method: &str, path, fetch_site, origin| Request {
        method: method.into(),
        fetch_site,
        origin,
        cookies: Some(&front.cookies),
        ..get(path)
    };
    let foreign = [
        (Some("same-site"), Some(sister)),
        (Some("cross-site"), Some("https://evil.example")),
        (Some("same-site"), Some("null")),
        (Some("cross-site"), None),
        (Some(""), None),
        (Some("same-origin"), Some(sister)),
        (None, Some(sister)),
        (None, Some("null")),
        (None, Some("")),
        (None, Some("http://edge.example")),
        (None, Some("https://edge.example:8443")),
        (None, Some("https://edge.example.evil.example")),
    ];
    let own = [
        (Some("same-origin"), Some(BASE_URL)),
        // A page with `Referrer-Policy: no-referrer`.
        (Some("same-origin"), Some("null")),
        (Some("same-origin"), None),
        // A form that is sent again when the browser opens.
        (Some("none"), None),
        (Some("none"), Some("null")),
        (None, Some(BASE_URL)),
        // A program.
        (None, None),
    ];
    for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "post"] {
        for (fetch_site, origin) in foreign {
            let seen = closed(front.of(&request(method, "/orders", fetch_site, origin)));
            assert_eq!((seen.answer.status, &*seen.logged("code")), (403, "cross_site_request"));
            assert_eq!(seen.logged("event"), "request_refused");
            assert_eq!(seen.logged("account"), "acme");
            assert_eq!(json(&seen.answer)["error"], "cross_site_request");
            let public = request(method, "/public/hook", fetch_site, origin);
            assert!(open(front.of(&public)).is_some(), "{fetch_site:?} {origin:?}");
        }
        for (fetch_site, origin) in own {
            let sent = request(method, "/orders", fetch_site, origin);
            assert!(open(front.of(&sent)).is_some(), "{method} {fetch_site:?} {origin:?}");
        }
    }
    for method in ["GET", "HEAD", "OPTIONS"] {
        for (fetch_site, origin) in foreign.into_iter().chain(own) {
            let sent = request(method, "/orders", fetch_site, origin);
            assert!(open(front.of(&sent)).is_some(), "{method} {fetch_site:?} {origin:?}");
        }
    }
    let form = Request {
        accept: Some("text/html"),
        fetch_mode: Some("navigate"),
        ..request("POST", "/orders", Some("same-site"), Some(sister))
    };
    let seen = closed(front.of(&form));
    assert!(seen.answer.body.contains("<h1>This went no further</h1>"), "{}", seen.answer.body);
    // Without a session the way to one comes first.
    let anonymous = Request { cookies: None, ..form };
    assert_eq!(closed(front.of(&anonymous)).answer.status, 401);
}
