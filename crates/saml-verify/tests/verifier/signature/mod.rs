//! XML-DSig: authentic or not, and of the one shape that is read at all.

mod algorithms;

use crate::common::said::inspect;
use crate::common::{NOW, OTHER_CERTIFICATE, Scenario, Signed, code, expected};

const BOTH_WAYS: [Signed; 2] = [Signed::Assertion, Signed::Response];

#[test]
fn refuses_what_nobody_signed() {
    assert_eq!(Scenario::valid().signed(Signed::Nothing).code(), "signature_missing");
}

#[test]
fn refuses_any_changed_content() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let scenario = Scenario::valid().signed(signed);
        let changed = scenario.clone().in_message("ada@acme.example", "eve@acme.example");
        assert_eq!(changed.code(), "digest_mismatch");
        let changed = scenario.in_message(">developer<", ">account_administrator<");
        assert_eq!(changed.code(), "digest_mismatch");
    }
}

#[test]
fn a_signature_that_fails_is_not_outweighed_by_one_that_holds() {
    let scenario = Scenario::valid().signed(Signed::Both);
    assert_eq!(scenario.code(), "accepted");
    // Outside of the Assertion: its own signature still holds.
    let changed = scenario.in_message("ID=\"_response\"", "ID=\"_Response\"");
    assert_eq!(changed.code(), "reference_not_parent");
}

#[test]
fn refuses_changed_signed_info() {
    let scenario = Scenario::valid().in_message("2001/04/xmlenc#sha256", "2001/04/xmlenc#sha512");
    assert_eq!(scenario.code(), "signature_invalid");
}

/// Row D1.
#[test]
fn refuses_a_key_from_key_info() {
    let key_info = format!(
        "</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{OTHER_CERTIFICATE}\
        </ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    );
    let scenario = Scenario::valid().in_signature("</ds:SignatureValue>", &key_info);
    assert_eq!(scenario.code(), "accepted");
    assert_eq!(scenario.signed_by_another_key().code(), "signature_invalid");
}

#[test]
fn refuses_signature_values_of_another_length() {
    for value in ["", "AAAA", "{value}{value}", "AA{value}"] {
        let scenario = Scenario::valid().in_signature("{value}", value);
        let code = scenario.code();
        assert!(matches!(code, "signature_invalid" | "signature_malformed"), "{value}: {code}");
    }
    assert_eq!(Scenario::valid().in_signature("{value}", "").code(), "signature_invalid");
    assert_eq!(Scenario::valid().in_signature("{value}", "?").code(), "signature_malformed");
}

/// Row C9: the digests are equal in length and octets, or the element was changed. The signature
/// over each of these SignedInfos holds.
#[test]
fn refuses_digests_that_are_only_alike() {
    for value in ["", "AAAA", "MA==", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] {
        let scenario = Scenario::valid().in_signed_info("{digest}", value);
        assert_eq!(scenario.code(), "digest_mismatch", "{value}");
    }
    // More octets than the digest has.
    let longer = Scenario::valid().in_signed_info("{digest}", "AAAA{digest}");
    assert_eq!(longer.code(), "digest_mismatch");
}

/// Row A6.
#[test]
fn refuses_any_number_of_references_but_one() {
    let text = Scenario::valid();
    let start = "<ds:Reference URI=\"#{id}\">";
    let none = text.clone().in_signed_info(start, "<ds:Object>");
    let none = none.in_signed_info("</ds:Reference>", "</ds:Object>");
    assert_eq!(none.code(), "reference_count");
    let second = "</ds:Reference><ds:Reference URI=\"#_assertion\"></ds:Reference>";
    for more in [second.to_owned(), format!("{second}<ds:Reference></ds:Reference>")] {
        let scenario = text.clone().in_signed_info("</ds:Reference>", &more);
        assert_eq!(scenario.code(), "reference_count");
    }
}

/// Rows A1 and C5.
#[test]
fn refuses_references_to_anything_but_the_parent() {
    for signed in BOTH_WAYS {
        for uri in [
            "",
            "#",
            "#other",
            "#_Assertion",
            "_assertion",
            "https://other.example/#_assertion",
            "#xpointer(/)",
        ] {
            let uri = format!("URI=\"{uri}\"");
            let scenario = Scenario::valid().signed(signed).in_signed_info("URI=\"#{id}\"", &uri);
            assert_eq!(scenario.code(), "reference_not_parent", "{uri}");
        }
        let scenario = Scenario::valid().signed(signed).in_signed_info(" URI=\"#{id}\"", "");
        assert_eq!(scenario.code(), "reference_not_parent");
    }
}

#[test]
fn refuses_an_element_without_id() {
    let scenario = Scenario::valid()
        .in_signed_info("URI=\"#{id}\"", "URI=\"#\"")
        .in_assertion(" ID=\"_assertion\"", " ID=\"\"");
    assert_eq!(scenario.code(), "reference_not_parent");
}

/// Row C2: a comment inside DigestValue or SignatureValue splits it for some readers.
#[test]
fn refuses_comments_in_values() {
    for tag in ["</ds:DigestValue>", "</ds:SignatureValue>", "</saml:NameID>", "</ds:SignedInfo>"] {
        let scenario = Scenario::valid().in_message(tag, &format!("<!--x-->{tag}"));
        assert_eq!(scenario.code(), "comment_forbidden", "{tag}");
    }
}

/// Rows C3 and C7.
#[test]
fn refuses_other_shapes() {
    let signed_info = "{signed_info}";
    let value = "<ds:SignatureValue>{value}</ds:SignatureValue>";
    let object = "<ds:Object></ds:Object>";
    for (from, to) in [
        (signed_info, format!("{signed_info}{signed_info}")),
        (signed_info, String::new()),
        (value, String::new()),
        (value, format!("{value}{value}")),
        (value, format!("{value}{object}")),
        (value, format!("{object}{value}")),
        (value, format!("{value}<ds:KeyInfo></ds:KeyInfo><ds:KeyInfo></ds:KeyInfo>")),
        (value, format!("text{value}")),
        ("{value}", "{value}<ds:X></ds:X>".to_owned()),
    ] {
        let scenario = Scenario::valid().in_signature(from, &to);
        assert_eq!(scenario.code(), "signature_malformed", "{to}");
    }
    for (from, to) in [
        // HMACOutputLength stands in SignatureMethod (CVE-2009-0217).
        (
            "</ds:SignatureMethod>",
            "<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>",
        ),
        ("</ds:DigestMethod>", "<ds:X></ds:X></ds:DigestMethod>"),
        ("</ds:CanonicalizationMethod>", "<ds:X></ds:X></ds:CanonicalizationMethod>"),
        ("</ds:Reference>", "<ds:Manifest></ds:Manifest></ds:Reference>"),
        ("</ds:Reference>", "</ds:Reference><ds:Manifest></ds:Manifest>"),
        ("<ds:DigestValue>{digest}</ds:DigestValue>", ""),
        ("{digest}", "not base64"),
        (" Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"", ""),
    ] {
        let scenario = Scenario::valid().in_signed_info(from, to);
        assert_eq!(scenario.code(), "signature_malformed", "{to}");
    }
}

/// Row C10: a SignedInfo is canonicalized before its signature is verified. One that is not of the
/// required shape is refused before, though its canonical form would be too large as well.
#[test]
fn refuses_a_misshapen_signed_info_before_canonicalizing_it() {
    let uri = format!("u:{}", "x".repeat(4_000));
    let scenario = Scenario::valid()
        .in_message("<samlp:Response ", &format!("<samlp:Response xmlns:n=\"{uri}\" "))
        .in_message("</ds:SignedInfo>", &("<n:x/>".repeat(2_000) + "</ds:SignedInfo>"));
    assert_eq!(scenario.code(), "signature_malformed");
}

/// Auth0's place for it. The signature covers its parent from there as well.
#[test]
fn takes_a_signature_behind_everything_else() {
    let move_to_end = |message: &str, end: &str| {
        let (before, rest) = message.split_once("<ds:Signature ").expect("signed");
        let (inside, behind) = rest.split_once("</ds:Signature>").expect("closed");
        let signature = format!("<ds:Signature {inside}</ds:Signature>");
        format!("{before}{behind}").replacen(end, &format!("{signature}{end}"), 1)
    };
    let code_of = |message: &str| code(&inspect(message, &expected(), NOW));
    let assertion = Scenario::valid().xml();
    assert_eq!(code_of(&move_to_end(&assertion, "</saml:Assertion>")), "accepted");
    let response = Scenario::valid().signed(Signed::Response).xml();
    assert_eq!(code_of(&move_to_end(&response, "</samlp:Response>")), "accepted");
    // In the middle, it is as unexpected as anything.
    assert_eq!(code_of(&move_to_end(&assertion, "<saml:Conditions")), "signature_misplaced");
    let both = Scenario::valid().signed(Signed::Both).xml();
    let twice = both.replace("</samlp:Response>", "<ds:Signature/></samlp:Response>");
    assert_ne!(code_of(&twice), "accepted");
}

/// Row A4.
#[test]
fn refuses_signatures_in_other_places() {
    let scenario = Scenario::valid();
    let stray = scenario.signature_over("<x></x>", "x");
    for place in [
        "</samlp:Status>",
        "</saml:Subject>",
        "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
    ] {
        let scenario = scenario.clone().in_message(place, &format!("{stray}{place}"));
        assert_eq!(scenario.code(), "signature_misplaced", "{place}");
    }
    // A second Signature beside the first is no less stray.
    let second = format!("{stray}<saml:Subject>");
    let scenario = scenario.in_message("<saml:Subject>", &second);
    assert_eq!(scenario.code(), "signature_misplaced");
}
