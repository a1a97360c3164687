//! Plain HTTP and TRACE in front of an origin.

use saml_edge::{Decision, Request};

use crate::gate::front::{Front, closed, get, json, open};
use crate::support::config::BASE_URL;

/// Whoever is on the way could answer in our place, and lead people to a login of their own.
#[test]
fn plain_http_leads_to_the_same_address_by_https() {
    for vars in [&[("PUBLIC_PATHS", "/public/*")][..], &[("ORIGIN", "")]] {
        let front = Front::new(vars);
        for (method, address, location) in [
            ("GET", "/", "/"),
            ("GET", "/public/x", "/public/x"),
            ("POST", "/orders?a=%2F&b", "/orders?a=%2F&b"),
            ("GET", "/sso/login?return_to=%2Fmedia", "/sso/login?return_to=%2Fmedia"),
            ("GET", "/sso/", "/sso/"),
            ("POST", "/sso/acme/acs", "/sso/acme/acs"),
            ("GET", "/.well-known/jwks.json", "/.well-known/jwks.json"),
            ("DELETE", "/sso/healthz", "/sso/healthz"),
            ("TRACE", "/", "/"),
            ("GET", "//evil.example/x", "//evil.example/x"),
            ("GET", "/@evil.example", "/@evil.example"),
            ("GET", "evil.example", "/"),
        ] {
            for scheme in [None, Some("https")] {
                let request = Request { method: method.into(), scheme, ..get(address) };
                let gate = front.of(&request);
                let moved = matches!(&gate, Decision::Respond(it) if it.answer.status == 308);
                assert!(!moved, "{scheme:?} {address}");
            }
            let cookies = Some(&*front.cookies);
            let plain =
                Request { method: method.into(), cookies, scheme: Some("http"), ..get(address) };
            let seen = closed(front.of(&plain));
            assert_eq!(seen.answer.status, 308, "{method} {address}");
            assert_eq!(seen.header("location"), format!("{BASE_URL}{location}"));
            assert_eq!(seen.header("cache-control"), "no-store");
            assert_eq!(seen.header("strict-transport-security"), "", "RFC 6797 §7.2");
            assert_eq!(seen.headers("set-cookie").count(), 0);
        }
        // A monitor wants an answer, and is told nothing that anybody may not know.
        let seen = closed(front.of(&Request { scheme: Some("http"), ..get("/sso/healthz") }));
        assert_eq!((seen.answer.status, &json(&seen.answer)["status"]), (200, &"ok".into()));
        assert_eq!(seen.header("strict-transport-security"), "");
    }
}

#[test]
fn where_there_is_no_https_plain_http_is_served() {
    let front = Front::new(&[("BASE_URL", "http://localhost:8787"), ("PUBLIC_PATHS", "/*")]);
    let plain = Request { scheme: Some("http"), ..get("/x") };
    assert!(open(front.of(&plain)).is_some());
}

#[test]
fn no_method_echoes_the_identity_headers() {
    let front = Front::new(&[("PUBLIC_PATHS", "/public/*")]);
    for method in ["TRACE", "TRACK", "CONNECT"] {
        for path in ["/", "/public/x"] {
            let request =
                Request { method: method.into(), cookies: Some(&front.cookies), ..get(path) };
            let seen = closed(front.of(&request));
            assert_eq!(seen.answer.status, 405, "{method} {path}");
            assert!(seen.header("allow").contains("PATCH"));
        }
    }
}
