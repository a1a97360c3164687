//! Conditions and AudienceRestriction (Core §2.5.1).

use saml_verify::saml::Expected;

use crate::common::said::inspect;
use crate::common::{ACS_URL, ENTITY_ID, NOW, Scenario, code, expected};

// Conditions and statements.

#[test]
fn refuses_an_assertion_without_conditions() {
    let scenario = Scenario::valid()
        .in_assertion(
            "<saml:Conditions NotBefore=\"2026-11-24T09:54:30Z\" \
            NotOnOrAfter=\"2026-11-24T11:04:30Z\">",
            "<saml:Advice>",
        )
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
        "<saml:AudienceRestriction><saml:Audience>{ENTITY_ID}</saml:Audience>\
        </saml:AudienceRestriction>"
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
