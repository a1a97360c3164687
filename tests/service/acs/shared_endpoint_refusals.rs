//! Responses that no account takes at the shared Reply URL.

use crate::acs::shared_endpoint::{
    APPS, App, CHILD, OWN, PARENT, SHARED, SIBLING, post, start, world,
};
use crate::common::Scenario;
use crate::support::form::{answering, form};
use crate::support::seen::SESSION;

/// Row G1, every account's responses at every other account: in answer to its request, and
/// unsolicited; as they are, and with all that is unsigned changed in the attacker's favour.
#[test]
fn no_response_for_one_account_is_taken_at_another() {
    for (from, at) in APPS.into_iter().flat_map(|from| APPS.map(|at| (from, at))) {
        if from == at {
            continue;
        }
        for says in [App::says, App::says_as_entra] {
            let claimed = |scenario: Scenario| {
                let to = format!("Destination=\"{}\"", at.reply_url);
                scenario.in_message(&format!("Destination=\"{}\"", from.reply_url), &to)
            };
            let forged_unsolicited = claimed(says(from, Scenario::unsolicited()));
            let codes = ["acs_mismatch", "destination_mismatch", "recipient_mismatch"];
            refuses_at(at, |_| forged_unsolicited, &codes);
            let forged = |id: &str| says(from, answering(id));
            refuses_at(at, forged, &["destination_mismatch", "acs_mismatch"]);
            refuses_at(at, |id| claimed(forged(id)), &["recipient_mismatch"]);
        }
    }
}

/// Posts at `at` what `forge` makes of the ID of its request, and expects one of `codes`.
fn refuses_at(at: App, forge: impl FnOnce(&str) -> Scenario, codes: &[&str]) {
    let mut world = world();
    let id = start(&mut world, at).request_id();
    let code = post(&mut world, at, &forge(&id)).refusal();
    assert!(codes.contains(&&*code), "at {}: {code}", at.account);
    assert!(!world.jar.contains_key(SESSION));
    assert!(world.ledger.assertions().is_empty());
}

/// Were the recipient ever the same, the account's claim still would not be.
#[test]
fn the_account_claim_decides_where_all_else_agrees() {
    for (app, claim) in [(PARENT, "kid"), (CHILD, "agency"), (CHILD, "kit"), (OWN, "agency")] {
        let mut world = world();
        let id = start(&mut world, app).request_id();
        let (from, to) = (format!(">{}<", app.account), format!(">{claim}<"));
        let seen = post(&mut world, app, &app.says(answering(&id)).in_assertion(&from, &to));
        assert_eq!(seen.refusal(), "account_mismatch", "{} with {claim}", app.account);
    }
}

/// The claim is a hint and no more: it leads to the child, whose Reply URL is another.
#[test]
fn a_claim_leads_to_no_account_but_its_own() {
    let mut world = world();
    let scenario = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", ">kid<");
    let seen = post(&mut world, PARENT, &scenario);
    assert_eq!(seen.refusal(), "destination_mismatch");
    assert_eq!(seen.logged("account"), "kid");
}

#[test]
fn the_audience_lacks_the_fragment_and_nothing_else() {
    for audience in ["https://edge.example/sso/metadata#", "https://edge.example/sso/metadata#kit"]
    {
        let mut world = world();
        let id = start(&mut world, CHILD).request_id();
        let audience = format!("Audience>{audience}</");
        let scenario = CHILD
            .says(answering(&id))
            .in_assertion(&format!("Audience>{}</", CHILD.identifier), &audience);
        assert_eq!(post(&mut world, CHILD, &scenario).refusal(), "audience_mismatch");
    }
    // And the parent's has none to lack.
    let mut world = world();
    let id = start(&mut world, PARENT).request_id();
    let from = format!("Audience>{SHARED}<");
    let scenario =
        PARENT.says(answering(&id)).in_assertion(&from, &format!("Audience>{}<", CHILD.identifier));
    assert_eq!(post(&mut world, PARENT, &scenario).refusal(), "audience_mismatch");
}

#[test]
fn a_response_comes_in_by_the_account_s_own_door() {
    let mut world = world();
    let id = start(&mut world, CHILD).request_id();
    let scenario = CHILD.says(answering(&id));
    let seen = world.post_to("/sso/kid/acs", &form(&scenario));
    assert_eq!(seen.refusal(), "acs_mismatch");
    assert_eq!(post(&mut world, CHILD, &scenario).answer.status, 303);

    let id = start(&mut world, OWN).request_id();
    let scenario = OWN
        .says(answering(&id))
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    let seen = world.post_to("/sso/acs", &form(&scenario));
    assert_eq!(seen.refusal(), "acs_mismatch");
    assert_eq!(seen.answer.status, 403);
    assert_eq!(post(&mut world, OWN, &scenario).answer.status, 303);
}

#[test]
fn a_response_that_names_no_account_is_nobodys() {
    for account in ["", "no such id", "nobody@x"] {
        let mut world = world();
        let claim = format!(">{account}<");
        let unsolicited = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", &claim);
        let seen = post(&mut world, PARENT, &unsolicited);
        assert_eq!(seen.refusal(), "account_unknown");
        assert_eq!(seen.answer.status, 403);
        assert_eq!(seen.logged("account"), "");
        assert!(seen.answer.body.contains("href=\"/sso/login\""), "{}", seen.answer.body);
    }
    let mut world = world();
    let unsolicited = PARENT.says(Scenario::unsolicited()).in_assertion(">agency<", ">nobody<");
    assert_eq!(post(&mut world, PARENT, &unsolicited).refusal(), "sso_not_enabled");
}

#[test]
fn an_answer_to_a_request_that_nobody_made_is_refused() {
    let mut world = world();
    for app in [PARENT, CHILD] {
        let seen = post(&mut world, app, &app.says(Scenario::valid()));
        assert_eq!(seen.refusal(), "in_response_to_unknown");
    }
    // Without a claim to go by, the request was the only hint.
    let claim = "<saml:Attribute Name=\"account_id\"><saml:AttributeValue>agency\
                 </saml:AttributeValue></saml:Attribute>";
    let scenario = PARENT.says(Scenario::valid()).in_assertion(claim, "");
    assert_eq!(post(&mut world, PARENT, &scenario).refusal(), "in_response_to_unknown");
}

/// The unsigned InResponseTo leads to an account of the browser's, and no further.
#[test]
fn the_unsigned_request_id_is_a_hint_only() {
    let mut world = world();
    let (kid, kit) =
        (start(&mut world, CHILD).request_id(), start(&mut world, SIBLING).request_id());
    let claimed = |scenario: Scenario| {
        scenario.in_message(
            &format!("InResponseTo=\"{kid}\" IssueInstant"),
            &format!("InResponseTo=\"{kit}\" IssueInstant"),
        )
    };
    let seen = post(&mut world, SIBLING, &claimed(CHILD.says(answering(&kid))));
    assert_eq!(seen.refusal(), "destination_mismatch");
}

#[test]
fn what_cannot_be_read_has_no_account() {
    let mut world = world();
    for (xml, code) in [("<a", "xml_malformed"), ("<!DOCTYPE a><a/>", "dtd_forbidden")] {
        let form = crate::support::form::fields(&[("SAMLResponse", &base64(xml))]);
        assert_eq!(world.post_to("/sso/acs", &form).refusal(), code);
    }
}

fn base64(text: &str) -> String {
    saml_edge::encoding::base64_encode(text.as_bytes())
}
