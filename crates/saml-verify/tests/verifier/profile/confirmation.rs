//! SubjectConfirmation: Recipient and the request that is answered (Profiles §4.1.4.3).

use saml_verify::error::Refusal;
use saml_verify::saml::{Expected, Requests};

use super::code_for;
use crate::common::said::inspect;
use crate::common::{ACS_URL, NOW, Scenario, expected};

#[test]
fn refuses_other_confirmations_than_bearer() {
    let scenario = Scenario::valid().in_assertion("cm:bearer", "cm:sender-vouches");
    assert_eq!(scenario.code(), "confirmation_missing");
}

#[test]
fn one_confirmation_that_holds_is_enough() {
    let first = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
        <saml:SubjectConfirmationData></saml:SubjectConfirmationData></saml:SubjectConfirmation>\
        <saml:SubjectConfirmation Method";
    let scenario = Scenario::valid().in_assertion("<saml:SubjectConfirmation Method", first);
    assert_eq!(scenario.code(), "accepted");
}

/// Profiles §4.1.4.3: any confirmation may do, so the one that answers is taken wherever it stands.
#[test]
fn the_confirmation_that_answers_is_taken() {
    let confirmation = |answers: &str| {
        format!(
            "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
            <saml:SubjectConfirmationData{answers} NotOnOrAfter=\"2026-11-24T10:04:30Z\" \
            Recipient=\"{ACS_URL}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation>"
        )
    };
    let one = confirmation(" InResponseTo=\"_request\"");
    let (other, none) = (confirmation(" InResponseTo=\"_other\""), confirmation(""));
    let known = Requests::OrUnsolicited(&["_request", "_other"]);
    let answered = |confirmations: &str, head: &str, requests| {
        let scenario = Scenario::valid()
            .in_assertion(&one, confirmations)
            .in_response(" InResponseTo=\"_request\"", head);
        let outcome = inspect(&scenario.xml(), &Expected { requests, ..expected() }, NOW);
        outcome.map(|it| it.in_response_to.unwrap_or_default()).map_err(Refusal::code)
    };
    let head = " InResponseTo=\"_request\"";
    for confirmations in [
        format!("{one}{none}"),
        format!("{none}{one}"),
        format!("{other}{one}"),
        format!("{none}{other}{one}"),
    ] {
        assert_eq!(answered(&confirmations, head, known), Ok("_request".to_owned()));
        assert_eq!(answered(&confirmations, head, Requests::Any), Ok("_request".to_owned()));
    }
    // The Response does not say: whatever answers comes before what answers nothing.
    for (confirmations, request) in [
        (format!("{none}{one}"), "_request"),
        (format!("{none}{other}{one}"), "_other"),
        (none.clone(), ""),
    ] {
        assert_eq!(answered(&confirmations, "", known), Ok(request.to_owned()));
    }
    // What does not hold is not taken, whatever it answers.
    let known = Requests::OrUnsolicited(&["_other"]);
    assert_eq!(answered(&format!("{none}{one}"), "", known), Ok(String::new()));
    assert_eq!(answered(&format!("{none}{one}"), head, known), Err("in_response_to_mismatch"));
    assert_eq!(answered(&format!("{other}{none}"), head, known), Err("in_response_to_mismatch"));
}

#[test]
fn refuses_recipient_of_another_service() {
    for other in ["https://other.example/acs", "", "https://edge.example/sso/ACME/acs"] {
        let to = format!("Recipient=\"{other}\"");
        let scenario = Scenario::valid().in_assertion(&format!("Recipient=\"{ACS_URL}\""), &to);
        assert_eq!(scenario.code(), "recipient_mismatch", "{other}");
    }
}

#[test]
fn refuses_a_confirmation_without_recipient() {
    let scenario = Scenario::valid().in_assertion(&format!(" Recipient=\"{ACS_URL}\""), "");
    assert_eq!(scenario.code(), "recipient_missing");
}

#[test]
fn refuses_a_confirmation_without_expiry() {
    let scenario = Scenario::valid().in_assertion(" NotOnOrAfter=\"2026-11-24T10:04:30Z\"", "");
    assert_eq!(scenario.code(), "confirmation_without_expiry");
}

#[test]
fn refuses_a_confirmation_with_not_before() {
    let scenario = Scenario::valid().in_assertion(
        " NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
        " NotBefore=\"2026-11-24T09:00:00Z\" NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
    );
    assert_eq!(scenario.code(), "confirmation_not_before");
}

#[test]
fn refuses_answers_to_requests_of_others() {
    let scenario = Scenario::valid();
    for (requests, outcome) in [
        (Requests::Only(&["_other", "_request"]), "accepted"),
        (Requests::Only(&["_other"]), "in_response_to_unknown"),
        (Requests::Only(&[]), "in_response_to_unknown"),
        (Requests::OrUnsolicited(&["_request"]), "accepted"),
        // A response that names an unknown request is not unsolicited.
        (Requests::OrUnsolicited(&[]), "in_response_to_unknown"),
        (Requests::Any, "accepted"),
    ] {
        assert_eq!(code_for(&scenario, requests), outcome, "{requests:?}");
    }
}

#[test]
fn refuses_unsolicited_responses_unless_they_are_welcome() {
    let scenario = Scenario::unsolicited();
    for (requests, outcome) in [
        (Requests::Only(&["_request"]), "in_response_to_missing"),
        (Requests::OrUnsolicited(&["_request"]), "accepted"),
        (Requests::Any, "accepted"),
    ] {
        assert_eq!(code_for(&scenario, requests), outcome, "{requests:?}");
    }
}

/// Row F3: the Response's own attribute is unsigned here, so it can only refuse.
#[test]
fn the_unsigned_in_response_to_does_not_count() {
    let request = " InResponseTo=\"_request\"";
    let scenario = Scenario::valid().in_assertion(request, "");
    assert_eq!(scenario.code(), "in_response_to_missing");
    assert_eq!(code_for(&scenario, Requests::OrUnsolicited(&[])), "in_response_to_mismatch");
    let scenario = Scenario::valid().in_message(
        "InResponseTo=\"_request\" IssueInstant",
        "InResponseTo=\"_other\" IssueInstant",
    );
    assert_eq!(scenario.code(), "in_response_to_mismatch");
    assert_eq!(Scenario::valid().in_response(request, "").code(), "accepted");
}
