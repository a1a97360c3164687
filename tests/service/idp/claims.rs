//! What becomes of the claims that IdPs really send.

use crate::acs::refusals::attribute;
use crate::common::Scenario;
use crate::support::seen::Seen;
use crate::support::world::World;

const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";

/// A login whose role attribute has these values.
fn with_roles(settings: &str, values: &[&str]) -> (World, Seen) {
    let mut world = World::with_settings(settings);
    let seen = world.sign_in(|it| roles(it, values));
    (world, seen)
}

fn roles(scenario: Scenario, values: &[&str]) -> Scenario {
    let value = |value: &&str| format!("<saml:AttributeValue>{value}</saml:AttributeValue>");
    let values: String = values.iter().map(value).collect();
    scenario.in_assertion("<saml:AttributeValue>developer</saml:AttributeValue>", &values)
}

fn email(settings: &str, value: &str) -> (World, Seen) {
    let mut world = World::with_settings(settings);
    let seen = world.sign_in(|it| it.in_assertion("ada@acme.example", value));
    (world, seen)
}

#[test]
fn one_listed_role_among_other_values() {
    for values in [
        &["offline_access", "developer", "uma_authorization"][..],
        &["developer", "developer"],
        &["0c2e4a6f-93b5-4d2e-8a61-0f5d9b3c2e17", "developer", ""],
    ] {
        let (mut world, seen) = with_roles("{}", values);
        assert_eq!(seen.answer.status, 303, "{values:?}");
        assert_eq!(world.session()["role"], "developer");
    }
    let (_, seen) = with_roles("{}", &["offline_access", "Developer", "developer "]);
    assert_eq!(seen.refusal(), "role_not_listed");
}

/// The plan's ceiling says what an account may grant, not which of two roles a user was meant to
/// have.
#[test]
fn two_roles_are_never_narrowed_to_one() {
    for settings in ["{}", r#"{"roles":["finance"]}"#, r#"{"roles":["developer"]}"#] {
        let (_, seen) = with_roles(settings, &["developer", "x", "finance"]);
        assert_eq!(seen.refusal(), "role_repeated", "{settings}");
    }
}

#[test]
fn a_role_that_the_account_may_not_grant() {
    let (_, seen) = with_roles(r#"{"roles":["finance","owner"]}"#, &["developer"]);
    assert_eq!(seen.refusal(), "role_not_allowed");
    assert_eq!(seen.answer.status, 403);
    // The page lists those that are, and none that only the account lists.
    let listed: Vec<_> = seen.answer.body.split("<li>").skip(1).collect();
    assert!(listed.len() == 1 && listed[0].starts_with("finance</li>"), "{listed:?}");
    let (_, seen) = with_roles(r#"{"roles":["finance"]}"#, &["finance"]);
    assert_eq!(seen.answer.status, 303);
}

#[test]
fn more_groups_than_entra_sends() {
    let settings = format!(r#"{{"claims":{{"role":"{GROUPS}"}}}}"#);
    let link = attribute(GROUPS_LINK, "https://graph.windows.net/x/users/y/getMemberObjects");
    let mut world = World::with_settings(&settings);
    let role = attribute("role", "developer");
    let seen = world.sign_in(|it| it.in_assertion(&role, &link));
    assert_eq!(seen.refusal(), "groups_omitted");
    assert!(seen.answer.body.contains("more than 150"), "{}", seen.answer.body);
    // Beside groups that did come it says nothing.
    let mut world = World::with_settings(&settings);
    let both = format!("{link}{}", attribute(GROUPS, "developer"));
    assert_eq!(world.sign_in(|it| it.in_assertion(&role, &both)).answer.status, 303);
    let mut world = World::with_settings(&settings);
    assert_eq!(world.sign_in(|it| it.in_assertion(&role, "")).refusal(), "role_missing");
}

/// Names are compared whole: the end of a URI is no name of its own.
#[test]
fn a_claim_has_exactly_the_name_that_is_set() {
    let long = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    let settings = format!(r#"{{"claims":{{"role":"{long}"}}}}"#);
    let (from, to) = (attribute("role", "developer"), attribute(long, "developer"));
    let mut world = World::with_settings(&settings);
    assert_eq!(world.sign_in(|it| it.in_assertion(&from, &to)).answer.status, 303);
    let mut world = World::with_settings(&settings);
    assert_eq!(world.sign_in(|it| it).refusal(), "role_missing");
    let mut world = World::new();
    assert_eq!(world.sign_in(|it| it.in_assertion(&from, &to)).refusal(), "role_missing");
}

#[test]
fn a_name_format_plays_no_part() {
    let uri = "Name=\"role\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"";
    let mut world = World::new();
    let seen = world.sign_in(|it| it.in_assertion("Name=\"role\"", uri));
    assert_eq!(seen.answer.status, 303);
}

#[test]
fn an_address_of_another_domain() {
    let settings = r#"{"domains":["acme.example","acme.test"]}"#;
    for domain in ["sub.acme.example", "xacme.example", "example", "acme.example.evil.test"] {
        let (_, seen) = email(settings, &format!("ada@{domain}"));
        assert_eq!(seen.refusal(), "email_domain_not_listed", "{domain}");
        assert!(!seen.answer.body.contains(domain), "{domain}");
    }
    for domain in ["acme.example", "acme.test", "ACME.example"] {
        let (mut world, seen) = email(settings, &format!("ada@{domain}"));
        assert_eq!(seen.answer.status, 303, "{domain}");
        assert_eq!(world.session()["email"], format!("ada@{}", domain.to_lowercase()));
    }
    let (_, seen) = email(r#"{"domains":[]}"#, "ada@acme.example");
    assert_eq!(seen.refusal(), "email_domain_not_listed");
}

/// The claim that stands in for the NameID is held to the domains in its place.
#[test]
fn an_address_of_another_domain_in_a_claim() {
    let settings = r#"{"claims":{"email":"mail"},"domains":["acme.example"]}"#;
    let end = "</saml:AttributeStatement>";
    for (mail, code) in [("ada@evil.example", "email_domain_not_listed"), ("ada@acme.example", "")]
    {
        let mut world = World::with_settings(settings);
        let seen = world.sign_in(|it| {
            let mail = attribute("mail", mail);
            it.in_assertion(end, &format!("{mail}{end}"))
                .in_assertion(">ada@acme.example</saml:NameID>", ">ada</saml:NameID>")
        });
        assert_eq!(seen.logged("code"), code);
    }
}

/// Entra, where the user has no mail address.
#[test]
fn a_subject_without_a_name_says_what_to_mend() {
    let mut world = World::new();
    let name_id = "<saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
                   ada@acme.example</saml:NameID>";
    let seen = world.sign_in(|it| it.in_assertion(name_id, ""));
    assert_eq!(seen.refusal(), "name_id_missing");
    assert_eq!(seen.answer.status, 403);
    assert!(seen.answer.body.contains("user.mail"), "{}", seen.answer.body);
    // Nobody learns it from a subject that is not signed.
    let seen = World::new().sign_in(|it| it.in_message(name_id, ""));
    assert_eq!(seen.refusal(), "digest_mismatch");
    assert!(!seen.answer.body.contains("user.mail"));
}

/// Some IdPs send an attribute under each of two NameFormats.
#[test]
fn an_equal_value_twice_is_one() {
    let mut world = World::with_settings(r#"{"claims":{"email":"mail"}}"#);
    let seen = world.sign_in(|it| {
        let end = "</saml:AttributeStatement>";
        let more = ["acme", "ada@acme.example", "ada@acme.example"];
        let more = ["account_id", "mail", "mail"].iter().zip(more);
        let more: String = more.map(|(name, value)| attribute(name, value)).collect();
        it.in_assertion(end, &format!("{more}{end}"))
    });
    assert_eq!(seen.logged("code"), "");
    assert_eq!(seen.answer.status, 303);
}
