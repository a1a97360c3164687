//! An entity id that another account at the same IdP has.

use crate::common::METADATA;
use crate::settings::changes::{edit, edit_and_confirm, metadata, other, settings, world};
use crate::support::form::{answering_with, form};

#[test]
fn an_entity_id_that_another_account_has_is_refused() {
    let mut world = world();
    for account in ["acme", "other"] {
        world.add(account, METADATA, Some(r#"{"acs":"shared"}"#));
    }
    let fields = [("edit", "entity_id"), ("entity_id", "urn:taken")];
    world.add("other", METADATA, Some(r#"{"acs":"shared","entity_id":"urn:taken"}"#));
    let id = world.get("/sso/other/login").request_id();
    let scenario = answering_with(&id, "_1")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/metadata", "urn:taken")
        .in_assertion(">acme<", ">other<");
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    // Somebody has signed in to this account too, with the same key.
    let id = world.get("/sso/acme/login").request_id();
    let scenario = answering_with(&id, "_2")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion(
            "https://edge.example/sso/acme/metadata",
            "https://edge.example/sso/metadata",
        );
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    // It is said at the field, before anybody is asked for a yes.
    let seen = edit(&mut world, &fields);
    assert_eq!(seen.answer.status, 400);
    for said in [
        "Another account already has this Identifier at your identity provider",
        "Nothing was changed.",
        "aria-invalid=\"true\" aria-describedby=\"entity_id_problem entity_id_hint\"",
    ] {
        assert!(seen.answer.body.contains(said), "{said}: {}", seen.answer.body);
    }
    assert!(!seen.answer.body.contains("name=\"shown\""));
    assert_eq!(settings(&world).as_deref(), Some(r#"{"acs":"shared"}"#));
    // One that it leaves empty leads to the same place.
    let own = r##"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#acme"}"##;
    world.add("acme", METADATA, Some(own));
    world.add("other", METADATA, Some(r#"{"acs":"shared"}"#));
    let id = world.get("/sso/other/login").request_id();
    let scenario = answering_with(&id, "_3")
        .in_assertion("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_response("https://edge.example/sso/acme/acs", "https://edge.example/sso/acs")
        .in_assertion("https://edge.example/sso/acme/metadata", "https://edge.example/sso/metadata")
        .in_assertion(">acme<", ">other<");
    assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
    let seen = edit(&mut world, &[("edit", "entity_id"), ("entity_id", "")]);
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("Another account already has this Identifier"));
    assert_eq!(settings(&world).as_deref(), Some(own));
}

/// Metadata is public. Whoever stores that of another company must not learn whether it signs in
/// here, before its key has signed somebody in to their own account.
#[test]
fn the_owner_of_an_entity_id_is_shown_only_with_its_key() {
    let shared = Some(r#"{"acs":"shared"}"#);
    let mut answers = Vec::new();
    for is_customer in [false, true] {
        let mut world = world();
        world.add("acme", &other(), shared);
        if is_customer {
            world.add("other", METADATA, shared);
            let id = world.get("/sso/other/login").request_id();
            let own = "https://edge.example/sso/acme";
            let scenario = answering_with(&id, "_1")
                .in_assertion(&format!("{own}/acs"), "https://edge.example/sso/acs")
                .in_response(&format!("{own}/acs"), "https://edge.example/sso/acs")
                .in_assertion(&format!("{own}/metadata"), "https://edge.example/sso/metadata")
                .in_assertion(">acme<", ">other<");
            assert_eq!(world.post_to("/sso/acs", &form(&scenario)).answer.status, 303);
            assert_eq!(world.ledger.pairs().len(), 1);
        }
        let seen = edit_and_confirm(&mut world, &[("edit", "metadata"), ("metadata", METADATA)]);
        answers.push((seen.answer.status, seen.header("location").to_owned()));
        assert_eq!(metadata(&world).as_deref(), Some(METADATA.trim()));
        // Nor does it help them.
        assert_eq!(world.ledger.pairs().len(), usize::from(is_customer));
    }
    assert_eq!(answers[0], answers[1]);
}
