//! Signing out goes on to the IdP, and comes back from it.

use crate::common::IDP;
use crate::logout::message::{
    COMPANION, RESPONSE, endpoint, message, metadata, parameters, query, redirected, refusal,
    replaced, sessions, signed_in,
};
use crate::logout::response::with_key;
use crate::support::seen::SESSION;

// From here to the IdP.

#[test]
fn signing_out_goes_on_to_the_idp() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    let seen = world.submit("/sso/logout", &[]);
    assert_eq!((seen.answer.status, sessions(&world)), (303, 0));
    assert_eq!(seen.logged("event"), "logout_started");
    assert!(!world.jar.contains_key(SESSION) && !world.jar.contains_key(COMPANION));
    let location = seen.header("location").to_owned();
    assert!(location.starts_with("https://idp.example/slo?SAMLRequest="), "{location}");
    let xml = message(&location, "SAMLRequest");
    let id = xml.split(" ID=\"").nth(1).and_then(|it| it.split('"').next()).expect("an ID");
    assert_eq!(
        xml,
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"2026-11-24T10:00:00Z\" Destination=\"https://idp.example/slo\" \
             NotOnOrAfter=\"2026-11-24T10:05:00Z\">\
             <saml:Issuer>https://edge.example/sso/acme/metadata</saml:Issuer>\
             <saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
             ada@acme.example</saml:NameID>\
             <samlp:SessionIndex>_session</samlp:SessionIndex></samlp:LogoutRequest>"
        )
    );
}

#[test]
fn the_request_is_signed_when_there_is_a_key() {
    let seen = with_key("HTTP-Redirect").submit("/sso/logout", &[]);
    assert!(seen.header("location").contains("&Signature="), "{}", seen.header("location"));
    let seen = with_key("HTTP-POST").submit("/sso/logout", &[]);
    assert!(seen.request_xml().contains("<ds:SignatureValue>"));
    assert!(!seen.answer.body.contains("RelayState"));
}

#[test]
fn another_idp_gets_no_logout_request() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    let other = metadata(&endpoint("HTTP-Redirect", "")).replace(IDP, "urn:other");
    world.add("acme", &other, None);
    let seen = world.submit("/sso/logout", &[]);
    assert_eq!(seen.header("location"), "/sso/logout");
}

#[test]
fn what_was_sealed_under_older_keys_is_still_known() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    let keys = [crate::support::config::secret(7), crate::support::config::secret(1)].join(",");
    world.config = crate::support::config::config_with(&[("SESSION_KEYS", &keys)]);
    let seen = world.submit("/sso/logout", &[]);
    assert!(seen.header("location").starts_with("https://idp.example/slo"), "older keys open");
}

#[test]
fn an_account_that_cannot_be_read_is_signed_out_of_all_the_same() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    world.store.broken.set(true);
    let seen = world.submit("/sso/logout", &[]);
    assert_eq!(seen.header("location"), "/sso/logout?elsewhere=unsure");
    assert_eq!(seen.logged("code"), "store_unreachable");
    assert_eq!(sessions(&world), 0);
    assert!(!world.jar.contains_key(SESSION));
    let page = world.get("/sso/logout?elsewhere=unsure");
    assert!(page.answer.body.contains("may still have you signed in"));
}

#[test]
fn comes_back_from_the_idp() {
    let failed = replaced(RESPONSE, "status:Success", "status:Responder");
    for (query, event, location) in [
        (query("SAMLResponse", RESPONSE, None), "logout_confirmed", "/sso/logout"),
        (
            query("SAMLResponse", &failed, None),
            "logout_unconfirmed",
            "/sso/logout?elsewhere=unsure",
        ),
        (
            parameters("SAMLResponse", RESPONSE, None),
            "logout_unconfirmed",
            "/sso/logout?elsewhere=unsure",
        ),
    ] {
        // Nothing depends on it, least of all anybody's session.
        let mut world = signed_in("");
        let seen = redirected(&mut world, &query);
        assert_eq!((seen.answer.status, seen.header("location")), (303, location));
        assert_eq!(seen.logged("event"), event);
        assert_eq!(seen.headers("set-cookie").count(), 0);
        assert_eq!(sessions(&world), 1);
        assert!(world.get(location).answer.body.contains("Sign out?"), "nobody is told a lie");
    }
}

/// Core §3.7.3.2: Success, and below it that not every session has ended.
#[test]
fn an_answer_that_is_qualified_is_no_logout_everywhere() {
    let code = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">";
    for second in ["PartialLogout", "RequestDenied"] {
        let nested = format!(
            "{code}<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{second}\">\
             </samlp:StatusCode>"
        );
        let partial = replaced(RESPONSE, code, &nested);
        let mut world = signed_in("");
        let seen = redirected(&mut world, &query("SAMLResponse", &partial, None));
        assert_eq!(seen.header("location"), "/sso/logout?elsewhere=unsure");
        assert_eq!(seen.logged("event"), "logout_unconfirmed");
        world.jar.clear();
        let page = world.get("/sso/logout?elsewhere=unsure").answer.body;
        assert!(page.contains("may still have you signed in"), "{page}");
    }
}

#[test]
fn an_answer_that_is_signed_must_hold() {
    let mut world = signed_in("");
    let good = query("SAMLResponse", RESPONSE, Some("a"));
    let seen = redirected(&mut world, &good.replace("RelayState=a", "RelayState=b"));
    assert_eq!(refusal(&world, &seen), "signature_invalid");
    for (from, to, code) in [
        (IDP, "urn:other", "issuer_mismatch"),
        ("/sso/acme/slo", "/sso/other/slo", "destination_mismatch"),
        (
            "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
             </samlp:StatusCode></samlp:Status>",
            "",
            "element_missing",
        ),
    ] {
        let seen =
            redirected(&mut world, &query("SAMLResponse", &replaced(RESPONSE, from, to), None));
        assert_eq!(refusal(&world, &seen), code);
    }
}
