//! The Response around its assertion, and Issuer (Core §3.2.2, Profiles §4.1.4.2).

use crate::common::said::inspect;
use crate::common::{ACS_URL, IDP, NOW, Scenario, Signed, code, expected};

// The Response.

#[test]
fn refuses_other_documents() {
    let scenario = Scenario::valid()
        .in_message("<samlp:Response ", "<samlp:LogoutResponse ")
        .in_message("</samlp:Response>", "</samlp:LogoutResponse>");
    assert_eq!(scenario.code(), "not_a_response");
}

#[test]
fn refuses_a_response_of_another_namespace() {
    let scenario = Scenario::valid().in_message(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:1.0:protocol\"",
    );
    assert_eq!(scenario.code(), "not_a_response");
}

#[test]
fn refuses_another_version() {
    let edit = (
        "IssueInstant=\"2026-11-24T09:59:30Z\" Version=\"2.0\"",
        "IssueInstant=\"2026-11-24T09:59:30Z\" Version=\"2.1\"",
    );
    assert_eq!(Scenario::valid().in_response(edit.0, edit.1).code(), "version_unsupported");
    assert_eq!(Scenario::valid().in_assertion(edit.0, edit.1).code(), "version_unsupported");
}

#[test]
fn refuses_a_failure_of_the_idp() {
    let scenario = Scenario::valid().in_response("status:Success", "status:Responder");
    assert_eq!(scenario.code(), "status_not_success");
}

#[test]
fn refuses_a_response_without_status() {
    let status = "<samlp:Status><samlp:StatusCode \
        Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>";
    assert_eq!(Scenario::valid().in_response(status, "").code(), "element_missing");
}

#[test]
fn refuses_extensions() {
    let scenario = Scenario::valid().in_response(
        "<samlp:Status>",
        "<samlp:Extensions><x></x></samlp:Extensions><samlp:Status>",
    );
    assert_eq!(scenario.code(), "extensions_forbidden");
}

#[test]
fn refuses_another_destination() {
    for other in ["https://other.example/acs", "", "https://edge.example/sso/acme/acs/"] {
        let edit = (format!("Destination=\"{ACS_URL}\""), format!("Destination=\"{other}\""));
        for signed in [Signed::Assertion, Signed::Response] {
            let scenario = Scenario::valid().signed(signed).in_response(&edit.0, &edit.1);
            assert_eq!(scenario.code(), "destination_mismatch", "{other}");
        }
    }
}

#[test]
fn refuses_a_signed_response_without_destination() {
    let scenario = Scenario::valid().in_response(&format!(" Destination=\"{ACS_URL}\""), "");
    assert_eq!(scenario.code(), "accepted");
    assert_eq!(scenario.signed(Signed::Response).code(), "destination_missing");
}

#[test]
fn refuses_a_response_of_another_issuer() {
    let scenario = Scenario::valid().in_response(IDP, "https://idp.example/other");
    assert_eq!(scenario.code(), "issuer_mismatch");
}

#[test]
fn refuses_a_signed_response_without_issuer() {
    let issuer = format!(
        "<saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP}</saml:Issuer>"
    );
    let scenario = Scenario::valid().in_response(&issuer, "");
    assert_eq!(scenario.code(), "accepted");
    // The scenario signs behind the first Issuer; here that is the Assertion's, so the Signature
    // is moved to where it belongs.
    let response = scenario
        .xml()
        .replace("Version=\"2.0\"><samlp:Status>", "Version=\"2.0\">{signature}<samlp:Status>");
    let signature = scenario.signature_over(&response.replace("{signature}", ""), "_response");
    let outcome = inspect(&response.replace("{signature}", &signature), &expected(), NOW);
    assert_eq!(code(&outcome), "issuer_missing");
}

// The Assertion and its Subject.

#[test]
fn refuses_an_assertion_of_another_issuer() {
    let scenario = Scenario::valid().in_assertion(IDP, "https://idp.example/Metadata");
    assert_eq!(scenario.code(), "issuer_mismatch");
}

#[test]
fn refuses_an_assertion_without_issuer() {
    let issuer = format!("<saml:Issuer>{IDP}</saml:Issuer>");
    let scenario = Scenario::valid().signed(Signed::Response).in_assertion(&issuer, "");
    assert_eq!(scenario.code(), "issuer_missing");
}

#[test]
fn refuses_an_issuer_that_is_no_entity() {
    let scenario = Scenario::valid().in_assertion(
        "<saml:Issuer>",
        "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">",
    );
    assert_eq!(scenario.code(), "issuer_format");
}
