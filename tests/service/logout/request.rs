//! A LogoutRequest of the IdP ends the sessions that it names.

use crate::common::{IDP, METADATA, NOW, Scenario};
use crate::fakes::Octets;
use crate::logout::message::{
    COMPANION, REQUEST, asked, endpoint, framed, message, metadata, parameters, posted, query,
    redirected, refusal, replaced, sessions, sign_in, signed, signed_in,
};
use crate::logout::response::at_entra;
use crate::support::form::{answering, form};
use crate::support::seen::SESSION;
use crate::support::world::World;

#[test]
fn a_request_ends_the_session_without_any_cookie() {
    for (endpoints, relay_state) in
        [(endpoint("HTTP-Redirect", ""), None), (endpoint("HTTP-Redirect", ""), Some("a&b"))]
    {
        let mut world = signed_in(&endpoints);
        let seen = framed(&mut world, &query("SAMLRequest", REQUEST, relay_state));
        assert_eq!((seen.answer.status, sessions(&world)), (303, 0));
        assert_eq!(seen.logged("event"), "logout_asked");
        assert_eq!(seen.headers("set-cookie").count(), 0);
        let location = seen.header("location").to_owned();
        assert!(location.starts_with("https://idp.example/slo?SAMLResponse="), "{location}");
        assert_eq!(location.contains("&RelayState=a%26b"), relay_state.is_some());
        let xml = message(&location, "SAMLResponse");
        assert!(xml.contains("<samlp:LogoutResponse ") && xml.contains("status:Success"), "{xml}");
        assert!(xml.contains("InResponseTo=\"_logout\""), "{xml}");
        assert!(xml.contains("Destination=\"https://idp.example/slo\""), "{xml}");
        assert!(xml.contains(">https://edge.example/sso/acme/metadata</saml:Issuer>"), "{xml}");
    }
}

#[test]
fn the_browser_that_brings_it_is_signed_out() {
    let mut world = signed_in("");
    asked(&mut world, REQUEST);
    assert!(!world.jar.contains_key(SESSION) && !world.jar.contains_key(COMPANION));
    // By a POST of another site only the companion comes along.
    let mut world = signed_in("");
    posted(&mut world, &signed(REQUEST, "_logout", &Scenario::valid()));
    assert!(!world.jar.contains_key(SESSION) && !world.jar.contains_key(COMPANION));
}

#[test]
fn a_browser_of_somebody_else_stays_signed_in() {
    let mut world = signed_in("");
    let cookies = world.jar.clone();
    world.jar.clear();
    let id = world.start("/");
    let eve = answering(&id)
        .in_assertion("ada@acme.example", "eve@acme.example")
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    world.post("acme", &form(&eve));
    let seen = asked(&mut world, REQUEST);
    assert_eq!(seen.headers("set-cookie").count(), 0);
    assert_eq!(world.session()["email"], "eve@acme.example");
    let left: Vec<_> = world.ledger.sessions().iter().map(|it| it.session.sub.clone()).collect();
    assert_eq!(left.len(), 1);
    assert!(!cookies[COMPANION].starts_with(&left[0]), "it is not Ada's");
}

#[test]
fn ends_the_sessions_that_it_names() {
    for (from, to, left) in [
        ("<samlp:SessionIndex>_session</samlp:SessionIndex>", "", 0),
        (">_session<", ">_other<", 1),
        (
            ">_session</samlp:SessionIndex>",
            ">_a</samlp:SessionIndex><samlp:SessionIndex>_session</samlp:SessionIndex>",
            0,
        ),
        (">ada@acme.example<", ">eve@acme.example<", 1),
    ] {
        let mut world = signed_in("");
        let seen = asked(&mut world, &replaced(REQUEST, from, to));
        assert_eq!((seen.answer.status, sessions(&world)), (200, left), "{to}");
        assert_eq!(world.jar.contains_key(SESSION), left == 1);
    }
    // Where the IdP gave no SessionIndex, the name alone is what it has.
    let mut world = World::new();
    world.add("acme", &metadata(""), None);
    world.sign_in(|it| it.in_assertion(" SessionIndex=\"_session\"", ""));
    asked(&mut world, REQUEST);
    assert_eq!(sessions(&world), 0);
}

#[test]
fn takes_a_signed_document_by_post() {
    let mut world = signed_in(&endpoint("HTTP-POST", ""));
    let seen = posted(&mut world, &signed(REQUEST, "_logout", &Scenario::valid()));
    assert_eq!((seen.answer.status, sessions(&world)), (200, 0));
    // The answer goes by the binding of the IdP's endpoint.
    let body = &seen.answer.body;
    assert!(body.contains("action=\"https://idp.example/slo\" method=\"post\""), "{body}");
    assert!(body.contains("name=\"SAMLResponse\" value=\""), "{body}");
    let policy = seen.header("content-security-policy");
    assert!(policy.contains("frame-ancestors https://idp.example;"), "{policy}");
}

/// NotOnOrAfter is 270 seconds away, and the skew 60.
#[test]
fn the_clock_may_be_off_by_the_skew() {
    for (seconds, status) in [(329, 200), (330, 403)] {
        let mut world = signed_in("");
        world.now = NOW.plus(seconds);
        assert_eq!(asked(&mut world, REQUEST).answer.status, status, "{seconds}");
    }
}

#[test]
fn a_request_is_taken_once() {
    let mut world = signed_in("");
    let first = query("SAMLRequest", REQUEST, None);
    assert_eq!(redirected(&mut world, &first).answer.status, 200);
    let id = world.start("/");
    world.post("acme", &form(&crate::support::form::answering_with(&id, "_again")));
    let seen = redirected(&mut world, &first);
    assert_eq!(refusal(&world, &seen), "logout_replayed");
}

#[test]
fn takes_unsigned_requests_only_where_the_account_says_so() {
    let unsigned = parameters("SAMLRequest", REQUEST, None);
    let settings = Some(r#"{"allow_unsigned_logout":true}"#);
    let world = || {
        let world = World::new();
        world.add("acme", &metadata(""), settings);
        sign_in(world)
    };
    let mut allowed = world();
    assert_eq!(redirected(&mut allowed, &unsigned).answer.status, 200);
    assert_eq!(sessions(&allowed), 0);
    let mut allowed = world();
    assert_eq!(posted(&mut allowed, REQUEST).answer.status, 200);
    // A signature that is there must hold all the same, and every other rule stands.
    let mut strict = world();
    let forged = signed(REQUEST, "_logout", &Scenario::valid().signed_by_another_key());
    let seen = posted(&mut strict, &forged);
    assert_eq!(refusal(&strict, &seen), "signature_invalid");
    for half in ["Signature=AAAA", "Signature", "%53ignature=", "SigAlg=x", "SigAlg="] {
        let seen = redirected(&mut strict, &format!("{unsigned}&{half}"));
        assert_eq!(refusal(&strict, &seen), "signature_malformed", "{half}");
    }
    let late = replaced(REQUEST, "10:04:30Z", "09:58:00Z");
    let seen = redirected(&mut strict, &parameters("SAMLRequest", &late, None));
    assert_eq!(refusal(&strict, &seen), "logout_expired");
}

/// Whoever can write one can write another: nothing is used up, and so nothing is written.
#[test]
fn what_nobody_has_signed_leaves_no_row() {
    let world = World::new();
    world.add("acme", &metadata(""), Some(r#"{"allow_unsigned_logout":true}"#));
    let mut world = sign_in(world);
    let before = world.ledger.assertions().len();
    for number in 0..3 {
        let request = replaced(REQUEST, "\"_logout\"", &format!("\"_logout{}\"", number % 2));
        let seen = redirected(&mut world, &parameters("SAMLRequest", &request, None));
        assert_eq!((seen.answer.status, sessions(&world)), (200, 0));
    }
    assert_eq!(world.ledger.assertions().len(), before);
    // One that is signed is used up.
    assert_eq!(asked(&mut world, REQUEST).answer.status, 200);
    assert_eq!(world.ledger.assertions().len(), before + 1);
    assert_eq!(asked(&mut world, REQUEST).logged("code"), "logout_replayed");
}

/// The other name of Entra is good for what is signed alone.
#[test]
fn an_alias_needs_a_signature() {
    let mut world = at_entra(Some(r#"{"allow_unsigned_logout":true}"#));
    let alias = REQUEST.replace(IDP, "https://login.microsoftonline.com/7c4e1f0a/");
    let seen = redirected(&mut world, &parameters("SAMLRequest", &alias, None));
    assert_eq!(refusal(&world, &seen), "issuer_mismatch");
}

#[test]
fn another_accounts_idp_ends_nothing() {
    let mut world = signed_in("");
    world.add("umbrella", METADATA, None);
    let request = replaced(REQUEST, "/sso/acme/slo", "/sso/umbrella/slo");
    let seen = world.get(&format!("/sso/umbrella/slo?{}", query("SAMLRequest", &request, None)));
    assert_eq!((seen.answer.status, sessions(&world)), (200, 1));
    assert_eq!(world.get("/sso/session").answer.status, 200);
}

#[test]
fn the_shared_address_knows_the_account_by_the_browser() {
    let mut world = signed_in("");
    let request = replaced(REQUEST, "/sso/acme/slo", "/sso/slo");
    let address = format!("/sso/slo?{}", query("SAMLRequest", &request, None));
    let stranger = world.send("GET", &address, None, "", Octets::of(""));
    assert_eq!(refusal(&world, &stranger), "account_unknown");
    assert_eq!(world.get(&address).answer.status, 200);
    assert_eq!(sessions(&world), 0);
}

#[test]
fn says_when_something_of_ours_is_down() {
    let mut world = signed_in("");
    world.ledger.broken.set(true);
    let seen = asked(&mut world, REQUEST);
    assert_eq!((seen.answer.status, seen.logged("code").as_str()), (503, "ledger_unreachable"));
    world.ledger.broken.set(false);
    world.store.accounts.borrow_mut().clear();
    let seen = asked(&mut world, REQUEST);
    assert_eq!(seen.logged("code"), "sso_not_enabled");
}
