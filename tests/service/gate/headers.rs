//! The headers that the origin receives.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use saml_edge::{ForwardedRequest, Request};
use serde_json::Value;

use crate::gate::front::{Front, get, navigation, open, signed_in};

#[test]
fn the_origin_is_a_url_a_zone_or_a_service() {
    for (vars, address, is_service) in [
        (&[("ORIGIN", "https://origin.example")][..], "https://origin.example/a", false),
        (&[("ORIGIN", "zone")], "https://edge.example/a", false),
        (&[("ORIGIN", "service"), ("ORIGIN_SERVICE", "bound")], "https://edge.example/a", true),
    ] {
        let passage = Front::new(vars).passage("/a");
        assert_eq!((passage.address(), passage.is_service()), (address, is_service));
    }
}

/// What reaches the origin of the headers that a browser sends.
pub(crate) fn forwarded<'p>(
    passage: &'p ForwardedRequest,
    sent: &[(&'p str, &'p str)],
) -> BTreeMap<&'p str, &'p str> {
    let kept = sent.iter().filter(|(name, _)| !passage.drops(name)).copied();
    kept.chain(passage.headers()).collect()
}

#[test]
fn the_origin_receives_the_identity() {
    let front = Front::new(&[]);
    let cookies = format!("theme=dark; {}", front.cookies);
    let request =
        Request { cookies: Some(&cookies), client: Some("192.0.2.7"), ..navigation("/media") };
    let passage = open(front.of(&request)).expect("open");
    let told = forwarded(&passage, &[("accept", "text/html"), ("cookie", &cookies)]);
    let names: Vec<_> = told.keys().copied().collect();
    assert_eq!(
        names,
        [
            "accept",
            "cookie",
            "x-forwarded-email",
            "x-forwarded-for",
            "x-forwarded-groups",
            "x-forwarded-host",
            "x-forwarded-preferred-username",
            "x-forwarded-proto",
            "x-forwarded-user",
            "x-saml-edge-account",
            "x-saml-edge-jwt-assertion",
            "x-saml-edge-name",
        ]
    );
    let token = told["x-saml-edge-jwt-assertion"];
    let payload = token.split('.').nth(1).expect("a payload");
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON");
    assert_eq!(token.split('.').count(), 3, "the tag stays here");
    assert_eq!(told["cookie"], "theme=dark");
    for (header, claim) in [
        ("x-forwarded-email", "email"),
        ("x-forwarded-groups", "role"),
        ("x-forwarded-preferred-username", "email"),
        ("x-forwarded-user", "sub"),
        ("x-saml-edge-account", "account"),
        ("x-saml-edge-name", "name"),
    ] {
        assert_eq!(told[header], claims[claim].as_str().expect("text"));
    }
    assert_eq!(told["x-forwarded-for"], "192.0.2.7");
    assert_eq!(told["x-forwarded-host"], "edge.example");
    assert_eq!(told["x-forwarded-proto"], "https");
    assert!(passage.passes_no_cache());
}

#[test]
fn spoofed_headers_do_not_reach_the_origin() {
    let front = Front::new(&[("TOKEN_HEADER", "X-Proof"), ("PUBLIC_PATHS", "/*")]);
    let spoofed = [
        "x-forwarded-user",
        "x_forwarded_user",
        "x-forwarded_user",
        "x.forwarded.email",
        "x-forwarded-groups",
        "x-forwarded-for",
        "x-forwarded-uri",
        "x-saml-edge-account",
        "x_saml_edge_jwt_assertion",
        "x-saml-edge-name",
        "x.saml.edge.name",
        "x-saml-anything",
        "x-proof",
        "x_proof",
        "forwarded",
        "remote-user",
        "x-remote-user",
        "x-auth-request-user",
        "cf-access-jwt-assertion",
        "x-original-url",
        "x-rewrite-url",
        "x-real-ip",
        "true-client-ip",
        "host",
        "cookie",
    ];
    let sent = spoofed.map(|name| (name, "mallory"));
    let anonymous = open(front.of(&get("/"))).expect("public");
    let told = forwarded(&anonymous, &sent);
    let names: Vec<_> = told.keys().copied().collect();
    assert_eq!(names, ["x-forwarded-host", "x-forwarded-proto"]);
    assert!(!anonymous.passes_no_cache());
    let told = forwarded(&front.passage("/"), &sent).into_values().any(|value| value == "mallory");
    assert!(!told);
}

#[test]
fn hop_by_hop_headers_stay_behind() {
    let front = Front::new(&[]);
    let sent = [
        ("connection", "Upgrade"),
        ("keep-alive", "1"),
        ("proxy-authorization", "x"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("authorization", "Bearer x"),
        ("if-none-match", "\"1\""),
    ];
    let request = Request { cookies: Some(&front.cookies), ..get("/") };
    let kept = |request: &Request<'_>| {
        let passage = open(front.of(request)).expect("open");
        sent.iter().map(|(name, _)| *name).filter(|it| !passage.drops(it)).collect::<Vec<_>>()
    };
    assert_eq!(kept(&request), ["authorization", "if-none-match"]);
    let socket = Request { upgrade: Some("WebSocket"), ..request };
    assert_eq!(kept(&socket), ["upgrade", "authorization", "if-none-match"]);
}

#[test]
fn names_reach_the_origin_in_ascii() {
    let world = signed_in(|it| it.in_assertion("Ada Lovelace", "Zo\u{eb} 100%"));
    let front = Front::before(world, &[]);
    let passage = front.passage("/");
    assert_eq!(forwarded(&passage, &[])["x-saml-edge-name"], "Zo%C3%AB 100%25");
}

/// It is what people may change at their IdP, and other gates send a login name there.
#[test]
fn a_display_name_stands_in_no_header_of_another_gate() {
    let world = signed_in(|it| it.in_assertion("Ada Lovelace", "admin"));
    let front = Front::before(world, &[]);
    let passage = front.passage("/");
    for (name, value) in passage.headers() {
        assert_eq!(value == "admin", name == "x-saml-edge-name", "{name}: {value}");
    }
}
