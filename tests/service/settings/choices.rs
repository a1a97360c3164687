//! The choices of an account on the settings page.

use crate::common::{METADATA, Scenario};
use crate::settings::changes::{confirm, edit, edit_and_confirm, prove, settings, world};
use crate::settings::setup_links::SETTINGS;
use crate::support::form::form;
use crate::support::world::World;

#[test]
fn an_entity_id_reverts_where_it_is_emptied() {
    let mut world = world();
    let id = "https://edge.example/sso/acme/metadata#acme";
    let shown = edit(&mut world, &[("edit", "entity_id"), ("entity_id", &format!(" {id} "))]);
    assert!(shown.answer.body.contains("until the identity provider has the new Identifier"));
    confirm(&mut world, &shown, &[("edit", "entity_id"), ("entity_id", id)]);
    assert!(settings(&world).is_some_and(|it| it.contains(id)));
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains(&format!("value=\"{id}\" maxlength")));
    edit_and_confirm(&mut world, &[("edit", "entity_id"), ("entity_id", "")]);
    assert_eq!(settings(&world), None);
    for wrong in ["urn:x y", "https://edge.example/sso/other/metadata", "urn:x#other"] {
        let seen = edit(&mut world, &[("edit", "entity_id"), ("entity_id", wrong)]);
        assert_eq!(seen.answer.status, 400, "{wrong}");
        assert!(seen.answer.body.contains("This Entity ID cannot be used: "), "{wrong}");
    }
}

#[test]
fn choices_are_stored_as_settings() {
    let mut world = world();
    let choices =
        [("edit", "choices"), ("idp_initiated", "off"), ("domains", "Acme.example\r\n@b.example")];
    edit_and_confirm(&mut world, &choices);
    let stored = r#"{"choices":{"domains":["acme.example","b.example"],"idp_initiated":"off"}}"#;
    assert_eq!(settings(&world).as_deref(), Some(stored));
    let again = edit(&mut world, &choices);
    assert!(again.answer.body.contains("This is already stored."));
    let none = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "")];
    edit_and_confirm(&mut world, &none);
    assert_eq!(settings(&world), None);
    let odd = [("edit", "choices"), ("idp_initiated", "always"), ("domains", "")];
    assert_eq!(edit(&mut world, &odd).answer.status, 400);
    let wrong = [("edit", "choices"), ("idp_initiated", "off"), ("domains", "b_example")];
    assert_eq!(edit(&mut world, &wrong).answer.status, 400);
}

/// Row G3: an account's own people narrow what operators allow, and widen nothing of it.
#[test]
fn choices_keep_within_what_operators_allow() {
    let mut world = world();
    let allowed = r#"{"domains":["acme.example","b.example"],"roles":["developer"]}"#;
    world.add("acme", METADATA, Some(allowed));
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains("that this product’s operators allow: acme.example, b.example"));
    assert!(page.contains("“Accepted as they are” must be allowed by this product’s operators."));
    assert!(!page.contains("id=\"start_on\""));
    for (idp_initiated, domains, said) in [
        ("on", "", "operators do not allow this choice for sign-ins that start"),
        ("upgrade", "victim.example", "not among those that this product’s operators allow"),
        ("off", "acme.example victim.example", "not among those that"),
    ] {
        let fields = [("edit", "choices"), ("idp_initiated", idp_initiated), ("domains", domains)];
        let seen = edit(&mut world, &fields);
        assert_eq!(seen.answer.status, 400);
        assert!(seen.answer.body.contains(said), "{said}");
        assert_eq!(settings(&world).as_deref(), Some(allowed));
    }
    // To clear them is to have all that is allowed.
    let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "b.example")];
    edit_and_confirm(&mut world, &fields);
    let narrowed = "{\"choices\":{\"domains\":[\"b.example\"]},\"domains\":[\"acme.example\",\
        \"b.example\"],\"roles\":[\"developer\"]}";
    assert_eq!(settings(&world).as_deref(), Some(narrowed));
    assert_eq!(world.sign_in(|it| it).refusal(), "email_domain_not_listed");
    let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "")];
    edit_and_confirm(&mut world, &fields);
    assert_eq!(settings(&world).as_deref(), Some(allowed));
    let ceo = |it: Scenario| it.in_assertion("ada@acme.example", "ceo@victim.example");
    assert_eq!(world.sign_in(ceo).refusal(), "email_domain_not_listed");
}

/// What an operator takes back is taken back from whoever had chosen it.
#[test]
fn what_operators_allow_holds_whatever_was_chosen() {
    let mut world = world();
    world.add("acme", METADATA, Some(r#"{"idp_initiated":"on"}"#));
    assert!(world.get(SETTINGS).answer.body.contains("id=\"start_on\""));
    let chosen = r#"{"choices":{"domains":["b.example"],"idp_initiated":"on"}}"#;
    world.add("acme", METADATA, Some(chosen));
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.refusal(), "email_domain_not_listed", "and no session of it");
    let chosen = r#"{"choices":{"idp_initiated":"on"}}"#;
    world.add("acme", METADATA, Some(chosen));
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.logged("event"), "login_upgraded");
}

#[test]
fn tells_administrators_that_they_lock_themselves_out() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let choices = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "b.example")];
    let shown = edit(&mut world, &choices);
    assert!(shown.answer.body.contains("Your own e-mail address is in none of these domains"));
    let shown = edit(&mut world, &[("edit", "entity_id"), ("entity_id", "urn:acme:sp")]);
    assert!(shown.answer.body.contains("This includes you"));
    let choices = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", "acme.example")];
    let shown = edit(&mut world, &choices);
    assert!(!shown.answer.body.contains("class=\"problem\""));
    let silent = METADATA.replace("SingleSignOnService", "AssertionIDRequestService");
    let shown = edit(&mut world, &[("edit", "metadata"), ("metadata", &silent)]);
    assert!(shown.answer.body.contains("no address where sign-ins can start"));
}
