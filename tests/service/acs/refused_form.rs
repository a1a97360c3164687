//! Posts that are not the form of a response.

use saml_edge::encoding::base64_encode;
use saml_verify::limits::FORM_OCTETS;

use crate::acs::refusals::FORM;
use crate::common::Scenario;
use crate::fakes::Octets;
use crate::support::form::{answering, fields, form};
use crate::support::world::World;

// The form.

fn refuses_form(code: &str, status: u16, content_type: Option<&str>, body: Octets) {
    let mut world = World::new();
    let seen = world.post_body("acme", content_type, body);
    assert_eq!(seen.refusal(), code);
    assert_eq!(seen.answer.status, status);
}

#[test]
fn a_body_that_is_no_form() {
    for content_type in [None, Some("application/xml"), Some("multipart/form-data; boundary=a")] {
        refuses_form("form_malformed", 400, content_type, Octets::of("SAMLResponse=AAAA"));
    }
}

#[test]
fn a_form_without_a_response() {
    refuses_form("response_absent", 400, FORM, Octets::of("RelayState=%2F"));
    refuses_form("response_absent", 400, FORM, Octets::of(""));
}

#[test]
fn a_form_with_two_responses() {
    let body = fields(&[("SAMLResponse", "AAAA"), ("SAMLResponse", "AAAA")]);
    refuses_form("response_repeated", 400, FORM, Octets::of(&body));
}

#[test]
fn a_form_with_two_relay_states() {
    let body = fields(&[("SAMLResponse", "AAAA"), ("RelayState", ""), ("RelayState", "/")]);
    refuses_form("relay_state_repeated", 400, FORM, Octets::of(&body));
}

#[test]
fn a_response_that_is_no_base64() {
    refuses_form("base64_malformed", 400, FORM, Octets::of("SAMLResponse=%3Cxml%3E"));
}

/// UTF-16 and a lone octet of a longer sequence: one reader's text is not another's (row B8).
#[test]
fn a_response_that_is_no_utf8() {
    for octets in [&b"\xff\xfe<\0a\0/\0>\0"[..], b"<a>\xc3</a>"] {
        let form = format!("SAMLResponse={}", base64_encode(octets).replace('+', "%2B"));
        refuses_form("not_utf8", 400, FORM, Octets::of(&form));
    }
}

/// Row H8: toolkits inflate what is posted, and a bomb with it. Bindings §3.5 has nothing deflated
/// here: it is octets that are no text.
#[test]
fn a_response_that_is_deflated() {
    let message = Scenario::valid().xml().into_bytes();
    for octets in [message, vec![b' '; 64 * 1024 * 1024]] {
        let deflated = miniz_oxide::deflate::compress_to_vec(&octets, 6);
        let form = format!("SAMLResponse={}", base64_encode(&deflated).replace('+', "%2B"));
        assert!(form.len() < FORM_OCTETS, "a bomb is small");
        refuses_form("not_utf8", 400, FORM, Octets::of(&form));
    }
}

#[test]
fn a_body_that_is_declared_too_long() {
    let declared = u64::try_from(FORM_OCTETS + 1).ok();
    let body = Octets { declared, ..Octets::of("SAMLResponse=AAAA") };
    refuses_form("message_too_large", 413, FORM, body);
}

#[test]
fn a_body_that_is_longer_than_it_says() {
    let body = Octets { declared: Some(10), ..Octets::of(&"A".repeat(FORM_OCTETS + 1)) };
    refuses_form("message_too_large", 413, FORM, body);
}

#[test]
fn a_body_without_an_end() {
    let body = Octets::of(&"A".repeat(5_000_000));
    refuses_form("message_too_large", 413, FORM, body);
}

#[test]
fn a_body_that_breaks_off() {
    let mut world = World::new();
    let id = world.start("/");
    let body = Octets { breaks: true, ..Octets::of(&form(&answering(&id))) };
    let seen = world.post_body("acme", FORM, body);
    assert_eq!(seen.refusal(), "body_unreadable");
    assert_eq!(seen.answer.status, 400);
}
