//! `saml-edge verify`: what a refusal says. What is refused, the verifier's own tests know.

use std::fs;

use serde_json::{Value, json};

use crate::common::{METADATA as TEST_IDP, REQUEST_ID, Scenario, in_utf_16};
use crate::{folder, run};

const ENTITY_ID: &str = "https://edge.example/sso/acme/metadata";
const ACS_URL: &str = "https://edge.example/sso/acme/acs";
const REQUEST: &str = "_5f0c7d1e9a2b4c6d8e0f1a2b3c4d5e6f";
const NOW: &str = "2026-11-24T10:00:30Z";
const RESPONSE: &str = "tests/vectors/entra/assertion.xml";
const METADATA: &str = "tests/vectors/entra/assertion.metadata.xml";

/// The answer for what is right in all but one.
fn verify(format: &str, change: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut options = [
        ("--metadata", METADATA),
        ("--entity-id", ENTITY_ID),
        ("--acs-url", ACS_URL),
        ("--request-id", REQUEST),
        ("--now", NOW),
        ("", RESPONSE),
    ];
    for (option, value) in change {
        let known = options.iter_mut().find(|(known, _)| known == option).expect("an option");
        known.1 = value;
    }
    let words = options.iter().flat_map(|(option, value)| [*option, *value]);
    let words = words.filter(|it| !it.is_empty());
    let words: Vec<_> = ["verify", "--format", format].into_iter().chain(words).collect();
    let (code, said, complaints) = run(&words);
    assert_eq!(complaints, "");
    (code, said)
}

#[test]
fn a_refusal_says_what_was_expected_and_what_came() {
    assert_eq!(verify("text", &[]).0, Some(0));
    let other = "https://other.example";
    for (change, code, expected, received) in [
        ("--entity-id", "audience_mismatch", other, ENTITY_ID),
        ("--acs-url", "destination_mismatch", other, ACS_URL),
        ("--request-id", "in_response_to_unknown", other, REQUEST),
    ] {
        let (exit_code, said) = verify("text", &[(change, other)]);
        assert_eq!(exit_code, Some(1));
        let mut lines = said.lines();
        assert_eq!(lines.next(), Some(&*format!("refused: {code}")));
        assert_eq!(lines.nth(1), Some(&*format!("expected    {expected}")), "{said}");
        assert_eq!(lines.next(), Some(&*format!("received    {received}")), "{said}");
        let (_, said) = verify("json", &[(change, other)]);
        let said: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["expected"], json!([expected]));
        assert_eq!(said["received"][0], json!(received));
    }
}

/// Metadata as its file is; a message is in UTF-8 alone (row B8).
#[test]
fn metadata_may_be_in_utf_16_and_a_response_may_not() {
    let [metadata, response] =
        [METADATA, RESPONSE].map(|path| fs::read_to_string(path).expect(path));
    let declared = |xml: &str| {
        let xml = xml.split_once("?>").map_or(xml, |(_, document)| document);
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}")
    };
    let ([metadata, _], _) = in_utf_16(&declared(&metadata));
    let ([response, _], _) = in_utf_16(&declared(&response));
    let folder = folder("verify-utf-16", &[("idp.xml", metadata), ("response.xml", response)]);
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    assert_eq!(verify("text", &[("--metadata", &path("idp.xml"))]).0, Some(0));
    let (code, said) = verify("text", &[("", &path("response.xml"))]);
    assert_eq!((code, said.lines().next()), (Some(1), Some("refused: not_utf8")));
}

#[test]
fn a_refusal_by_the_clock_shows_every_time() {
    let (_, said) = verify("text", &[("--now", "2026-11-24T12:00:00Z")]);
    for line in [
        "refused: confirmation_expired",
        "expected    2026-11-24T12:00:00Z, give or take 60 seconds",
        "received    SubjectConfirmationData NotOnOrAfter: 2026-11-24T11:00:00.287Z",
    ] {
        assert!(said.lines().any(|it| it == line), "{line} in {said}");
    }
}

#[test]
fn a_rule_that_compares_nothing_shows_nothing() {
    let other = "tests/vectors/signxml/idp-rsa2048.metadata.xml";
    let (_, said) = verify("text", &[("--metadata", other)]);
    assert!(!said.contains("expected ") && !said.contains("received "), "{said}");
    let (_, said) = verify("json", &[("--metadata", "tests/vectors/entra/assertion.xml")]);
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((&said["code"], said.get("expected")), (&json!("not_metadata"), None));
}

/// Anybody can have written it.
#[test]
fn what_came_does_not_move_the_cursor() {
    let response = fs::read_to_string(RESPONSE).expect("a file");
    let moved = response.replacen(ACS_URL, "https://x.example/\u{9b}2J", 1);
    assert_ne!(moved, response);
    let file = folder("cursor", &[("response.xml", &moved)]).join("response.xml");
    let (_, said) = verify("text", &[("", file.to_str().expect("UTF-8"))]);
    assert!(said.chars().all(|it| it == '\n' || !it.is_control()), "{said:?}");
}

#[test]
fn a_subject_goes_without_a_name_where_the_account_has_a_claim() {
    let name_id = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
                   ada@acme.example</saml:NameID>";
    let response = Scenario::valid().in_assertion(name_id, "").xml();
    let folder = folder("nameless", &[("idp.xml", TEST_IDP), ("response.xml", &response)]);
    let path = |file| folder.join(file).to_str().expect("UTF-8").to_owned();
    let change: [(&str, &str); 4] = [
        ("--metadata", &path("idp.xml")),
        ("--request-id", REQUEST_ID),
        ("--now", "2026-11-24T10:00:00Z"),
        ("", &path("response.xml")),
    ];
    let (code, said) = verify("text", &change);
    assert_eq!((code, said.lines().next()), (Some(1), Some("refused: name_id_missing")));
    let words = [
        &["verify", "--format", "json", "--entity-id", ENTITY_ID, "--acs-url", ACS_URL][..],
        &change.iter().flat_map(|(option, value)| [*option, *value]).collect::<Vec<_>>(),
        &["--allow-no-name-id"],
    ];
    let words: Vec<_> = words.concat().into_iter().filter(|it| !it.is_empty()).collect();
    let (code, said, _) = run(&words);
    assert_eq!(code, Some(0), "{said}");
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((&said["outcome"], &said["name_id"]), (&json!("accepted"), &Value::Null));
}
