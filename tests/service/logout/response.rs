//! The LogoutResponse to the IdP: where it goes, who gets one, and how it is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::IDP;
use crate::logout::message::{
    ENTRA, REQUEST, RESPONSE, asked, endpoint, framed, message, metadata, parameters, query,
    redirected, refusal, replaced, sessions, sign_in, signed_in,
};
use crate::support::seen::Seen;
use crate::support::world::World;

/// `text` as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Who may frame the page that ends the logout where the IdP has an endpoint at `location`. Every
/// other directive must be ours.
fn frame_ancestors(location: &str) -> String {
    let mut world = World::new();
    let endpoint = endpoint("HTTP-POST", "").replace("https://idp.example/slo", &escaped(location));
    world.add("acme", &metadata(&endpoint), None);
    let seen = asked(&mut world, REQUEST);
    assert_eq!(seen.logged("event"), "logout_asked", "{location}");
    let policy = seen.header("content-security-policy");
    let directives = policy.split("; ").map(|it| it.split_once(' ').unwrap_or((it, "")));
    let (names, values): (Vec<_>, Vec<_>) = directives.unzip();
    let ours = ["default-src", "style-src", "form-action", "base-uri", "frame-ancestors"];
    assert_eq!(names.iter().filter(|it| **it != "script-src").count(), ours.len(), "{policy}");
    assert_eq!(names.get(..5), Some(&ours[..]), "{location}: {policy}");
    assert!(policy.is_ascii() && !policy.contains(','), "{location}: {policy}");
    values.get(4).expect("a value").to_string()
}

/// Whatever a URL may hold by the URL standard, and however it is written.
#[test]
fn metadata_writes_no_directive_into_a_policy() {
    let printable = (b'!'..=b'~').map(char::from);
    for it in printable.chain([' ', '\t', '\u{a0}', 'ſ', '／', '；']) {
        for location in [
            format!("https://x{it}script-src/"),
            format!("https://idp.example{it}"),
            format!("https://a{it}b@idp.example:8443/{it}?{it}#{it}"),
        ] {
            let ancestors = frame_ancestors(&location);
            let is_source = |source: &str| {
                let host = source.strip_prefix("https://").expect("https");
                let is_of_host = |it: char| it.is_ascii_alphanumeric() || ".-_:".contains(it);
                !host.is_empty() && host.chars().all(is_of_host)
            };
            assert!(ancestors == "'none'" || is_source(&ancestors), "{location}: {ancestors}");
        }
    }
    for (location, ancestors) in [
        ("https://idp.example:8443/slo", "https://idp.example:8443"),
        ("https://192.0.2.7/slo", "https://192.0.2.7"),
        // CSP has no name for it.
        ("https://[2001:db8::1]/slo", "'none'"),
        ("https://x;script-src/", "'none'"),
        ("https://x%3bscript-src/", "'none'"),
        ("https://[::1;]/", "'none'"),
        ("https://*/", "'none'"),
    ] {
        assert_eq!(frame_ancestors(location), ancestors, "{location}");
    }
}

#[test]
fn answers_where_the_idp_takes_answers() {
    let other = " ResponseLocation=\"https://idp.example/done?a=b\"";
    let mut world = signed_in(&endpoint("HTTP-Redirect", other));
    let location = asked(&mut world, REQUEST).header("location").to_owned();
    assert!(location.starts_with("https://idp.example/done?a=b&SAMLResponse="), "{location}");
    let mut world = signed_in("");
    let seen = asked(&mut world, REQUEST);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("You are signed out"));
}

/// Ada is signed in, and the service has a key.
pub(crate) fn with_key(binding: &str) -> World {
    let world = World::with_sp_key("{}");
    world.add("acme", &metadata(&endpoint(binding, "")), None);
    sign_in(world)
}

#[test]
fn answers_are_signed_when_there_is_a_key() {
    let seen = asked(&mut with_key("HTTP-Redirect"), REQUEST);
    assert!(seen.header("location").contains("&Signature="));
    let seen = asked(&mut with_key("HTTP-POST"), REQUEST);
    let (_, field) = seen.answer.body.split_once("SAMLResponse\" value=\"").expect("a field");
    let xml = STANDARD.decode(field.split('"').next().expect("a value")).expect("base64");
    assert!(String::from_utf8(xml).expect("UTF-8").contains("<ds:SignatureValue>"));
}

/// Ada is signed in, and the IdP is Entra.
pub(crate) fn at_entra(settings: Option<&str>) -> World {
    let mut world = World::new();
    let entra = metadata(&endpoint("HTTP-Redirect", "")).replace(IDP, ENTRA);
    world.add("acme", &entra, settings);
    world.sign_in(|it| it.in_response(IDP, ENTRA).in_assertion(IDP, ENTRA));
    assert_eq!(sessions(&world), 1);
    world
}

/// Entra's endpoint is in its metadata, and takes no LogoutResponse.
#[test]
fn entra_gets_no_answer_and_may_use_its_other_name() {
    for issuer in [ENTRA, "https://login.microsoftonline.com/7c4e1f0a/"] {
        let mut world = at_entra(None);
        let request = REQUEST.replace(IDP, issuer);
        let seen = framed(&mut world, &query("SAMLRequest", &request, None));
        assert_eq!((seen.answer.status, sessions(&world)), (200, 0), "{issuer}");
    }
    for issuer in
        ["https://login.microsoftonline.com/other/", "https://login.microsoftonline.com/7c4e1f0a"]
    {
        let mut world = at_entra(None);
        let seen = asked(&mut world, &REQUEST.replace(IDP, issuer));
        assert_eq!(refusal(&world, &seen), "issuer_mismatch");
    }
}

/// Profiles §4.4.3.4: a request of the IdP has an answer, whatever is wrong with it.
#[test]
fn a_signed_request_that_is_refused_is_answered() {
    let version = ("Version=\"2.0\"", "Version=\"1.1\"");
    for ((from, to), code, status) in [
        (("/sso/acme/slo", "/sso/other/slo"), "destination_mismatch", "Requester"),
        (("10:04:30Z", "09:58:00Z"), "logout_expired", "Requester"),
        ((">ada@acme.example<", "> <"), "name_id_missing", "Requester"),
        (version, "version_unsupported", "VersionMismatch"),
    ] {
        for binding in ["HTTP-Redirect", "HTTP-POST"] {
            let mut world = signed_in(&endpoint(binding, ""));
            let broken = replaced(REQUEST, from, to);
            let seen = redirected(&mut world, &query("SAMLRequest", &broken, Some("a&b")));
            assert_eq!((&*seen.logged("event"), &*seen.logged("code")), ("logout_refused", code));
            assert_eq!((sessions(&world), seen.headers("set-cookie").count()), (1, 0));
            let xml = answer_in(&seen);
            assert!(
                xml.contains(&format!("status:{status}\"></samlp:StatusCode></samlp:Status>")),
                "{xml}"
            );
            assert!(xml.contains("InResponseTo=\"_logout\""), "{xml}");
            assert!(!xml.contains("ada@"), "{xml}");
        }
    }
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    assert!(answer_in(&asked(&mut world, REQUEST)).contains("status:Success"));
    let again = asked(&mut world, REQUEST);
    assert_eq!(again.logged("code"), "logout_replayed");
    assert!(answer_in(&again).contains("status:Requester"));
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    world.ledger.broken.set(true);
    assert!(answer_in(&asked(&mut world, REQUEST)).contains("status:Responder"));
}

/// The LogoutResponse that goes to the IdP, by either binding.
pub(crate) fn answer_in(seen: &Seen) -> String {
    if let Some((_, field)) = seen.answer.body.split_once("name=\"SAMLResponse\" value=\"") {
        let xml = STANDARD.decode(field.split('"').next().expect("a value")).expect("base64");
        return String::from_utf8(xml).expect("UTF-8");
    }
    message(seen.header("location"), "SAMLResponse")
}

/// Whoever is not the account's IdP for certain has no answer, and no answer has one.
#[test]
fn nobody_else_is_answered() {
    let redirect = endpoint("HTTP-Redirect", "");
    let late = replaced(REQUEST, "10:04:30Z", "09:58:00Z");
    let another = replaced(REQUEST, IDP, "https://other.example/metadata");
    let authn_request = REQUEST.replace("LogoutRequest", "AuthnRequest");
    let good = query("SAMLRequest", &late, Some("state"));
    for (query, code) in [
        (query("SAMLRequest", &another, None), "issuer_mismatch"),
        (query("SAMLRequest", &authn_request, None), "not_a_logout_message"),
        (good.replace("RelayState=state", "RelayState=other"), "signature_invalid"),
        (parameters("SAMLRequest", &late, None), "signature_missing"),
        (
            query("SAMLResponse", &replaced(RESPONSE, "/sso/acme/", "/sso/other/"), None),
            "destination_mismatch",
        ),
    ] {
        let mut world = signed_in(&redirect);
        let seen = redirected(&mut world, &query);
        assert_eq!(refusal(&world, &seen), code);
    }
    let world = World::new();
    world.add("acme", &metadata(&redirect), Some(r#"{"allow_unsigned_logout":true}"#));
    let mut world = sign_in(world);
    let seen = redirected(&mut world, &parameters("SAMLRequest", &late, None));
    assert_eq!(refusal(&world, &seen), "logout_expired");
    let seen = redirected(&mut world, &parameters("SAMLRequest", REQUEST, None));
    assert!(answer_in(&seen).contains("status:Success"));
}
