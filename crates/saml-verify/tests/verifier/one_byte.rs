//! Any one byte of a signed response changed or removed: the response is refused, or says the very
//! same.

use crate::common::said::inspect;
use crate::common::{NOW, Scenario, Signed, expected};
use saml_verify::dsig::Sha1;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};
use saml_verify::time::UnixTime;

/// What a byte becomes: its neighbour, the other case, and what means most to a parser.
fn replacements(byte: u8) -> impl Iterator<Item = u8> {
    let others = [byte ^ 1, byte ^ 0x20, b'<', b'"'];
    others.into_iter().filter(move |other| *other != byte)
}

/// Asserts it of every change to `message`; returns how many were refused and how many accepted.
fn change_every_byte(message: &str, expected: &Expected<'_>, now: UnixTime) -> (usize, usize) {
    let original = inspect(message, expected, now).expect("accepted");
    let (mut refused, mut accepted) = (0, 0);
    let mut judge = |octets: &[u8], at: usize| {
        // What is not UTF-8 is refused where the form is read.
        let outcome = str::from_utf8(octets).ok().and_then(|it| inspect(it, expected, now).ok());
        match outcome {
            Some(said) => {
                let changed = String::from_utf8_lossy(octets);
                assert_eq!(said, original, "octet {at} of {changed}");
                accepted += 1;
            }
            None => refused += 1,
        }
    };
    let mut octets = message.as_bytes().to_vec();
    for at in 0..octets.len() {
        let byte = *octets.get(at).expect("within");
        for other in replacements(byte) {
            *octets.get_mut(at).expect("within") = other;
            judge(&octets, at);
        }
        octets.remove(at);
        judge(&octets, at);
        octets.insert(at, byte);
    }
    (refused, accepted)
}

#[test]
fn no_byte_around_a_signed_assertion_changes_what_it_says() {
    let message = Scenario::valid().signed(Signed::Assertion).xml();
    let (refused, accepted) = change_every_byte(&message, &expected(), NOW);
    assert!(
        refused > 10_000 && accepted > 0,
        "{refused} changes refused, {accepted} without effect"
    );
}

#[test]
fn no_byte_of_a_signed_response_is_without_effect() {
    let message = Scenario::valid().signed(Signed::Response).xml();
    let (refused, accepted) = change_every_byte(&message, &expected(), NOW);
    assert!(
        refused > 10_000 && accepted == 0,
        "{refused} changes refused, {accepted} without effect"
    );
}

/// Signed by xmlsec1, with white space between the elements and a KeyInfo, which is not read.
#[test]
fn no_byte_of_a_foreign_response_changes_what_it_says() {
    let metadata = include_str!("../../../../tests/vectors/xmlsec1/idp-rsa2048.metadata.xml");
    let expected = Expected {
        entity_id: "https://edge.example/sso/acme/metadata",
        acs_url: "https://edge.example/sso/acme/acs",
        idp: &IdpMetadata::parse(metadata).expect("usable metadata"),
        requests: Requests::Any,
        skew: Skew::default(),
        sha1: Sha1::Refused,
        nameless: false,
    };
    let message = include_str!("../../../../tests/vectors/xmlsec1/assertion.xml");
    let now = UnixTime::parse("2026-11-24T10:00:30Z").expect("a time");
    let (refused, accepted) = change_every_byte(message, &expected, now);
    assert!(
        refused > 10_000 && accepted > 0,
        "{refused} changes refused, {accepted} without effect"
    );
}
