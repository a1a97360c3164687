//! EncryptedAssertion and EncryptedID (rows E1–E5): the same rules behind the same door.

use crate::common::sealing::{
    CBC_128, CBC_192, CBC_256, GCM_128, GCM_192, GCM_256, MGF1P, OAEP, Sealing,
};
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
fn opens_every_key_transport_whose_digests_agree() {
    for (transport, digest, mgf) in [
        (MGF1P, "", ""),
        (MGF1P, "sha1", ""),
        (OAEP, "", ""),
        (OAEP, "sha1", "sha1"),
        (OAEP, "sha256", "sha256"),
        (OAEP, "sha384", "sha384"),
        (OAEP, "sha512", "sha512"),
    ] {
        let scenario = sealed(Sealing { transport, digest, mgf, ..sealing() });
        assert_eq!(outcome(&scenario), "accepted", "{transport} {digest} {mgf}");
    }
}

/// Row E5.
#[test]
fn refuses_key_transports_whose_digests_differ() {
    for (transport, digest, mgf) in [
        (MGF1P, "sha256", ""),
        (OAEP, "sha256", ""),
        (OAEP, "sha256", "sha1"),
        (OAEP, "", "sha256"),
    ] {
        let scenario = sealed(Sealing { transport, digest, mgf, ..sealing() });
        assert_eq!(outcome(&scenario), "oaep_digests_differ", "{transport} {digest} {mgf}");
    }
}

/// Row E2.
#[test]
fn refuses_other_key_transports() {
    for transport in [
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        "http://www.w3.org/2001/04/xmlenc#kw-aes256",
        "",
    ] {
        let scenario = sealed(Sealing { transport, ..sealing() });
        assert_eq!(outcome(&scenario), "key_transport_unsupported", "{transport}");
    }
    // MGF has no place in the older transport, and other hashes have none at all.
    let scenario = sealed(Sealing { mgf: "sha1", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let scenario = sealed(Sealing { transport: OAEP, digest: "sha224", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let scenario = sealed(Sealing { transport: OAEP, mgf: "sha224", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let label = "<xenc:OAEPparams>AAAA</xenc:OAEPparams></xenc:EncryptionMethod><xenc:CipherData>";
    let label = sealed(sealing()).in_message("</xenc:EncryptionMethod><xenc:CipherData>", label);
    assert_eq!(outcome(&label), "key_transport_unsupported");
}

#[test]
fn refuses_other_data_encryption() {
    for data in ["http://www.w3.org/2001/04/xmlenc#tripledes-cbc", "urn:other"] {
        let scenario = sealed(Sealing { data, ..sealing() });
        assert_eq!(outcome(&scenario), "data_encryption_unsupported", "{data}");
    }
}

/// Row E2: guesses at a CBC plaintext are answered by nobody but the IdP's own signature.
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

#[test]
fn reads_the_keys_of_every_recipient_wherever_they_stand() {
    let (us, other) = (public_key(SP_KEY_PEM), public_key(OTHER_KEY_PEM));
    for beside in [false, true] {
        for recipients in [vec![us.clone(), other.clone()], vec![other.clone(), us.clone()]] {
            for signed in [Signed::Assertion, Signed::Response] {
                let sealing = Sealing { recipients: recipients.clone(), beside, ..sealing() };
                assert_eq!(outcome(&sealed(sealing).signed(signed)), "accepted");
            }
        }
    }
}

/// `accept` is for a service without private keys.
#[test]
fn accept_refuses_what_is_encrypted() {
    assert_eq!(sealed(sealing()).code(), "assertion_encrypted");
}

/// Row E3.
#[test]
fn refuses_more_than_four_recipients_and_fewer_than_one() {
    let of = |count| {
        let recipients = vec![public_key(SP_KEY_PEM); count];
        outcome(&sealed(Sealing { recipients, ..sealing() }))
    };
    assert_eq!(of(4), "accepted");
    assert_eq!(of(5), "encrypted_key_count");
    assert_eq!(of(0), "encrypted_key_count");
}

/// Row E2: one code, whatever went wrong.
#[test]
fn says_nothing_about_why_decryption_failed() {
    let scenario = sealed(sealing());
    // Encrypted to somebody else.
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

/// The Assertion of a passing login, as it is encrypted.
fn plaintext(scenario: &Scenario) -> String {
    let message = scenario.xml();
    let (_, rest) = message.split_once("<saml:Assertion ").expect("starts");
    let (inside, _) = rest.split_once("</saml:Assertion>").expect("ends");
    format!("<saml:Assertion {inside}</saml:Assertion>")
}

/// Row E4: some IdPs encrypt a whole document.
#[test]
fn the_plaintext_may_begin_as_a_document_does() {
    let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let old = declared.replace("1.0", "1.1");
    let [wide, latin] = ["UTF-16", "ISO-8859-1"].map(|it| declared.replace("UTF-8", it));
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let inner = if signed == Signed::Response { Signed::Nothing } else { Signed::Assertion };
        let plain = plaintext(&Scenario::valid().signed(inner));
        let outcome = |start: &str| {
            let scenario = Scenario::valid().signed(signed);
            outcome(&scenario.sealed_text(sealing(), &format!("{start}{plain}")))
        };
        for start in [
            String::new(),
            declared.to_owned(),
            "\u{feff}".to_owned(),
            format!("\u{feff}{declared}\r\n"),
            format!("{declared}\n"),
            "<?xml version='1.0' standalone='yes'?>".to_owned(),
        ] {
            assert_eq!(outcome(&start), "accepted", "{start}");
        }
        for start in [
            declared.repeat(2),
            format!(" {declared}"),
            format!("{declared}\u{feff}"),
            "\u{feff}\u{feff}".to_owned(),
            format!("{declared}<!DOCTYPE x>"),
            "<!DOCTYPE x>".to_owned(),
            format!("{declared}<!-- -->"),
            format!("{declared}</scope><scope>"),
            "<?xml version='1.0'".to_owned(),
            old.clone(),
            wide.clone(),
            latin.clone(),
        ] {
            assert_eq!(outcome(&start), "decryption_failed", "{start}");
        }
    }
}

#[test]
fn refuses_other_shapes_of_encryption() {
    let scenario = sealed(sealing());
    for (from, to) in [
        (
            "<xenc:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"></xenc:EncryptionMethod>",
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

/// Row E4: the prefixes of the plaintext may be declared around the ciphertext.
#[test]
fn reads_the_plaintext_where_its_prefixes_are_declared() {
    let scenario = Scenario::valid().sealed(sealing()).without_own_namespace();
    assert_eq!(outcome(&scenario), "accepted");
}

/// Row E4: XML Encryption puts the plaintext where its ciphertext was, as it is. C14N leaves
/// `xmlns=""` out of an apex, and what is around it would name elements that have no namespace.
#[test]
fn a_plaintext_without_a_default_namespace_gets_none() {
    const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    let end = "</saml:AttributeStatement>";
    let foreign = "<Attribute Name=\"role\"><AttributeValue>admin</AttributeValue></Attribute>";
    let roles = |scenario: &Scenario| {
        let said = open(&scenario.xml(), &[SP_KEY_PEM]);
        said.map(|it| it.attributes.values("role").to_owned())
    };
    let scenario = Scenario::valid()
        .in_response("<samlp:Response ", &format!("<samlp:Response xmlns=\"{SAML}\" "))
        .in_assertion(end, &format!("{foreign}{end}"));
    // Signed around the ciphertext, with a C14N that keeps the default namespace.
    let canonical = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">";
    let inclusive = "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">";
    let around = scenario
        .clone()
        .in_assertion("<saml:Assertion ", "<saml:Assertion xmlns=\"\" ")
        .in_signed_info(canonical, inclusive)
        .signed(Signed::Response);
    assert_eq!(roles(&around.clone().sealed(sealing())), Ok(vec!["developer".to_owned()]));
    assert_eq!(roles(&around), Ok(vec!["developer".to_owned()]));
    // Signed itself, and put into a Response that nobody signed.
    let message = scenario.xml();
    let (_, assertion) = message.split_once("<saml:Assertion ").expect("an assertion");
    let (assertion, _) = assertion.split_once("</samlp:Response>").expect("the end");
    let plain = format!("<saml:Assertion xmlns=\"\" {assertion}");
    let within = scenario.sealed_text(sealing(), &plain);
    assert_eq!(roles(&within), Ok(vec!["developer".to_owned()]));
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
