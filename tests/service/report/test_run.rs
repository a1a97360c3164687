//! A test run uses its response up and signs nobody in.

use crate::common::{METADATA, Scenario};
use crate::report::scenario::{TEST, administrator, assert_report, start, steps};
use crate::settings::page::{form_token, sign_in_as};
use crate::support::form::{answering_with, form};
use crate::support::world::World;

/// The same message from another IdP.
pub(crate) fn of(idp: &str, scenario: Scenario) -> Scenario {
    let issuer = ">https://idp.example/metadata<";
    let to = format!(">{idp}<");
    scenario.in_response(issuer, &to).in_assertion(issuer, &to)
}

pub(crate) fn administrator_of(mut world: World, idp: &str) -> World {
    world.jar.clear();
    let change = |it: Scenario| of(idp, it.in_assertion(">developer<", ">account_administrator<"));
    let id = world.start("/");
    let seen = world.post("acme", &form(&change(answering_with(&id, "_administrator"))));
    assert_eq!(seen.answer.status, 303);
    world
}

#[test]
fn a_test_is_used_up_and_never_a_session() {
    let mut world = administrator(World::new());
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test"));
    assert_eq!(world.post("acme", &response).logged("event"), "test_passed");
    // Again in the browser that tested: a report, which says so.
    let seen = world.post("acme", &response);
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "assertion_replayed");
    assert_eq!(steps(&seen).last().expect("steps"), &("Used once".to_owned(), "failed".to_owned()));
    // And in one that did not.
    world.jar.clear();
    assert_eq!(world.post("acme", &response).refusal(), "in_response_to_unknown");
}

/// What the request of a test was answered with can be no answer to another one.
#[test]
fn a_refused_test_is_no_session_later() {
    let mut world = administrator(World::new());
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test").in_assertion(">developer<", ">owner<"));
    assert_eq!(world.post("acme", &response).logged("code"), "role_not_listed");
    world.config = crate::support::config::config_with(&[("ROLES", "owner,account_administrator")]);
    let seen = world.post("acme", &response);
    assert_report(&seen);
    assert_eq!(seen.logged("event"), "test_passed", "mended: and still a report");
}

/// Any login can be under way beside a test, and neither becomes the other.
#[test]
fn an_ordinary_response_never_ends_in_a_report() {
    let mut world = administrator(World::new());
    let test = start(&mut world);
    let login = world.start("/media");
    let refused = answering_with(&login, "_1").in_assertion("/sso/acme/metadata", "/sso/other/");
    let seen = world.post("acme", &form(&refused));
    assert_eq!((&*seen.refusal(), seen.answer.status), ("audience_mismatch", 403));
    assert!(steps(&seen).is_empty(), "the code is for the log alone");
    // The request of the test on the outside, that of the login where it is signed.
    let from = format!("InResponseTo=\"{login}\"");
    let mixed =
        answering_with(&login, "_2").in_response(&from, &format!("InResponseTo=\"{test}\""));
    let seen = world.post("acme", &form(&mixed));
    assert_report(&seen);
    assert_eq!(seen.logged("code"), "in_response_to_mismatch");
    assert_eq!(world.post("acme", &form(&answering_with(&login, "_3"))).answer.status, 303);
}

/// A test is this browser's, by its sealed cookie. Nobody else's response makes a page of it.
#[test]
fn a_test_is_bound_to_its_browser_and_account() {
    let mut world = administrator(World::new());
    world.add("other", METADATA, None);
    let id = start(&mut world);
    let response = form(&answering_with(&id, "_test").signed_by_another_key());
    let seen = world.post("other", &response);
    assert_eq!(seen.refusal(), "signature_invalid");
    assert!(steps(&seen).is_empty());
    world.jar.clear();
    let seen = world.post("acme", &response);
    assert_eq!(seen.refusal(), "signature_invalid");
    assert!(steps(&seen).is_empty());
}

#[test]
fn only_administrators_test_and_only_from_the_page() {
    let mut world = World::new();
    assert!(world.get(TEST).header("location").starts_with("/sso/acme/login"));
    sign_in_as(&mut world, "developer");
    assert_eq!(world.get(TEST).refusal(), "settings_forbidden");
    let fields = [("action", "start"), ("form_token", "x")];
    assert_eq!(world.submit(TEST, &fields).refusal(), "settings_forbidden");
    let mut world = administrator(World::new());
    assert_eq!(world.submit(TEST, &fields).refusal(), "form_token_invalid");
    let token = form_token(&world.get(TEST).answer.body);
    world.fetch_site = Some("cross-site");
    let fields = [("action", "inspect"), ("form_token", &*token), ("response", "x")];
    assert_eq!(world.submit(TEST, &fields).refusal(), "cross_site_form");
}
