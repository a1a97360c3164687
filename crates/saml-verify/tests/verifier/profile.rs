//! Profiles §4.1.4: one rule broken at a time, in a response that is authentic all the same.

use crate::common::said::inspect;
use crate::common::{ACS_URL, ENTITY_ID, IDP, NOW, REQUEST_ID, Scenario, Signed, code, expected};
use saml_verify::error::Refusal;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew, accept};
use saml_verify::time::UnixTime;

const DAY: i64 = 24 * 60 * 60;
const NAME_ID: &str = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:\
                       emailAddress\">ada@acme.example</saml:NameID>";

/// The outcome at `seconds` after [`NOW`], with no skew.
fn code_at(scenario: &Scenario, seconds: i64) -> &'static str {
    let skew = Skew::from_seconds(0).expect("in range");
    code(&inspect(&scenario.xml(), &Expected { skew, ..expected() }, NOW.plus(seconds)))
}

fn code_for(scenario: &Scenario, requests: Requests<'_>) -> &'static str {
    code(&inspect(&scenario.xml(), &Expected { requests, ..expected() }, NOW))
}

/// Rows F5 and G8 (CVE-2025-9943): an ID is anybody's text until it is hashed, and Issuer and ID
/// cannot be cut elsewhere.
#[test]
fn replay_keys_are_digests() {
    let key = |from: &str, to: &str| {
        let scenario = Scenario::valid().signed(Signed::Response).in_assertion(from, to);
        let accepted = accept(&scenario.xml(), &expected(), NOW);
        accepted.map_or_else(|_| String::new(), |it| it.replay_key().to_owned())
    };
    let first = key("ID=\"_assertion\"", "ID=\"_assertion\"");
    let hostile = key("ID=\"_assertion\"", "ID=\"'); DROP TABLE assertions; --\"");
    for key in [&first, &hostile] {
        assert!(key.len() == 64 && key.bytes().all(|it| it.is_ascii_hexdigit()), "{key}");
    }
    assert_ne!(first, hostile);
}

#[test]
fn accepts_what_is_signed_and_reads_it_whole() {
    for signed in [Signed::Assertion, Signed::Response, Signed::Both] {
        let said = Scenario::valid().signed(signed).outcome().expect("accepted");
        assert_eq!(said.name(), Some("ada@acme.example"));
        assert_eq!(
            said.name_format(),
            Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")
        );
        assert_eq!(said.issuer, IDP);
        assert_eq!(said.session_index.as_deref(), Some("_session"));
        assert_eq!(said.in_response_to.as_deref(), Some("_request"));
        assert_eq!(said.attributes.values("full_name"), ["Ada Lovelace"]);
        assert!(said.attributes.values("Full_Name").is_empty());
    }
}

#[test]
fn values_under_one_name_are_all_there() {
    let values =
        "<saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue></saml:AttributeValue>";
    let more = format!(
        "<saml:Attribute Name=\"role\">{values}</saml:Attribute></saml:AttributeStatement>"
    );
    let scenario = Scenario::valid().in_assertion("</saml:AttributeStatement>", &more);
    let said = scenario.outcome().expect("accepted");
    assert_eq!(said.attributes.values("role"), ["developer", "a", ""]);
}

#[test]
fn a_value_made_of_elements_is_all_their_text() {
    let value = "<saml:Attribute Name=\"urn:oid:1.3.6.1.4.1.5923.1.1.1.10\"><saml:AttributeValue><saml:NameID>ada</saml:NameID></saml:AttributeValue></saml:Attribute></saml:AttributeStatement>";
    let scenario = Scenario::valid().in_assertion("</saml:AttributeStatement>", value);
    let said = scenario.outcome().expect("accepted");
    assert_eq!(said.attributes.values("urn:oid:1.3.6.1.4.1.5923.1.1.1.10"), ["ada"]);
}

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
    let status = "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>";
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

#[test]
fn refuses_an_assertion_without_subject() {
    let xml = Scenario::valid();
    let start = "<saml:Subject>";
    let scenario = xml
        .in_assertion(start, "<saml:Conditions></saml:Conditions><saml:Advice>")
        .in_assertion("</saml:Subject>", "</saml:Advice>");
    assert_eq!(scenario.code(), "subject_missing");
}

#[test]
fn refuses_an_empty_name_id() {
    for name in ["", " \n"] {
        let scenario = Scenario::valid().in_assertion("ada@acme.example", name);
        assert_eq!(scenario.code(), "name_id_missing");
    }
}

#[test]
fn a_subject_goes_without_an_identifier_where_an_attribute_names_it() {
    let nameless = Expected { nameless: true, ..expected() };
    let outcome = |scenario: &Scenario| inspect(&scenario.xml(), &nameless, NOW);
    let without = Scenario::valid().in_assertion(NAME_ID, "");
    assert_eq!(outcome(&without).map(|it| it.contents.name_id), Ok(None));
    assert_eq!(without.code(), "name_id_missing");
    // One that is there is read, and must be one.
    let name_id = outcome(&Scenario::valid()).map(|it| it.name().map(str::to_owned));
    assert_eq!(name_id, Ok(Some("ada@acme.example".to_owned())));
    for (from, to) in [
        (NAME_ID, "<saml:NameID></saml:NameID>"),
        (NAME_ID, "<saml:BaseID></saml:BaseID>"),
        (NAME_ID, "<saml:X></saml:X>"),
    ] {
        assert_eq!(code(&outcome(&Scenario::valid().in_assertion(from, to))), "name_id_missing");
    }
    let twice = Scenario::valid().in_assertion(NAME_ID, &format!("{NAME_ID}{NAME_ID}"));
    assert_eq!(code(&outcome(&twice)), "element_unexpected");
}

#[test]
fn refuses_other_identifiers_than_name_id() {
    let scenario = Scenario::valid()
        .in_assertion("<saml:NameID Format", "<saml:BaseID Format")
        .in_assertion("</saml:NameID>", "</saml:BaseID>");
    assert_eq!(scenario.code(), "name_id_missing");
}

#[test]
fn refuses_a_name_id_with_elements() {
    let scenario = Scenario::valid().in_assertion("ada@acme.example", "ada@acme.example<b></b>");
    assert_eq!(scenario.code(), "text_unexpected");
}

#[test]
fn refuses_other_confirmations_than_bearer() {
    let scenario = Scenario::valid().in_assertion("cm:bearer", "cm:sender-vouches");
    assert_eq!(scenario.code(), "confirmation_missing");
}

#[test]
fn one_confirmation_that_holds_is_enough() {
    let first = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData></saml:SubjectConfirmationData></saml:SubjectConfirmation><saml:SubjectConfirmation Method";
    let scenario = Scenario::valid().in_assertion("<saml:SubjectConfirmation Method", first);
    assert_eq!(scenario.code(), "accepted");
}

/// Profiles §4.1.4.3: any confirmation may do, so the one that answers is taken wherever it stands.
#[test]
fn the_confirmation_that_answers_is_taken() {
    let confirmation = |answers: &str| {
        format!(
            "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData{answers} NotOnOrAfter=\"2026-11-24T10:04:30Z\" Recipient=\"{ACS_URL}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation>"
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

/// XML Schema part 2 §4.3.6: white space around a URI, an ID or a time is no part of it.
#[test]
fn white_space_around_uris_ids_and_times_is_none_of_them() {
    let padded = |value: &str| format!(" &#xA;{value}  ");
    let attribute = |name: &str, value: &str| format!("{name}=\"{value}\"");
    for (name, value) in [
        ("Recipient", ACS_URL),
        ("InResponseTo", REQUEST_ID),
        ("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer"),
        ("Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        ("IssueInstant", "2026-11-24T09:59:30Z"),
        ("NotBefore", "2026-11-24T09:54:30Z"),
        ("NotOnOrAfter", "2026-11-24T10:04:30Z"),
        ("AuthnInstant", "2026-11-24T09:59:00Z"),
    ] {
        let (from, to) = (attribute(name, value), attribute(name, &padded(value)));
        let scenario = Scenario::valid().in_assertion(&from, &to);
        assert_eq!(scenario.code(), "accepted", "{name}");
    }
    for (name, value) in [("Destination", ACS_URL), ("InResponseTo", REQUEST_ID)] {
        let (from, to) = (attribute(name, value), attribute(name, &padded(value)));
        let scenario = Scenario::valid().signed(Signed::Response).in_response(&from, &to);
        assert_eq!(scenario.code(), "accepted", "{name}");
    }
    let (from, to) = (attribute("ID", "_assertion"), attribute("ID", &padded("_assertion")));
    for uri in ["#_assertion", " #_assertion\n"] {
        let scenario = Scenario::valid().in_assertion(&from, &to);
        let uri = uri.replace('\n', "&#xA;");
        assert_eq!(scenario.in_signed_info("#{id}", &uri).code(), "accepted", "{uri}");
    }
    for (element, value) in [
        ("Audience", ENTITY_ID),
        ("AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"),
    ] {
        let from = format!("<saml:{element}>{value}<");
        let to = format!("<saml:{element}>\n  {value}\n\t<");
        let said = Scenario::valid().in_assertion(&from, &to).outcome().expect("accepted");
        let class = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
        assert_eq!(said.authn_context_class_ref.as_deref(), Some(class));
    }
}

/// Core §1.3.1: a string is compared as it stands.
#[test]
fn white_space_around_strings_is_part_of_them() {
    let scenario = Scenario::valid().in_assertion(
        "<saml:Issuer>https://idp.example/metadata<",
        "<saml:Issuer>https://idp.example/metadata <",
    );
    assert_eq!(scenario.code(), "issuer_mismatch");
    let scenario = Scenario::valid().in_assertion("Version=\"2.0\"", "Version=\" 2.0\"");
    assert_eq!(scenario.code(), "version_unsupported");
    let scenario = Scenario::valid().in_assertion(">ada@acme.example<", "> ada@acme.example <");
    let name_id = scenario.outcome().map(|it| it.name().map(str::to_owned));
    assert_eq!(name_id, Ok(Some(" ada@acme.example ".to_owned())));
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
        // An unsolicited response that names a request is nobody's answer.
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

// Conditions and statements.

#[test]
fn refuses_an_assertion_without_conditions() {
    let scenario = Scenario::valid()
        .in_assertion("<saml:Conditions NotBefore=\"2026-11-24T09:54:30Z\" NotOnOrAfter=\"2026-11-24T11:04:30Z\">", "<saml:Advice>")
        .in_assertion("</saml:Conditions>", "</saml:Advice>");
    assert_eq!(scenario.code(), "conditions_missing");
}

#[test]
fn refuses_another_audience() {
    for other in ["https://other.example", "", "https://edge.example/sso/acme/metadata/"] {
        let scenario = Scenario::valid().in_assertion(ENTITY_ID, other);
        assert_eq!(scenario.code(), "audience_mismatch", "{other:?}");
    }
}

#[test]
fn refuses_an_assertion_for_everybody() {
    let restriction = format!(
        "<saml:AudienceRestriction><saml:Audience>{ENTITY_ID}</saml:Audience></saml:AudienceRestriction>"
    );
    assert_eq!(Scenario::valid().in_assertion(&restriction, "").code(), "audience_missing");
    let nobody = "<saml:AudienceRestriction></saml:AudienceRestriction>";
    assert_eq!(Scenario::valid().in_assertion(&restriction, nobody).code(), "audience_mismatch");
}

/// Entra writes an identifier into Audience without its fragment. Recipient and Destination, which
/// then tell our accounts apart, keep theirs.
#[test]
fn an_audience_may_lack_the_fragment() {
    let entity_id = format!("{ENTITY_ID}#acme");
    let acs_url = format!("{ACS_URL}#acme");
    let code_of = |scenario: Scenario, audience: &str| {
        let expected = Expected { entity_id: &entity_id, acs_url: &acs_url, ..expected() };
        let audience = format!("Audience>{audience}</");
        let scenario = scenario.in_assertion(&format!("Audience>{ENTITY_ID}</"), &audience);
        code(&inspect(&scenario.xml(), &expected, NOW))
    };
    let ours = || Scenario::valid().in_assertion(ACS_URL, &acs_url).in_response(ACS_URL, &acs_url);
    assert_eq!(code_of(ours(), &entity_id), "accepted");
    assert_eq!(code_of(ours(), ENTITY_ID), "accepted");
    for other in [format!("{ENTITY_ID}#"), format!("{ENTITY_ID}#kid"), "#acme".to_owned()] {
        assert_eq!(code_of(ours(), &other), "audience_mismatch", "{other}");
    }
    let recipient = Scenario::valid().in_response(ACS_URL, &acs_url);
    assert_eq!(code_of(recipient, &entity_id), "recipient_mismatch");
    let destination = Scenario::valid().in_assertion(ACS_URL, &acs_url);
    assert_eq!(code_of(destination, &entity_id), "destination_mismatch");
}

#[test]
fn every_audience_restriction_must_hold() {
    let audience = |name: &str| format!("<saml:Audience>{name}</saml:Audience>");
    let end = "</saml:AudienceRestriction>";
    let several = audience("https://other.example") + &audience(ENTITY_ID);
    let scenario = Scenario::valid().in_assertion(&audience(ENTITY_ID), &several);
    assert_eq!(scenario.code(), "accepted");
    let second =
        format!("{end}<saml:AudienceRestriction>{}{end}", audience("https://other.example"));
    let scenario = Scenario::valid().in_assertion(end, &second);
    assert_eq!(scenario.code(), "audience_mismatch");
}

#[test]
fn refuses_conditions_that_are_not_understood() {
    let end = "</saml:Conditions>";
    for (condition, outcome) in [
        ("<saml:OneTimeUse></saml:OneTimeUse>", "accepted"),
        ("<saml:ProxyRestriction Count=\"0\"></saml:ProxyRestriction>", "accepted"),
        ("<saml:Condition></saml:Condition>", "condition_unknown"),
        ("<OneTimeUse></OneTimeUse>", "condition_unknown"),
    ] {
        let scenario = Scenario::valid().in_assertion(end, &format!("{condition}{end}"));
        assert_eq!(scenario.code(), outcome, "{condition}");
    }
}

#[test]
fn refuses_advice() {
    let scenario = Scenario::valid()
        .in_assertion("</saml:Conditions>", "</saml:Conditions><saml:Advice></saml:Advice>");
    assert_eq!(scenario.code(), "advice_forbidden");
}

#[test]
fn refuses_an_assertion_without_authentication() {
    let statement = "<saml:AuthnStatement AuthnInstant=\"2026-11-24T09:59:00Z\" SessionIndex=\"_session\"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>";
    assert_eq!(Scenario::valid().in_assertion(statement, "").code(), "authn_statement_missing");
}

#[test]
fn refuses_statements_of_other_kinds() {
    let scenario = Scenario::valid().in_assertion(
        "<saml:AttributeStatement>",
        "<saml:AuthzDecisionStatement></saml:AuthzDecisionStatement><saml:AttributeStatement>",
    );
    assert_eq!(scenario.code(), "element_unexpected");
}

#[test]
fn refuses_an_attribute_without_name() {
    let scenario = Scenario::valid().in_assertion(" Name=\"role\"", "");
    assert_eq!(scenario.code(), "attribute_missing");
}

// Time. Every window is half-open and tested one second around its bound; all other bounds are
// out of the way.

#[test]
fn conditions_begin_at_not_before() {
    let scenario = Scenario::valid()
        .in_assertion("NotBefore=\"2026-11-24T09:54:30Z\"", "NotBefore=\"2026-11-24T10:00:00Z\"");
    assert_eq!(code_at(&scenario, -1), "conditions_not_yet_valid");
    assert_eq!(code_at(&scenario, 0), "accepted");
    assert_eq!(code_at(&scenario, 1), "accepted");
}

#[test]
fn conditions_end_at_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "NotOnOrAfter=\"2026-11-24T11:04:30Z\"",
        "NotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "conditions_expired");
    assert_eq!(code_at(&scenario, 1), "conditions_expired");
}

#[test]
fn confirmations_end_at_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
        "NotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "confirmation_expired");
    assert_eq!(code_at(&scenario, 1), "confirmation_expired");
}

#[test]
fn sessions_end_at_session_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "SessionIndex=\"_session\"",
        "SessionIndex=\"_session\" SessionNotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "session_expired");
    assert_eq!(code_at(&scenario, 1), "session_expired");
}

#[test]
fn assertions_begin_at_issue_instant() {
    let scenario = Scenario::valid().in_assertion(
        "IssueInstant=\"2026-11-24T09:59:30Z\"",
        "IssueInstant=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "issued_in_future");
    assert_eq!(code_at(&scenario, 0), "accepted");
    assert_eq!(code_at(&scenario, 1), "accepted");
}

#[test]
fn assertions_end_a_day_after_issue_instant() {
    let scenario = Scenario::valid()
        .in_assertion(
            "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "NotOnOrAfter=\"2027-11-24T10:00:00Z\"",
        )
        .in_assertion(" NotOnOrAfter=\"2026-11-24T11:04:30Z\"", "");
    assert_eq!(code_at(&scenario, DAY - 31), "accepted");
    assert_eq!(code_at(&scenario, DAY - 30), "assertion_too_old");
    assert_eq!(code_at(&scenario, DAY - 29), "assertion_too_old");
}

#[test]
fn skew_widens_every_window_and_has_a_ceiling() {
    let scenario = Scenario::valid();
    let at = |seconds, skew| {
        let skew = Skew::from_seconds(skew).expect("in range");
        code(&inspect(&scenario.xml(), &Expected { skew, ..expected() }, NOW.plus(seconds)))
    };
    // The confirmation ends 270 seconds after NOW.
    assert_eq!(at(329, 60), "accepted");
    assert_eq!(at(330, 60), "confirmation_expired");
    // The assertion is issued 30 seconds before NOW.
    assert_eq!(at(-90, 60), "accepted");
    assert_eq!(at(-91, 60), "issued_in_future");
    assert!(Skew::from_seconds(300).is_some());
    assert!(Skew::from_seconds(301).is_none());
}

#[test]
fn refuses_times_that_are_not_utc() {
    for (time, code) in [
        ("2026-11-24T10:54:30+01:00", "time_not_utc"),
        ("2026-11-24T08:54:30-01:00", "time_not_utc"),
        ("2026-11-24T09:54:30z", "time_malformed"),
        ("2026-11-24 09:54:30Z", "time_malformed"),
    ] {
        let edit = format!("NotBefore=\"{time}\"");
        let scenario = Scenario::valid().in_assertion("NotBefore=\"2026-11-24T09:54:30Z\"", &edit);
        assert_eq!(scenario.code(), code, "{time}");
    }
}

/// Core §1.3.3 can be read as demanding times without a zone.
#[test]
fn takes_times_without_a_zone_for_utc() {
    let until = |zone: &str, second: &str| {
        let edit = format!("NotOnOrAfter=\"2026-11-24T10:04:{second}{zone}\"");
        Scenario::valid().in_assertion("NotOnOrAfter=\"2026-11-24T10:04:30Z\"", &edit).xml()
    };
    for zone in ["", "Z", "+00:00", "-00:00"] {
        let at = |now| code(&inspect(&until(zone, "30"), &expected(), now));
        assert_eq!(at(NOW.plus(270 + 59)), "accepted", "{zone}");
        assert_eq!(at(NOW.plus(270 + 60)), "confirmation_expired", "{zone}");
    }
}

#[test]
fn refuses_expired_metadata() {
    let until = "entityID=\"https://idp.example/metadata\" validUntil=\"2026-11-24T10:00:00Z\"";
    let metadata =
        crate::common::METADATA.replace("entityID=\"https://idp.example/metadata\"", until);
    let idp = IdpMetadata::parse(&metadata).expect("usable metadata");
    let at = |now: UnixTime| {
        let expected = Expected { idp: &idp, ..expected() };
        code(&inspect(&Scenario::valid().xml(), &expected, now))
    };
    assert_eq!(at(NOW.plus(-1)), "accepted");
    assert_eq!(at(NOW), "metadata_expired");
    assert_eq!(at(NOW.plus(1)), "metadata_expired");
}
