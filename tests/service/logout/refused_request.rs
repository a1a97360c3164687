//! LogoutRequests that are refused: a passing one with one thing broken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::{IDP, Scenario};
use crate::fakes::Octets;
use crate::logout::message::{
    REQUEST, RESPONSE, asked, parameters, posted, query, redirected, refusal, replaced, sessions,
    signed, signed_in,
};
use crate::support::form::fields;
use crate::support::world::World;

#[test]
fn refuses_a_request_with_one_thing_broken() {
    for (from, to, code) in [
        (IDP, "https://other.example/metadata", "issuer_mismatch"),
        (
            "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
             https://idp.example/metadata</saml:Issuer>",
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
        "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">eve</saml:NameID>\
         <saml:NameID",
        1,
    );
    let moved = good.replacen("</samlp:LogoutRequest>", "", 1).replacen(
        "<samlp:LogoutRequest ",
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_evil\">\
         <samlp:LogoutRequest ",
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
