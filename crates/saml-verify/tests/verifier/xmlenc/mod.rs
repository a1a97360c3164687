//! EncryptedAssertion and EncryptedID (rows E1–E5): the rules of a plain assertion hold for a
//! decrypted one.

mod key_transport;
mod plaintext;

use crate::common::sealing::{CBC_128, CBC_192, CBC_256, GCM_128, GCM_192, GCM_256, Sealing};
use crate::common::{OTHER_KEY_PEM, SP_KEY_PEM, Scenario, Signed, code, public_key};
use crate::opening::open;

fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

fn outcome(scenario: &Scenario) -> &'static str {
    code(&open(&scenario.xml(), &[SP_KEY_PEM]))
}

/// An assertion that is signed and then encrypted.
fn sealed(sealing: Sealing) -> Scenario {
    Scenario::valid().sealed(sealing)
}

#[test]
fn opens_what_is_encrypted_to_us() {
    for data in [GCM_128, GCM_192, GCM_256] {
        for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
            let scenario = sealed(Sealing { data, ..sealing() }).signed(signed);
            let said = open(&scenario.xml(), &[SP_KEY_PEM]).expect("accepted");
            assert_eq!(said.name(), Some("ada@acme.example"));
            assert_eq!(said.attributes.values("role"), ["developer"]);
        }
    }
}

#[test]
fn refuses_other_data_encryption() {
    for data in ["http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "urn:other"] {
        let scenario = sealed(Sealing { data, ..sealing() });
        assert_eq!(outcome(&scenario), "data_encryption_unsupported", "{data}");
    }
}

/// Row E2: without a signature around it, the answer would tell guesses at a CBC plaintext.
#[test]
fn takes_cbc_only_inside_a_signed_response() {
    for data in [CBC_128, CBC_192, CBC_256] {
        let scenario = sealed(Sealing { data, ..sealing() });
        assert_eq!(outcome(&scenario), "cbc_without_signature");
        assert_eq!(outcome(&scenario.clone().signed(Signed::Response)), "accepted");
        assert_eq!(outcome(&scenario.clone().signed(Signed::Both)), "accepted");
        // A signature that does not hold is none.
        let scenario = scenario
            .signed(Signed::Both)
            .in_message("<xenc:CipherValue>BQUF", "<xenc:CipherValue>BQUG");
        assert_eq!(outcome(&scenario), "digest_mismatch");
    }
}

/// Row E1: encrypting proves nothing.
#[test]
fn refuses_an_encrypted_assertion_that_nobody_signed() {
    let scenario = sealed(sealing()).signed(Signed::Nothing);
    assert_eq!(outcome(&scenario), "signature_missing");
}

#[test]
fn holds_every_rule_behind_encryption() {
    let scenario = sealed(sealing());
    for (from, to, refusal) in [
        ("https://edge.example/sso/acme/metadata", "https://other.example", "audience_mismatch"),
        (
            "Recipient=\"https://edge.example/sso/acme/acs\"",
            "Recipient=\"https://other.example\"",
            "recipient_mismatch",
        ),
        (
            "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "NotOnOrAfter=\"2026-11-24T09:04:30Z\"",
            "confirmation_expired",
        ),
        ("InResponseTo=\"_request\"", "InResponseTo=\"_other\"", "in_response_to_unknown"),
        (
            "<saml:Issuer>https://idp.example/metadata",
            "<saml:Issuer>https://idp.example/other",
            "issuer_mismatch",
        ),
    ] {
        for signed in [Signed::Assertion, Signed::Response] {
            let scenario = scenario.clone().signed(signed).in_assertion(from, to);
            assert_eq!(outcome(&scenario), refusal);
        }
    }
    assert_eq!(outcome(&scenario.clone().signed_by_another_key()), "signature_invalid");
}

/// Row E1: a plain assertion beside an encrypted one, in either order.
#[test]
fn refuses_plain_and_encrypted_together() {
    let plain = Scenario::valid().xml();
    let sealed = sealed(sealing()).xml();
    let cut = |message: &str, name: &str| {
        let (_, rest) = message.split_once(&format!("<saml:{name} ")).expect("starts");
        let (inside, _) = rest.split_once(&format!("</saml:{name}>")).expect("ends");
        format!("<saml:{name} {inside}</saml:{name}>")
    };
    let both = [cut(&plain, "Assertion"), cut(&sealed, "EncryptedAssertion")];
    for pair in [both.concat(), [both[1].clone(), both[0].clone()].concat(), both[1].repeat(2)] {
        let message = plain.replace(&both[0], &pair);
        assert_eq!(code(&open(&message, &[SP_KEY_PEM])), "assertion_count");
    }
}

/// `accept` is for a service without private keys.
#[test]
fn accept_refuses_what_is_encrypted() {
    assert_eq!(sealed(sealing()).code(), "assertion_encrypted");
}

/// Row E2: one code, whatever went wrong.
#[test]
fn says_nothing_about_why_decryption_failed() {
    let scenario = sealed(sealing());
    // Encrypted for another recipient.
    assert_eq!(code(&open(&scenario.xml(), &[OTHER_KEY_PEM])), "decryption_failed");
    // A changed ciphertext, too short a one, and none.
    let cipher = "<xenc:CipherValue>CQkJ";
    assert_eq!(
        outcome(&scenario.clone().in_message(cipher, "<xenc:CipherValue>CQkK")),
        "decryption_failed"
    );
    // A content key of another size than the algorithm's.
    let other = scenario.clone().in_message("#aes256-gcm", "#aes128-gcm");
    assert_eq!(outcome(&other), "decryption_failed");
    // What comes out is no XML, or no assertion that could be in this place.
    for plain in [
        "",
        "text",
        "<saml:Assertion",
        "<saml:Assertion/><saml:Assertion/>",
        "<saml:Assertion><!-- --></saml:Assertion>",
        "<Assertion/>",
        "</saml:EncryptedAssertion>",
        "</scope><scope>",
    ] {
        let scenario = Scenario::valid().sealed_text(sealing(), plain);
        let code = outcome(&scenario);
        assert!(
            matches!(code, "decryption_failed" | "text_unexpected" | "assertion_count"),
            "{plain}: {code}"
        );
    }
    let nested = sealed(sealing()).xml();
    let (_, rest) = nested.split_once("<saml:EncryptedAssertion ").expect("starts");
    let (inside, _) = rest.split_once("</saml:EncryptedAssertion>").expect("ends");
    let twice = format!("<saml:EncryptedAssertion {inside}</saml:EncryptedAssertion>");
    for signed in [Signed::Assertion, Signed::Response] {
        let scenario = Scenario::valid().signed(signed).sealed_text(sealing(), &twice);
        assert_eq!(outcome(&scenario), "decryption_failed");
    }
}

#[test]
fn refuses_other_shapes_of_encryption() {
    let scenario = sealed(sealing());
    for (from, to) in [
        (
            "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\">\
            </xenc:EncryptionMethod>",
            "",
        ),
        (
            "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
            "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><x/>",
        ),
        ("</saml:EncryptedAssertion>", "<x/></saml:EncryptedAssertion>"),
        (
            "<xenc:CipherValue>CQkJ",
            "<xenc:CipherReference URI=\"https://other.example\"/><xenc:CipherValue>CQkJ",
        ),
        ("<xenc:CipherValue>CQkJ", "<xenc:CipherValue>?CQkJ"),
        (" Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"", ""),
    ] {
        assert_eq!(outcome(&scenario.clone().in_message(from, to)), "encryption_malformed", "{to}");
    }
}

#[test]
fn opens_an_encrypted_name() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let scenario = Scenario::valid().signed(signed).sealed_name(sealing());
        let said = open(&scenario.xml(), &[SP_KEY_PEM]).expect("accepted");
        assert_eq!(said.name(), Some("ada@acme.example"));
        // CBC too: an EncryptedID is looked at only once a signature holds over it.
        let cbc = Sealing { data: CBC_256, ..sealing() };
        assert_eq!(outcome(&Scenario::valid().signed(signed).sealed_name(cbc.clone())), "accepted");
        // And inside an encrypted assertion.
        let both = Scenario::valid().signed(signed).sealed_name(cbc).sealed(sealing());
        assert_eq!(outcome(&both), "accepted");
    }
    let scenario = Scenario::valid().sealed_name(sealing());
    assert_eq!(scenario.code(), "assertion_encrypted");
    assert_eq!(code(&open(&scenario.xml(), &[OTHER_KEY_PEM])), "decryption_failed");
}
