//! Single logout, from the IdP and back from it: one passing message, of which one thing is broken.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml_verify::internals::encoding::deflate;

use crate::common::sealing::{CBC_128, CBC_256, GCM_128, GCM_256, Sealing};
use crate::common::{
    IDP, METADATA, NOW, OTHER_KEY_PEM, SP_KEY_PEM, Scenario, public_key, sign_octets,
};
use crate::fakes::Octets;
use crate::world::{SESSION, Seen, World, answering, fields, form};

const COMPANION: &str = "__Host-saml_user";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const ENTRA: &str = "https://sts.windows.net/7c4e1f0a/";
pub(crate) const REQUEST: &str = r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="https://edge.example/sso/acme/slo" ID="_logout" IssueInstant="2026-11-24T09:59:30Z" NotOnOrAfter="2026-11-24T10:04:30Z" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml:Issuer><saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">ada@acme.example</saml:NameID><samlp:SessionIndex>_session</samlp:SessionIndex></samlp:LogoutRequest>"#;
/// What that request says of its user, in the canonical form.
pub(crate) const NAME_ID: &str = r#"<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">ada@acme.example</saml:NameID>"#;
const RESPONSE: &str = r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="https://edge.example/sso/acme/slo" ID="_answer" InResponseTo="_ours" IssueInstant="2026-11-24T09:59:30Z" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/metadata</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>"#;

/// The test IdP with endpoints for single logout.
pub(crate) fn metadata(endpoints: &str) -> String {
    METADATA.replace("<NameIDFormat>", &format!("{endpoints}<NameIDFormat>"))
}

pub(crate) fn endpoint(binding: &str, others: &str) -> String {
    format!(
        r#"<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}" Location="https://idp.example/slo"{others}/>"#
    )
}

/// Ada is signed in to `acme`, whose IdP has `endpoints`.
fn signed_in(endpoints: &str) -> World {
    let world = World::new();
    world.add("acme", &metadata(endpoints), None);
    sign_in(world)
}

fn sign_in(mut world: World) -> World {
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

pub(crate) fn parameters(parameter: &str, xml: &str, relay_state: Option<&str>) -> String {
    let message = STANDARD.encode(deflate(xml.as_bytes()));
    let state = relay_state.map(|state| ("RelayState", state));
    let all: Vec<_> = [(parameter, &*message)].into_iter().chain(state).collect();
    fields(&all)
}

pub(crate) fn query(parameter: &str, xml: &str, relay_state: Option<&str>) -> String {
    let signed = format!(
        "{}&{}",
        parameters(parameter, xml, relay_state),
        fields(&[("SigAlg", RSA_SHA256)])
    );
    let value = STANDARD.encode(sign_octets(signed.as_bytes()));
    format!("{signed}&{}", fields(&[("Signature", &value)]))
}

/// The browser as the IdP sends it here by a link or a redirect.
pub(crate) fn redirected(world: &mut World, query: &str) -> Seen {
    world.get(&format!("/sso/acme/slo?{query}"))
}

/// The same in a frame of the IdP, where none of our cookies come along.
fn framed(world: &mut World, query: &str) -> Seen {
    world.send("GET", &format!("/sso/acme/slo?{query}"), None, "", Octets::of(""))
}

fn asked(world: &mut World, xml: &str) -> Seen {
    redirected(world, &query("SAMLRequest", xml, None))
}

fn signed(xml: &str, id: &str, scenario: &Scenario) -> String {
    let issuer_end = "</saml:Issuer>";
    let signature = scenario.signature_over(xml, id);
    xml.replacen(issuer_end, &format!("{issuer_end}{signature}"), 1)
}

fn posted(world: &mut World, xml: &str) -> Seen {
    world.post_to("/sso/acme/slo", &fields(&[("SAMLRequest", &STANDARD.encode(xml))]))
}

pub(crate) fn sessions(world: &World) -> usize {
    world.ledger.sessions().len()
}

/// The code of a refusal that changed nothing.
fn refusal(world: &World, seen: &Seen) -> String {
    assert_eq!(seen.headers("set-cookie").count(), 0);
    assert_eq!(seen.header("location"), "");
    assert_eq!(sessions(world), 1, "{:?}", seen.log);
    assert!(seen.answer.body.contains("We could not sign you out"));
    assert_eq!(seen.logged("event"), "logout_refused");
    seen.logged("code")
}

/// The message in an address, which must be signed or not.
fn message(location: &str, parameter: &str) -> String {
    let (_, query) = location.split_once('?').expect("a query");
    let (name, value) = form_urlencoded::parse(query.as_bytes()).next().expect("a parameter");
    assert_eq!(name, parameter);
    saml_verify::internals::decode_message(&value).expect("a message")
}

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

/// `text` as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Who may frame the page that ends the logout where the IdP has an endpoint at `location`. Every other
/// directive must be ours.
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
fn with_key(binding: &str) -> World {
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
fn at_entra(settings: Option<&str>) -> World {
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

#[test]
fn refuses_a_request_with_one_thing_broken() {
    for (from, to, code) in [
        (IDP, "https://other.example/metadata", "issuer_mismatch"),
        (
            "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">https://idp.example/metadata</saml:Issuer>",
            "",
            "issuer_missing",
        ),
        ("/sso/acme/slo", "/sso/other/slo", "destination_mismatch"),
        (" Destination=\"https://edge.example/sso/acme/slo\"", "", "destination_missing"),
        (
            "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "NotOnOrAfter=\"2026-11-24T09:59:00Z\"",
            "logout_expired",
        ),
        (
            "IssueInstant=\"2026-11-24T09:59:30Z\" NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "IssueInstant=\"2026-11-24T09:49:00Z\"",
            "logout_expired",
        ),
        (
            "IssueInstant=\"2026-11-24T09:59:30Z\" NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "IssueInstant=\"2026-11-24T09:49:00Z\" NotOnOrAfter=\"2027-11-24T10:04:30Z\"",
            "logout_expired",
        ),
        (
            "IssueInstant=\"2026-11-24T09:59:30Z\"",
            "IssueInstant=\"2026-11-24T10:01:01Z\"",
            "issued_in_future",
        ),
        ("Version=\"2.0\"", "Version=\"1.1\"", "version_unsupported"),
        (">ada@acme.example<", "> <", "name_id_missing"),
        (
            "</samlp:SessionIndex>",
            "</samlp:SessionIndex><samlp:Other></samlp:Other>",
            "element_unexpected",
        ),
    ] {
        let mut world = signed_in("");
        let broken = replaced(REQUEST, from, to);
        let seen = asked(&mut world, &broken);
        assert_eq!(refusal(&world, &seen), code, "{to}");
        let seen = asked(&mut world, REQUEST);
        assert_eq!((seen.answer.status, sessions(&world)), (200, 0), "the whole one passes");
    }
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
fn refuses_other_documents_as_logout() {
    let mut world = signed_in("");
    let authn_request = REQUEST.replace("LogoutRequest", "AuthnRequest");
    for (parameter, xml) in [
        ("SAMLRequest", RESPONSE),
        ("SAMLResponse", REQUEST),
        ("SAMLRequest", &authn_request),
        ("SAMLResponse", &RESPONSE.replace("LogoutResponse", "Response")),
    ] {
        let seen = redirected(&mut world, &query(parameter, xml, None));
        assert_eq!(refusal(&world, &seen), "not_a_logout_message");
    }
}

#[test]
fn a_request_is_taken_once() {
    let mut world = signed_in("");
    let first = query("SAMLRequest", REQUEST, None);
    assert_eq!(redirected(&mut world, &first).answer.status, 200);
    let id = world.start("/");
    world.post("acme", &form(&crate::world::answering_with(&id, "_again")));
    let seen = redirected(&mut world, &first);
    assert_eq!(refusal(&world, &seen), "logout_replayed");
}

/// The end of its URI, escaped.
const RSA_SHA1: &str = "2000%2F09%2Fxmldsig%23rsa-sha1";

/// Rows F8, F9: the signature of a query.
#[test]
fn refuses_a_forged_query() {
    let good = query("SAMLRequest", REQUEST, Some("state"));
    let unsigned = parameters("SAMLRequest", REQUEST, None);
    let other = query("SAMLRequest", &replaced(REQUEST, ">_session<", ">_a<"), Some("state"));
    let (message, _) = other.split_once('&').expect("parameters");
    let (_, rest) = good.split_once('&').expect("parameters");
    for (query, code) in [
        (unsigned.clone(), "signature_missing"),
        (format!("{unsigned}&Signature=AAAA"), "signature_malformed"),
        (format!("{good}&SAMLEncoding=gzip"), "saml_encoding_unsupported"),
        (format!("{message}&{rest}"), "signature_invalid"),
        (good.replace("RelayState=state", "RelayState=other"), "signature_invalid"),
        (format!("{good}&{message}"), "parameter_repeated"),
        (format!("{good}&SAMLResponse=AAAA"), "message_ambiguous"),
        (String::new(), "message_absent"),
        (good.replace("rsa-sha256", "rsa-md5"), "signature_method_unsupported"),
        (good.replace("2001%2F04%2Fxmldsig-more%23rsa-sha256", RSA_SHA1), "sha1_refused"),
    ] {
        let mut world = signed_in("");
        let seen = redirected(&mut world, &query);
        assert_eq!(refusal(&world, &seen), code, "{query}");
        assert_eq!(redirected(&mut world, &good).answer.status, 200);
    }
}

/// Row H14: what is refused without it costs no reading of metadata.
#[test]
fn what_is_no_message_is_refused_before_the_account_is_read() {
    let mut world = World::new();
    world.store.broken.set(true);
    for (xml, code) in [
        ("<x/>", "not_a_logout_message"),
        ("<x", "xml_malformed"),
        (RESPONSE, "not_a_logout_message"),
        (REQUEST, "store_unreachable"),
    ] {
        let seen = posted(&mut world, xml);
        assert_eq!((seen.answer.status == 503, seen.logged("code")), (xml == REQUEST, code.into()));
    }
    for (query, code) in [
        ("", "message_absent"),
        ("SAMLRequest=a&SAMLResponse=a", "message_ambiguous"),
        ("SAMLRequest=a", "store_unreachable"),
    ] {
        assert_eq!(redirected(&mut world, query).logged("code"), code);
    }
}

/// Row F8: an enveloped signature, by the verifier of Responses.
#[test]
fn refuses_a_forged_document() {
    let scenario = Scenario::valid();
    let good = signed(REQUEST, "_logout", &scenario);
    let wrapped = good.replacen(
        "<saml:NameID",
        "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">eve</saml:NameID><saml:NameID",
        1,
    );
    let moved = good.replacen("</samlp:LogoutRequest>", "", 1).replacen(
        "<samlp:LogoutRequest ",
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_evil\"><samlp:LogoutRequest ",
        1,
    ) + "</samlp:LogoutRequest></samlp:LogoutRequest>";
    for (xml, code) in [
        (REQUEST.to_owned(), "signature_missing"),
        (replaced(&good, "ada@acme.example", "eve@acme.example"), "digest_mismatch"),
        (wrapped, "digest_mismatch"),
        (moved, "signature_misplaced"),
        (signed(REQUEST, "_other", &scenario), "reference_not_parent"),
        (
            signed(REQUEST, "_logout", &Scenario::valid().signed_by_another_key()),
            "signature_invalid",
        ),
        (signed(REQUEST, "_logout", &Scenario::valid().with_sha1()), "sha1_refused"),
        ("<x/>".to_owned(), "not_a_logout_message"),
    ] {
        let mut world = signed_in("");
        let seen = posted(&mut world, &xml);
        assert_eq!(refusal(&world, &seen), code, "{xml}");
        assert_eq!(posted(&mut world, &good).answer.status, 200);
    }
}

#[test]
fn refuses_forms_that_could_be_read_in_two_ways() {
    let good = STANDARD.encode(signed(REQUEST, "_logout", &Scenario::valid()));
    let state = ("RelayState", "a");
    for (form, code) in [
        (fields(&[("SAMLRequest", &good), ("SAMLRequest", &good)]), "parameter_repeated"),
        (fields(&[("SAMLRequest", &good), state, state]), "parameter_repeated"),
        (fields(&[("SAMLRequest", &good), ("SAMLResponse", &good)]), "message_ambiguous"),
        (fields(&[state]), "message_absent"),
        (fields(&[("SAMLRequest", "?")]), "base64_malformed"),
        (fields(&[("SAMLRequest", "//8=")]), "not_utf8"),
        ("a&".repeat(40) + &fields(&[("SAMLRequest", &good)]), "form_field_count"),
    ] {
        let mut world = signed_in("");
        let seen = world.post_to("/sso/acme/slo", &form);
        assert_eq!(refusal(&world, &seen), code);
    }
    let mut world = signed_in("");
    let seen = world.send("POST", "/sso/acme/slo", Some("text/xml"), "", Octets::of(&good));
    assert_eq!(refusal(&world, &seen), "form_malformed");
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
fn another_idp_hears_nothing_of_it() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    let other = metadata(&endpoint("HTTP-Redirect", "")).replace(IDP, "urn:other");
    world.add("acme", &other, None);
    let seen = world.submit("/sso/logout", &[]);
    assert_eq!(seen.header("location"), "/sso/logout");
}

#[test]
fn what_was_sealed_under_older_keys_is_still_known() {
    let mut world = signed_in(&endpoint("HTTP-Redirect", ""));
    let keys = [crate::world::secret(7), crate::world::secret(1)].join(",");
    world.config = crate::world::config_with(&[("SESSION_KEYS", &keys)]);
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
fn answer_in(seen: &Seen) -> String {
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

/// `request` with `plain` encrypted in the place of its NameID.
pub(crate) fn sealed(request: &str, plain: &str, sealing: &Sealing) -> String {
    let namespace = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let element = sealing.seal("EncryptedID", plain);
    assert!(element.starts_with(&format!("<saml:EncryptedID{namespace}")), "{element}");
    replaced(request, NAME_ID, &element)
}

pub(crate) fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

/// A Shibboleth IdP encrypts the NameID as soon as our metadata has a key for it.
#[test]
fn an_encrypted_name_is_decrypted() {
    for data in [GCM_128, GCM_256, CBC_128] {
        let request = sealed(REQUEST, NAME_ID, &Sealing { data, ..sealing() });
        let mut world = with_key("HTTP-Redirect");
        let seen = framed(&mut world, &query("SAMLRequest", &request, None));
        assert_eq!((&*seen.logged("event"), sessions(&world)), ("logout_asked", 0), "{data}");
        assert!(answer_in(&seen).contains("status:Success"));
        let mut world = with_key("HTTP-POST");
        let seen = posted(&mut world, &signed(&request, "_logout", &Scenario::valid()));
        assert_eq!((&*seen.logged("event"), sessions(&world)), ("logout_asked", 0), "{data}");
        assert!(!world.jar.contains_key(SESSION));
    }
}

/// Row E2: the IdP of any account can sign around what was encrypted for another one.
#[test]
fn an_encrypted_name_that_is_nobodys_has_one_answer() {
    let cbc = || Sealing { data: CBC_256, ..sealing() };
    let eve = replaced(NAME_ID, "ada@", "eve@");
    let good = sealed(REQUEST, NAME_ID, &sealing());
    let other_key = Sealing::to(&public_key(OTHER_KEY_PEM));
    let cases = [
        ("name_id_unknown", sealed(REQUEST, &eve, &sealing())),
        ("name_id_unknown", sealed(REQUEST, &eve, &cbc())),
        ("name_id_missing", sealed(REQUEST, &replaced(NAME_ID, "ada@acme.example", ""), &cbc())),
        ("decryption_failed", sealed(REQUEST, NAME_ID, &other_key)),
        ("decryption_failed", sealed(REQUEST, "no XML", &cbc())),
        ("decryption_failed", sealed(REQUEST, "<a/>", &sealing())),
        ("name_id_unknown", replaced(&good, ">_session<", ">_other<")),
    ];
    for endpoints in [endpoint("HTTP-Redirect", ""), String::new()] {
        let mut told = BTreeSet::new();
        for (code, request) in &cases {
            let world = World::with_sp_key("{}");
            world.add("acme", &metadata(&endpoints), None);
            let mut world = sign_in(world);
            for broken in [false, true] {
                world.ledger.broken.set(broken);
                let seen = redirected(&mut world, &query("SAMLRequest", request, None));
                assert_eq!((sessions(&world), seen.headers("set-cookie").count()), (1, 0));
                if !broken {
                    assert_eq!(&seen.logged("code"), code);
                }
                told.insert(told_by(&seen));
            }
            world.ledger.broken.set(false);
            // What was decrypted was used up.
            let later = replaced(REQUEST, "\"_logout\"", "\"_later\"");
            assert_eq!(asked(&mut world, &later).logged("event"), "logout_asked");
        }
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

/// All of an answer that could differ, but what is new in every one.
pub(crate) fn told_by(seen: &Seen) -> String {
    let body = seen.answer.body.replace(&seen.logged("reference"), "");
    if seen.header("location").is_empty() {
        return format!("{} {body}", seen.answer.status);
    }
    let xml = answer_in(seen);
    let id = xml.split(" ID=\"").nth(1).and_then(|it| it.split('"').next()).expect("an ID");
    format!("{} {body} {}", seen.answer.status, xml.replace(id, ""))
}

/// Row E2: nothing is decrypted for strangers, nor before everything else has held.
#[test]
fn nothing_is_decrypted_before_the_rest_holds() {
    let good = sealed(REQUEST, NAME_ID, &sealing());
    let late = replaced(&good, "10:04:30Z", "09:58:00Z");
    let unsigned = parameters("SAMLRequest", &good, None);
    let settings = Some(r#"{"allow_unsigned_logout":true}"#);
    let world = |settings| {
        let world = World::with_sp_key("{}");
        world.add("acme", &metadata(""), settings);
        sign_in(world)
    };
    for (settings, query, code) in [
        (None, unsigned.clone(), "signature_missing"),
        (settings, unsigned, "name_id_encrypted"),
        (None, query("SAMLRequest", &late, None), "logout_expired"),
        (
            None,
            query("SAMLRequest", &good, Some("a")).replace("RelayState=a", "RelayState=b"),
            "signature_invalid",
        ),
    ] {
        let mut world = world(settings);
        let seen = redirected(&mut world, &query);
        assert_eq!(refusal(&world, &seen), code);
    }
    // Without a key there is nothing to decrypt with.
    let mut keyless = signed_in("");
    let seen = asked(&mut keyless, &good);
    assert_eq!(refusal(&keyless, &seen), "name_id_encrypted");
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
            "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>",
            "",
            "element_missing",
        ),
    ] {
        let seen =
            redirected(&mut world, &query("SAMLResponse", &replaced(RESPONSE, from, to), None));
        assert_eq!(refusal(&world, &seen), code);
    }
}
