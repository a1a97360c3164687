//! Who may change settings: a recent sign-in, a form of our own, and so many changes.

use crate::common::METADATA;
use crate::settings::changes::{
    confirm, edit, edit_and_confirm, hidden, metadata, prove, settings, world,
};
use crate::settings::page::{form_token, sign_in_as};
use crate::settings::setup_links::{
    SETTINGS, {self},
};
use crate::support::form::{answering_with, form};
use crate::support::world::World;

/// A browser that was left open must not be enough.
#[test]
fn changing_takes_a_fresh_proof() {
    let mut world = World::new();
    sign_in_as(&mut world, "account_administrator");
    let page = world.get(SETTINGS).answer.body;
    assert!(page.contains("Sign in to change") && !page.contains("<textarea"));
    prove(&mut world, "_2");
    let fields = [("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    let token = form_token(&world.get(SETTINGS).answer.body);
    world.now = world.now.plus(30 * 60 - 1);
    let shown = edit(&mut world, &fields);
    assert_eq!(shown.answer.status, 200);
    world.now = world.now.plus(1);
    for seen in [
        world.submit(SETTINGS, &[("form_token", &token), fields[0], fields[1]]),
        confirm(&mut world, &shown, &fields),
    ] {
        assert_eq!((&*seen.refusal(), seen.answer.status), ("reauthentication_due", 403));
        assert!(seen.answer.body.contains("prompt=login"));
        assert!(seen.answer.body.contains("urn:acme:sp"), "nothing typed is lost");
    }
    assert_eq!(settings(&world), None);
}

/// IdPs are known to pass over ForceAuthn.
#[test]
fn a_proof_must_be_as_fresh_as_was_asked_for() {
    let mut world = World::new();
    let started = world.get("/sso/acme/login?prompt=login");
    let scenario = answering_with(&started.request_id(), "_1").in_assertion(
        "AuthnInstant=\"2026-11-24T09:59:00Z\"",
        "AuthnInstant=\"2026-11-24T09:58:59Z\"",
    );
    assert_eq!(world.post("acme", &form(&scenario)).refusal(), "authn_too_old");
}

#[test]
fn a_form_of_an_older_sign_in_is_shown_once_more() {
    let mut world = World::new();
    prove(&mut world, "_1");
    let token = form_token(&world.get(SETTINGS).answer.body);
    prove(&mut world, "_2");
    let fields = [("form_token", &*token), ("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    let seen = world.submit(SETTINGS, &fields);
    assert_eq!((&*seen.refusal(), seen.answer.status), ("form_token_invalid", 403));
    assert!(seen.answer.body.contains("urn:acme:sp"), "nothing typed is lost");
    let fresh = hidden(&seen, "form_token");
    let fields = [("form_token", &*fresh), ("edit", "entity_id"), ("entity_id", "urn:acme:sp")];
    assert!(world.submit(SETTINGS, &fields).answer.body.contains("Nothing is changed yet"));
}

/// No other site can have somebody change anything, whatever it knows.
#[test]
fn no_other_site_changes_anything() {
    let mut world = world();
    let fields = [("edit", "delete")];
    let shown = edit(&mut world, &fields);
    for (fetch_site, origin) in [
        (Some("cross-site"), None),
        (Some("same-site"), None),
        (Some("none"), None),
        (None, None),
        (None, Some("https://evil.example")),
        (None, Some("null")),
    ] {
        (world.fetch_site, world.origin) = (fetch_site, origin);
        assert_eq!(confirm(&mut world, &shown, &fields).refusal(), "cross_site_form");
    }
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
}

/// Row G6: what is changed is kept for months, and an hour has room for what people change.
#[test]
fn changes_are_counted_for_all_of_an_account_s_people_together() {
    let mut world = world();
    let choose = |world: &mut World, number: usize| {
        let domains = format!("acme{number}.example");
        let fields = [("edit", "choices"), ("idp_initiated", "upgrade"), ("domains", &*domains)];
        edit_and_confirm(world, &fields)
    };
    for number in 0..20 {
        assert_eq!(choose(&mut world, number).answer.status, 303, "{number}");
    }
    let before = settings(&world);
    world.now = world.now.plus(125);
    let seen = choose(&mut world, 20);
    assert_eq!((seen.answer.status, seen.logged("code").as_str()), (429, "too_many_changes"));
    assert_eq!(seen.header("retry-after"), "3475");
    assert!(
        seen.answer.body.contains("it can be done again in 58 minutes"),
        "{}",
        seen.answer.body
    );
    assert!(seen.answer.body.contains("acme20.example"), "what was typed stays");
    assert_eq!(settings(&world), before);
    // Nor by another browser, or another way in.
    world.jar.clear();
    setup_links::enter(&mut world);
    assert_eq!(choose(&mut world, 21).answer.status, 429);
    // Operators are not counted, and other accounts are.
    let audit = world.ledger.audit().len();
    let token = format!("Bearer {}", crate::support::config::secret(9));
    world.authorization = Some(token);
    world.if_match = Some("*".to_owned());
    let path = "/sso/api/v1/accounts/acme";
    let body = crate::fakes::Octets::of("{}");
    let seen = world.send("PUT", path, Some("application/json"), "", body);
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    assert_eq!(world.ledger.audit().len(), audit + 1);
    world.now = world.now.plus(3475);
    assert_eq!(choose(&mut world, 22).answer.status, 303);
}
