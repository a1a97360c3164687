//! Profiles §4.1.4: one rule broken at a time, in a response that is authentic all the same.

mod conditions;
mod confirmation;
mod head;
mod times;

use saml_verify::saml::{Expected, Requests, accept};

use crate::common::said::inspect;
use crate::common::{ACS_URL, ENTITY_ID, IDP, NOW, REQUEST_ID, Scenario, Signed, code, expected};

const NAME_ID: &str = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:\
                       emailAddress\">ada@acme.example</saml:NameID>";

fn code_for(scenario: &Scenario, requests: Requests<'_>) -> &'static str {
    code(&inspect(&scenario.xml(), &Expected { requests, ..expected() }, NOW))
}

/// Rows F5 and G8 (CVE-2025-9943): an ID is untrusted text until it is hashed, and the border
/// between Issuer and ID cannot be moved.
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
    let value = "<saml:Attribute Name=\"urn:oid:1.3.6.1.4.1.5923.1.1.1.10\"><saml:AttributeValue>\
        <saml:NameID>ada</saml:NameID></saml:AttributeValue></saml:Attribute>\
        </saml:AttributeStatement>";
    let scenario = Scenario::valid().in_assertion("</saml:AttributeStatement>", value);
    let said = scenario.outcome().expect("accepted");
    assert_eq!(said.attributes.values("urn:oid:1.3.6.1.4.1.5923.1.1.1.10"), ["ada"]);
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
fn refuses_advice() {
    let scenario = Scenario::valid()
        .in_assertion("</saml:Conditions>", "</saml:Conditions><saml:Advice></saml:Advice>");
    assert_eq!(scenario.code(), "advice_forbidden");
}

#[test]
fn refuses_an_assertion_without_authentication() {
    let statement = "<saml:AuthnStatement AuthnInstant=\"2026-11-24T09:59:00Z\" \
        SessionIndex=\"_session\"><saml:AuthnContext>\
        <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
        </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>";
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
