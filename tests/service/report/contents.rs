//! What a report says, and what it does not.

use saml_edge::inspect::{CheckState, steps as steps_of};
use saml_verify::error::Refusal;

use crate::common::{METADATA, Scenario};
use crate::report::scenario::{
    BREAKS, ISSUER_FORMAT, STEPS, administrator, assert_report, inspect, sealing, steps, test,
};
use crate::report::test_run::{administrator_of, of};
use crate::support::world::World;

#[test]
fn a_test_that_passes_shows_who_would_be_signed_in() {
    let mut world = administrator(World::new());
    let (users, sessions) = (world.ledger.users().len(), world.ledger.sessions().len());
    let seen = test(&mut world, |it| it);
    assert_report(&seen);
    assert!(steps(&seen).iter().all(|(_, standing)| standing == "passed"), "{:?}", steps(&seen));
    assert_eq!(seen.logged("event"), "test_passed");
    let body = &seen.answer.body;
    for shown in [
        "The test passed",
        "This would sign in Ada Lovelace (ada@acme.example) as developer.",
        "<bdi>account_id</bdi></dt><dd><bdi>acme</bdi>",
    ] {
        assert!(body.contains(shown), "{shown} in {body}");
    }
    let now = (world.ledger.users().len(), world.ledger.sessions().len());
    assert_eq!(now, (users, sessions), "nobody came, and no session");
    assert_eq!(world.session()["role"], "account_administrator", "who was signed in is so still");
}

#[test]
fn what_is_broken_fails_at_its_step_and_nothing_before_it() {
    let mut world = administrator(World::new());
    for (step, code, change) in BREAKS {
        let seen = test(&mut world, change);
        assert_report(&seen);
        assert_eq!((&*seen.logged("event"), &*seen.logged("code")), ("test_refused", code));
        assert!(seen.answer.body.contains(&format!("<code>{code}</code>")), "{code}");
        let steps = steps(&seen);
        let failed = steps.iter().position(|(_, it)| it == "failed").expect("a step that failed");
        assert_eq!(steps[failed].0, step);
        let is_of_two = |title: &str| {
            let turns =
                [["Encryption", "Signature and certificate"], ["Issuer", "Subject and conditions"]];
            turns.iter().any(|turn| turn.contains(&title) && turn.contains(&step))
        };
        for (title, standing) in &steps[..failed] {
            assert!(standing == "passed" || is_of_two(title), "{title}: {standing} by {code}");
        }
        assert!(steps[failed + 1..].iter().all(|(_, it)| it == "not checked"), "{code}");
    }
    assert_eq!(world.session()["role"], "account_administrator");
}

/// A report can be short of what is known, and must never say that something passed which did not.
#[test]
fn of_two_things_that_are_broken_neither_is_said_to_have_passed() {
    let breaks = || BREAKS.into_iter().chain([ISSUER_FORMAT]);
    for (one, _, first) in breaks() {
        let mut world = administrator(World::new());
        for (other, _, second) in breaks() {
            if one == other {
                continue;
            }
            let seen = test(&mut world, |it| second(first(it)));
            assert_report(&seen);
            for (title, standing) in steps(&seen) {
                let is_broken = title == one || title == other;
                assert!(!(is_broken && standing == "passed"), "{one} and {other}: {title}");
            }
        }
    }
}

#[test]
fn a_report_says_what_was_expected_and_what_came() {
    let mut world = administrator(World::new());
    let seen = test(&mut world, |it| {
        it.in_assertion(
            "/sso/acme/metadata",
            "/sso/<b>/metadata".replace('<', "&lt;").replace('>', "&gt;").as_str(),
        )
    });
    let body = &seen.answer.body;
    assert!(
        body.contains("<dt>Expected</dt><dd>https://edge.example/sso/acme/metadata</dd>"),
        "{body}"
    );
    assert!(body.contains("Received, as the message claims: not verified"), "{body}");
    assert!(body.contains("https://edge.example/sso/&#60;b&#62;/metadata"), "escaped: {body}");
    let seen = test(&mut world, |it| it.in_assertion(">developer<", ">owner<"));
    assert!(seen.answer.body.contains("Received, as signed</dt><dd><bdi>role = owner</bdi>"));
}

/// Where the message is not accepted, nothing that it says of a user is shown.
#[test]
fn a_report_shows_no_claims_that_were_not_verified() {
    let mut world = administrator(World::new());
    for (step, _, change) in &BREAKS[..12] {
        let seen = test(&mut world, change);
        for claim in ["Lovelace", "ada@", "full_name"] {
            let (_, report) = seen.answer.body.split_once("<main>").expect("a page");
            assert!(!report.contains(claim), "{claim} after {step}");
        }
    }
}

#[test]
fn a_report_says_where_to_click() {
    let mut world = administrator(World::new());
    let broken = |it: Scenario| it.in_assertion("/sso/acme/metadata", "/sso/other/");
    let seen = test(&mut world, broken);
    for product in ["Entra ID", "Okta", "Google Workspace", "AD FS", "Keycloak"] {
        assert!(seen.answer.body.contains(&format!("<dt>{product}</dt>")), "{product}");
    }
    let keycloak = "https://sso.acme.example/realms/acme";
    world.add("acme", &METADATA.replace("https://idp.example/metadata", keycloak), None);
    let mut world = administrator_of(world, keycloak);
    let seen = test(&mut world, |it| of(keycloak, broken(it)));
    assert!(seen.answer.body.contains("<dt>Keycloak</dt><dd>Settings, Client ID.</dd>"));
    assert!(!seen.answer.body.contains("<dt>Okta</dt>"));
}

#[test]
fn the_verifiers_own_steps_are_reported_offline_too() {
    let told = |refusal| steps_of(refusal).map(|(_, it)| it).collect::<Vec<_>>();
    let titles: Vec<_> = steps_of(None).map(|(title, _)| title).collect();
    assert_eq!(titles, STEPS[..13]);
    assert_eq!(told(None), [CheckState::Passed; 13]);
    let audience = told(Some(Refusal::AudienceMismatch));
    assert_eq!(audience[..12], [CheckState::Passed; 12]);
    assert_eq!(audience[12], CheckState::Failed);
    let status = told(Some(Refusal::StatusNotSuccess));
    assert_eq!(status[..3], [CheckState::Passed, CheckState::Passed, CheckState::Failed]);
    assert_eq!(status[3..], [CheckState::Unknown; 10]);
    assert_eq!(told(Some(Refusal::LogoutExpired)), [CheckState::Unknown; 13]);
}

/// Whoever may ask often enough what becomes of a ciphertext can read it, and another account's
/// assertions are encrypted to the same key.
#[test]
fn a_report_says_nothing_of_what_comes_out_of_a_decryption() {
    let mut world = administrator(World::with_sp_key("{}"));
    let mut pages = Vec::new();
    let breaks: [fn(Scenario) -> Scenario; 4] = [
        |it| it.in_assertion("/sso/acme/metadata", "/sso/other/").sealed(sealing()),
        |it| it.signed_by_another_key().sealed(sealing()),
        |it| it.sealed_text(sealing(), "<saml:Assertion>"),
        |it| it.sealed_text(sealing(), "no XML"),
    ];
    for change in breaks {
        let seen = inspect(&mut world, &change(Scenario::valid()).xml(), "");
        assert_report(&seen);
        let code = seen.logged("code");
        let is_told = seen.answer.body.contains(&format!("<code>{code}</code>"));
        assert_eq!(is_told, code == "decryption_failed", "{code} is for the log alone");
        let (_, body) = seen.answer.body.split_once("<main>").expect("a page");
        pages.push(body.replace(&seen.logged("reference"), ""));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
    let seen = inspect(&mut world, &Scenario::valid().sealed(sealing()).xml(), "");
    assert_eq!(seen.logged("event"), "test_passed");
}

/// A page that somebody tests with is no place for a message of thousands of claims.
#[test]
fn a_report_is_short() {
    let mut world = administrator(World::new());
    let many = |count: usize| "<saml:AttributeValue>v</saml:AttributeValue>".repeat(count);
    let groups = format!("<saml:Attribute Name=\"groups\">{}</saml:Attribute>", many(1000));
    let seen = test(&mut world, |it| {
        it.in_assertion("<saml:AttributeStatement>", &format!("<saml:AttributeStatement>{groups}"))
            .in_assertion("ada@acme.example", &"a".repeat(5000))
    });
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "email_invalid");
    assert!(seen.answer.body.len() < 40_000, "{}", seen.answer.body.len());
}
