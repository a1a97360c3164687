//! Responses that answer no request, under each setting of `idp_initiated` (row F4).

use crate::common::{METADATA, NOW, Scenario};
use crate::support::form::{answering, form, form_with};
use crate::support::seen::SESSION;
use crate::support::world::World;

#[test]
fn an_upgrade_issues_nothing_and_starts_a_login_here() {
    let mut world = World::new();
    let seen = world.post("acme", &form_with(&Scenario::unsolicited(), "/albums"));
    assert_eq!(seen.answer.status, 302);
    assert!(seen.header("location").starts_with("https://idp.example/"));
    assert_eq!(seen.logged("event"), "login_upgraded");
    assert!(!world.jar.contains_key(SESSION));

    let answer = world.post("acme", &form(&second(&seen.request_id())));
    assert_eq!(answer.answer.status, 303);
    assert_eq!(answer.header("location"), "/albums");
    assert_eq!(world.session()["email"], "ada@acme.example");
}

/// Another assertion than that of `Scenario::unsolicited`, in answer to `id`.
fn second(id: &str) -> Scenario {
    answering(id)
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second")
}

#[test]
fn an_upgrade_sends_nobody_to_another_site() {
    let mut world = World::new();
    let seen = world.post("acme", &form_with(&Scenario::unsolicited(), "https://evil.example/"));
    let answer = world.post("acme", &form(&second(&seen.request_id())));
    assert_eq!(answer.header("location"), "/sso/");
}

#[test]
fn an_upgrade_happens_only_once_for_an_assertion() {
    let mut world = World::new();
    let posted = form(&Scenario::unsolicited());
    assert_eq!(world.post("acme", &posted).answer.status, 302);
    let mut other = World { jar: Default::default(), ..world };
    assert_eq!(other.post("acme", &posted).refusal(), "assertion_replayed");
}

#[test]
fn an_upgrade_needs_a_response_that_holds() {
    let mut world = World::new();
    let changed = Scenario::unsolicited().in_message("Ada Lovelace", "Eve Lovelace");
    assert_eq!(world.post("acme", &form(&changed)).refusal(), "digest_mismatch");
    let role = Scenario::unsolicited().in_assertion(">developer<", ">owner<");
    assert_eq!(world.post("acme", &form(&role)).refusal(), "role_not_listed");
    assert!(world.ledger.assertions().is_empty());
    assert_eq!(world.pending(), 0);
}

/// What the IdP posts when the user clicks for the nth time.
fn click(number: i64) -> String {
    let (id, reference) = (format!("ID=\"_click{number}\""), format!("#_click{number}"));
    let scenario = Scenario::unsolicited().in_assertion("ID=\"_assertion\"", &id);
    form(&scenario.in_signed_info("#{id}", &reference))
}

#[test]
fn an_upgrade_that_goes_in_circles_ends() {
    for (pause, ends) in [(0, true), (39, true), (40, false)] {
        let mut world = World::new();
        for number in 0..3 {
            assert_eq!(world.post("acme", &click(number)).answer.status, 302);
            world.now = world.now.plus(pause);
        }
        let seen = world.post("acme", &click(3));
        if !ends {
            assert_eq!(seen.answer.status, 302, "the first was two minutes ago");
            continue;
        }
        assert_eq!((&*seen.refusal(), seen.answer.status), ("upgrade_loop", 403));
        assert_eq!((world.pending(), seen.headers("set-cookie").count()), (3, 0));
        // Two minutes later the user is served again.
        world.now = NOW.plus(120);
        assert_eq!(world.post("acme", &click(4)).answer.status, 302);
    }
}

/// A double click, or a prompt that was closed: every tab ends where it was to go.
#[test]
fn a_second_tab_is_no_loop() {
    let mut world = World::new();
    let ids = [0, 1].map(|number| world.post("acme", &click(number)).request_id());
    assert_eq!(world.pending(), 2);
    for (number, id) in ids.iter().enumerate().rev() {
        let answer = crate::support::form::answering_with(id, &format!("_answer{number}"))
            .in_signed_info("#{id}", &format!("#_answer{number}"));
        assert_eq!(world.post("acme", &form(&answer)).logged("event"), "login_succeeded");
    }
    assert_eq!(world.pending(), 0);
    assert_eq!(world.session()["email"], "ada@acme.example");
}

/// An IdP that asks for a password again, or a browser that keeps no cookie, ends on a page.
#[test]
fn a_browser_without_cookies_does_not_go_round() {
    let mut world = World::new();
    let mut id = world.post("acme", &form(&Scenario::unsolicited())).request_id();
    for round in 0..2 {
        world.jar.clear();
        let assertion = format!("_round{round}");
        let answer = answering(&id)
            .in_assertion("ID=\"_assertion\"", &format!("ID=\"{assertion}\""))
            .in_signed_info("#{id}", &format!("#{assertion}"));
        let seen = world.post("acme", &form(&answer));
        assert_eq!((seen.refusal().as_str(), seen.answer.status), ("in_response_to_unknown", 403));
        assert!(seen.answer.body.contains("cookies"), "{}", seen.answer.body);
        id = world.get("/sso/acme/login").request_id();
    }
}

#[test]
fn a_login_of_ours_under_way_is_no_loop() {
    let mut world = World::new();
    world.start("/media");
    assert_eq!(world.post("acme", &form(&Scenario::unsolicited())).answer.status, 302);
    assert_eq!(world.pending(), 2);
}

#[test]
fn an_upgrade_needs_an_endpoint_to_go_to() {
    let mut world = World::new();
    world.add("acme", &without_endpoint(), None);
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.refusal(), "sso_endpoint_missing");
    assert!(world.ledger.assertions().is_empty());
}

/// The test IdP's metadata without an endpoint that takes requests.
pub(crate) fn without_endpoint() -> String {
    let redirect = "bindings:HTTP-Redirect";
    METADATA.replace(redirect, "bindings:SOAP").replace("bindings:HTTP-POST", "bindings:SOAP")
}

#[test]
fn on_accepts_it_as_it_is() {
    let mut world = World::with_settings(r#"{"idp_initiated":"on"}"#);
    let seen = world.post("acme", &form_with(&Scenario::unsolicited(), "/albums"));
    assert_eq!(seen.answer.status, 303);
    assert_eq!(seen.header("location"), "/albums");
    assert_eq!(world.session()["account"], "acme");
}

#[test]
fn on_accepts_it_once() {
    let mut world = World::with_settings(r#"{"idp_initiated":"on"}"#);
    let posted = form(&Scenario::unsolicited());
    assert_eq!(world.post("acme", &posted).answer.status, 303);
    world.jar.clear();
    assert_eq!(world.post("acme", &posted).refusal(), "assertion_replayed");
}

#[test]
fn on_sends_nobody_to_another_site() {
    for relay_state in ["https://evil.example/", "//evil.example", "/\\evil.example", ""] {
        let mut world = World::with_settings(r#"{"idp_initiated":"on"}"#);
        let seen = world.post("acme", &form_with(&Scenario::unsolicited(), relay_state));
        assert_eq!(seen.header("location"), "/sso/", "{relay_state}");
    }
}

#[test]
fn on_takes_no_answer_to_a_request_that_was_never_made() {
    let mut world = World::with_settings(r#"{"idp_initiated":"on"}"#);
    assert_eq!(world.post("acme", &form(&Scenario::valid())).refusal(), "in_response_to_unknown");
}

/// Row F3: under no setting is an InResponseTo passed over, whoever's request it names.
#[test]
fn no_setting_takes_an_answer_to_a_request_of_others() {
    for mode in ["off", "on", "upgrade"] {
        let settings = format!(r#"{{"idp_initiated":"{mode}"}}"#);
        let other_idp =
            METADATA.replace("https://idp.example/metadata", "https://old.example/metadata");
        let mut world = World::with_settings(&settings);
        world.add("other", METADATA, None);
        let of_another_account = world.get("/sso/other/login").request_id();
        world.add("acme", &other_idp, Some(&settings));
        let to_another_idp = world.start("/");
        world.add("acme", METADATA, Some(&settings));
        let mut other_browser = World::with_settings(&settings);
        other_browser.drawn = 100;
        let of_another_browser = other_browser.start("/");
        for id in [&of_another_account, &to_another_idp, &of_another_browser, "_never", ""] {
            let seen = world.post("acme", &form(&answering(id)));
            assert_eq!(seen.refusal(), "in_response_to_unknown", "{mode}: {id}");
        }
        assert!(world.ledger.assertions().is_empty());
    }
}

#[test]
fn off_refuses_it() {
    let mut world = World::with_settings(r#"{"idp_initiated":"off"}"#);
    let seen = world.post("acme", &form(&Scenario::unsolicited()));
    assert_eq!(seen.refusal(), "idp_initiated_off");
    assert_eq!(seen.answer.status, 403);
    assert!(world.ledger.assertions().is_empty());
}

#[test]
fn off_still_takes_logins_that_start_here() {
    let mut world = World::with_settings(r#"{"idp_initiated":"off"}"#);
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
}
