//! What stands in the ciphertext, and the namespaces around it (row E4).

use super::{outcome, sealing};
use crate::common::{SP_KEY_PEM, Scenario, Signed};
use crate::opening::open;

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
    // Signed itself, in a Response without a signature.
    let message = scenario.xml();
    let (_, assertion) = message.split_once("<saml:Assertion ").expect("an assertion");
    let (assertion, _) = assertion.split_once("</samlp:Response>").expect("the end");
    let plain = format!("<saml:Assertion xmlns=\"\" {assertion}");
    let within = scenario.sealed_text(sealing(), &plain);
    assert_eq!(roles(&within), Ok(vec!["developer".to_owned()]));
}
