//! Signature wrapping (rows A1–A5, B1, B4, C6): the signed element kept whole, a forged one beside
//! it. Numbers XSW1–8 are those of Somorovsky et al., "On Breaking SAML" (2012).

mod generated;
mod message;

use crate::common::said::inspect;
use crate::common::{NOW, Scenario, Signed, code, expected};

const ADA: &str = "ada@acme.example";
const EVE: &str = "eve@evil.example";

/// A message and its parts, cut out of a login that is accepted.
struct Parts {
    message: String,
    assertion: String,
    signature: String,
}

fn parts(signed: Signed) -> Parts {
    let message = Scenario::valid().signed(signed).xml();
    let cut = |start: &str, end: &str| {
        let from = message.find(start).expect("starts");
        let to = message.find(end).expect("ends") + end.len();
        message[from..to].to_owned()
    };
    Parts {
        assertion: cut("<saml:Assertion ", "</saml:Assertion>"),
        signature: cut("<ds:Signature ", "</ds:Signature>"),
        message,
    }
}

fn forge(element: &str) -> String {
    element
        .replace(ADA, EVE)
        .replace("ID=\"_assertion\"", "ID=\"_forged\"")
        .replace("ID=\"_response\"", "ID=\"_forged_response\"")
}

fn outcome(message: &str) -> &'static str {
    let outcome = inspect(message, &expected(), NOW);
    assert_ne!(outcome.as_ref().map(|accepted| accepted.name()), Ok(Some(EVE)));
    code(&outcome)
}

#[test]
fn what_is_cut_apart_here_is_accepted_whole() {
    assert_eq!(outcome(&parts(Signed::Assertion).message), "accepted");
    assert_eq!(outcome(&parts(Signed::Response).message), "accepted");
}

#[test]
fn xsw1_original_response_inside_the_signature() {
    let Parts { message, signature, .. } = parts(Signed::Response);
    let original = message.replace(&signature, "");
    let wrapped = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
    assert_eq!(outcome(&forge(&message).replace(&signature, &wrapped)), "assertion_count");
}

#[test]
fn xsw2_original_response_before_the_signature() {
    let Parts { message, signature, .. } = parts(Signed::Response);
    let original = message.replace(&signature, "");
    let wrapped = forge(&message).replace(&signature, &format!("{original}{signature}"));
    assert_eq!(outcome(&wrapped), "element_missing");
}

#[test]
fn xsw3_forged_assertion_before_the_original() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let forged = forge(&assertion).replace(&signature, "");
    assert_eq!(
        outcome(&message.replace(&assertion, &format!("{forged}{assertion}"))),
        "assertion_count"
    );
    assert_eq!(
        outcome(&message.replace(&assertion, &format!("{assertion}{forged}"))),
        "assertion_count"
    );
}

#[test]
fn xsw4_original_assertion_inside_the_forged_one() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let forged = forge(&assertion).replace(&signature, "");
    let wrapped = forged.replace("</saml:Assertion>", &format!("{assertion}</saml:Assertion>"));
    assert_eq!(outcome(&message.replace(&assertion, &wrapped)), "assertion_count");
}

#[test]
fn xsw5_signature_in_the_forged_assertion_and_the_original_behind() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let original = assertion.replace(&signature, "");
    let wrapped = format!("{}{original}", forge(&assertion));
    assert_eq!(outcome(&message.replace(&assertion, &wrapped)), "assertion_count");
}

#[test]
fn xsw6_original_assertion_inside_the_signature_of_the_forged_one() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let original = assertion.replace(&signature, "");
    let around = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
    let wrapped = forge(&assertion).replace(&signature, &around);
    assert_eq!(outcome(&message.replace(&assertion, &wrapped)), "assertion_count");
}

#[test]
fn xsw7_forged_assertion_in_extensions() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let forged = forge(&assertion).replace(&signature, "");
    let extensions = format!("<samlp:Extensions>{forged}</samlp:Extensions><samlp:Status>");
    assert_eq!(outcome(&message.replace("<samlp:Status>", &extensions)), "extensions_forbidden");
    let extensions = format!("<samlp:Extensions>{assertion}</samlp:Extensions><samlp:Status>");
    let wrapped = message.replace(&assertion, &forged).replace("<samlp:Status>", &extensions);
    assert_eq!(outcome(&wrapped), "extensions_forbidden");
}

#[test]
fn xsw8_original_assertion_in_an_object_of_the_signature() {
    let Parts { message, assertion, signature } = parts(Signed::Assertion);
    let original = assertion.replace(&signature, "");
    let object = format!("<ds:Object>{original}</ds:Object></ds:Signature>");
    let around = signature.replace("</ds:Signature>", &object);
    let wrapped = forge(&assertion).replace(&signature, &around);
    assert_eq!(outcome(&message.replace(&assertion, &wrapped)), "assertion_count");
}

/// The one Assertion of the document sits where a search would find it and the schema has no
/// place: each wrapping again, with the forged content outside of any Assertion element.
#[test]
fn the_one_assertion_must_stand_in_the_response() {
    let Parts { message, assertion, .. } = parts(Signed::Assertion);
    for (from, to) in [
        (assertion.as_str(), format!("<x>{assertion}</x>")),
        (
            "</samlp:Status>",
            format!("<samlp:StatusDetail>{assertion}</samlp:StatusDetail></samlp:Status>"),
        ),
    ] {
        let moved = message.replace(&assertion, if from == assertion { &assertion } else { "" });
        assert_eq!(outcome(&moved.replace(from, &to)), "element_missing", "{from}");
    }
}

#[test]
fn refuses_a_response_inside_a_response() {
    let Parts { message, assertion, .. } = parts(Signed::Response);
    assert_eq!(outcome(&forge(&message).replace(&forge(&assertion), &message)), "element_missing");
}

#[test]
fn refuses_the_original_signature_on_a_forged_element() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        assert_eq!(outcome(&forge(&parts(signed).message)), "reference_not_parent");
    }
    // With the original's ID it is the digest that fails.
    let message = parts(Signed::Assertion).message.replace(ADA, EVE);
    assert_eq!(outcome(&message), "digest_mismatch");
}

/// Row C6.
#[test]
fn refuses_duplicate_ids() {
    for (from, to) in [
        ("ID=\"_response\"", "ID=\"_assertion\""),
        ("<saml:Subject>", "<saml:Subject Id=\"_assertion\">"),
        ("<saml:Subject>", "<saml:Subject id=\"_assertion\">"),
    ] {
        assert_eq!(Scenario::valid().in_message(from, to).code(), "id_duplicate", "{to}");
    }
}

/// Row B4: one reader finds `x:ID`, the other `ID`.
#[test]
fn refuses_ids_of_other_namespaces() {
    for to in [
        "xmlns:x=\"urn:x\" x:ID=\"_other\" ID=\"_assertion\"",
        "xml:id=\"_other\" ID=\"_assertion\"",
        "xmlns:x=\"urn:x\" x:ID=\"_assertion\"",
    ] {
        assert_eq!(Scenario::valid().in_message("ID=\"_assertion\"", to).code(), "id_forbidden");
    }
}

/// Row B1: C14N drops the comment, so the signature would hold, and a reader that stops at it
/// would see another name.
#[test]
fn refuses_comments_that_cut_a_name() {
    for name in ["ada@acme.example<!-- -->.evil.example", "<!---->ada@acme.example"] {
        let scenario = Scenario::valid().in_message(ADA, name);
        assert_eq!(scenario.code(), "comment_forbidden");
    }
    let scenario = Scenario::valid().in_message(ADA, "ada@acme.example<?x?>.evil.example");
    assert_eq!(scenario.code(), "instruction_forbidden");
    // A comment before the root cuts nothing.
    let scenario = Scenario::valid().in_message("<samlp:Response", "<!-- x --><samlp:Response");
    assert_eq!(scenario.code(), "accepted");
}

/// Row B2: CDATA and references are other spellings of the same signed text.
#[test]
fn reads_cdata_and_references_as_they_were_signed() {
    for name in
        ["<![CDATA[ada@]]>acme.example", "ada&#64;acme.example", "ada<![CDATA[]]>@acme.example"]
    {
        let said = Scenario::valid().in_message(ADA, name).outcome().expect("accepted");
        assert_eq!(said.name(), Some(ADA));
    }
}

/// What C14N leaves alone must not matter either.
#[test]
fn accepts_every_spelling_of_the_same_canonical_form() {
    for (from, to) in [
        (
            "ID=\"_assertion\" IssueInstant=\"2026-11-24T09:59:30Z\"",
            "IssueInstant='2026-11-24T09:59:30Z'   ID = '_assertion'",
        ),
        ("<saml:Subject>", "<saml:Subject\n>"),
        (
            "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_assertion\"",
            "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:unused=\"urn:x\" \
            ID=\"_assertion\"",
        ),
        (
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
            </samlp:StatusCode>",
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
        ),
    ] {
        assert_eq!(Scenario::valid().in_message(from, to).code(), "accepted", "{to}");
    }
}
