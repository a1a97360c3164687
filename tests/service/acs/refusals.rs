//! Logins that must end in no session: a passing one with one thing broken, and its exact code.

use saml_edge::Stored;
use saml_edge::encoding::base64_encode;

use crate::common::{METADATA, Scenario};
use crate::support::form::{answering, fields, form};
use crate::support::seen::{PENDING, SESSION};
use crate::support::world::World;

pub(crate) const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// Breaks a passing login and expects `code`, and that a good answer to the same request still
/// signs the user in: what was refused used nothing up.
pub(crate) fn refuses(code: &str, status: u16, broken: impl FnOnce(Scenario) -> Scenario) {
    let mut world = World::new();
    let id = world.start("/media");
    let seen = world.post("acme", &form(&broken(answering(&id))));
    assert_eq!(seen.refusal(), code);
    assert_eq!(seen.answer.status, status);
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
}

pub(crate) fn attribute(name: &str, value: &str) -> String {
    format!(
        "<saml:Attribute Name=\"{name}\"><saml:AttributeValue>{value}</saml:AttributeValue>\
         </saml:Attribute>"
    )
}

// What the verifier refuses.

#[test]
fn a_changed_octet() {
    refuses("digest_mismatch", 403, |it| it.in_message("Ada Lovelace", "Eve Lovelace"));
}

#[test]
fn another_key() {
    refuses("signature_invalid", 403, Scenario::signed_by_another_key);
}

#[test]
fn another_audience() {
    refuses("audience_mismatch", 403, |it| {
        it.in_assertion("https://edge.example/sso/acme/metadata", "https://other.example/")
    });
}

#[test]
fn the_answer_to_a_request_of_another_browser() {
    let id = World::new().start("/");
    let mut world = World::new();
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!(seen.refusal(), "in_response_to_unknown");
    assert_eq!(seen.answer.status, 403);
}

#[test]
fn the_answer_to_a_request_of_another_account() {
    let mut world = World::new();
    world.add("other", METADATA, None);
    let id = world.get("/sso/other/login").request_id();
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!(seen.refusal(), "in_response_to_unknown");
}

#[test]
fn the_answer_to_a_request_to_another_idp() {
    let mut world = World::new();
    let before = METADATA.replace("https://idp.example/metadata", "https://old.example/metadata");
    world.add("acme", &before, None);
    let id = world.start("/");
    world.add("acme", METADATA, None);
    assert_eq!(world.post("acme", &form(&answering(&id))).refusal(), "in_response_to_unknown");
}

#[test]
fn the_answer_with_the_cookie_under_another_name() {
    let mut world = World::new();
    let id = world.start("/");
    let value = world.jar.drain().next().expect("a cookie").1;
    world.jar.insert(format!("{PENDING}00000000"), value);
    assert_eq!(world.post("acme", &form(&answering(&id))).refusal(), "in_response_to_unknown");
}

#[test]
fn the_answer_after_ten_minutes() {
    let mut world = World::new();
    let started = world.now;
    world.now = started.plus(-600);
    let id = world.start("/");
    world.now = started;
    assert_eq!(world.post("acme", &form(&answering(&id))).refusal(), "in_response_to_unknown");
}

// What may happen only once.

#[test]
fn an_assertion_that_was_used() {
    let mut world = World::new();
    let id = world.start("/");
    let (form, jar) = (form(&answering(&id)), world.jar.clone());
    assert_eq!(world.post("acme", &form).answer.status, 303);
    world.jar = jar;
    let seen = world.post("acme", &form);
    assert_eq!(seen.refusal(), "assertion_replayed");
    assert_eq!(seen.answer.status, 403);
}

#[test]
fn an_assertion_that_was_used_in_another_response_around_it() {
    let mut world = World::new();
    let id = world.start("/");
    let jar = world.jar.clone();
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
    world.jar = jar;
    let rewrapped = answering(&id).in_message("ID=\"_response\"", "ID=\"_other\"");
    assert_eq!(world.post("acme", &form(&rewrapped)).refusal(), "assertion_replayed");
}

#[test]
fn a_second_assertion_for_one_request() {
    let mut world = World::new();
    let id = world.start("/");
    let jar = world.jar.clone();
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
    world.jar = jar;
    let second = answering(&id)
        .in_assertion("ID=\"_assertion\"", "ID=\"_second\"")
        .in_signed_info("#{id}", "#_second");
    assert_eq!(world.post("acme", &form(&second)).refusal(), "request_used");
}

// The account.

#[test]
fn an_account_without_metadata() {
    let mut world = World::new();
    let settings = Stored { metadata: None, settings: Some("{}".to_owned()) };
    world.store.accounts.borrow_mut().insert("acme".to_owned(), settings);
    for seen in [world.get("/sso/acme/login"), world.post("acme", &form(&Scenario::valid()))] {
        assert_eq!(seen.refusal(), "sso_not_enabled");
        assert_eq!(seen.answer.status, 404);
    }
}

#[test]
fn an_account_whose_metadata_was_deleted() {
    let mut world = World::new();
    let id = world.start("/");
    world.store.accounts.borrow_mut().clear();
    assert_eq!(world.post("acme", &form(&answering(&id))).refusal(), "sso_not_enabled");
}

#[test]
fn metadata_that_cannot_be_used() {
    let expired = METADATA.replace("entityID=", "validUntil=\"2026-11-24T10:00:00Z\" entityID=");
    let html = "<html>Sign in to download</html>";
    for (metadata, code) in [(&*expired, "metadata_expired"), (html, "not_metadata")] {
        let mut world = World::new();
        world.add("acme", metadata, None);
        for seen in [world.get("/sso/acme/login"), world.post("acme", &form(&Scenario::valid()))] {
            assert_eq!(seen.refusal(), code);
            assert_eq!(seen.logged("event"), "fault");
            assert_eq!(seen.answer.status, 500);
        }
    }
}

#[test]
fn settings_that_cannot_be_read() {
    let mut world = World::with_settings(r#"{"idp_initiated":"always"}"#);
    let seen = world.get("/sso/acme/login");
    assert_eq!(seen.refusal(), "settings_invalid");
    assert!(seen.logged("detail").contains("`always`"));
    assert_eq!(seen.answer.status, 500);
}

// What we depend on.

#[test]
fn everything_while_the_ledger_is_out_of_reach() {
    let mut world = World::new();
    let id = world.start("/");
    world.ledger.broken.set(true);
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!(seen.refusal(), "ledger_unreachable");
    assert_eq!(seen.logged("event"), "fault");
    assert_eq!(seen.answer.status, 503);
    assert!(!world.jar.contains_key(SESSION));
    world.ledger.broken.set(false);
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
}

#[test]
fn everything_while_the_store_is_out_of_reach() {
    let mut world = World::new();
    let id = world.start("/");
    world.store.broken.set(true);
    for seen in [world.get("/sso/acme/login"), world.post("acme", &form(&answering(&id)))] {
        assert_eq!(seen.refusal(), "store_unreachable");
        assert_eq!(seen.answer.status, 503);
    }
}

/// Row H14: what is refused without it costs no reading of metadata.
#[test]
fn what_is_no_response_before_the_account_is_read() {
    let mut world = World::new();
    world.store.broken.set(true);
    for (xml, code) in [
        ("<x/>", "not_a_response"),
        ("<x", "xml_malformed"),
        ("<!DOCTYPE x><x/>", "dtd_forbidden"),
        (&*Scenario::valid().xml(), "store_unreachable"),
    ] {
        let form = fields(&[("SAMLResponse", &base64_encode(xml.as_bytes()))]);
        assert_eq!(world.post("acme", &form).refusal(), code);
    }
}
