//! Logins that must end in no session: a passing one with one thing broken, and its exact code.

use saml_edge::Stored;
use saml_edge::encoding::base64_encode;
use saml_verify::limits::FORM_OCTETS;

use crate::common::{METADATA, Scenario};
use crate::fakes::Octets;
use crate::world::{PENDING, SESSION, World, answering, fields, form};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// Breaks a passing login and expects `code`, and that a good answer to the same request still
/// signs the user in: what was refused used nothing up.
fn refuses(code: &str, status: u16, broken: impl FnOnce(Scenario) -> Scenario) {
    let mut world = World::new();
    let id = world.start("/media");
    let seen = world.post("acme", &form(&broken(answering(&id))));
    assert_eq!(seen.refusal(), code);
    assert_eq!(seen.answer.status, status);
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
}

pub(crate) fn attribute(name: &str, value: &str) -> String {
    format!(
        "<saml:Attribute Name=\"{name}\"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
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

// The form.

fn refuses_form(code: &str, status: u16, content_type: Option<&str>, body: Octets) {
    let mut world = World::new();
    let seen = world.post_body("acme", content_type, body);
    assert_eq!(seen.refusal(), code);
    assert_eq!(seen.answer.status, status);
}

#[test]
fn a_body_that_is_no_form() {
    for content_type in [None, Some("application/xml"), Some("multipart/form-data; boundary=a")] {
        refuses_form("form_malformed", 400, content_type, Octets::of("SAMLResponse=AAAA"));
    }
}

#[test]
fn a_form_without_a_response() {
    refuses_form("response_absent", 400, FORM, Octets::of("RelayState=%2F"));
    refuses_form("response_absent", 400, FORM, Octets::of(""));
}

#[test]
fn a_form_with_two_responses() {
    let body = fields(&[("SAMLResponse", "AAAA"), ("SAMLResponse", "AAAA")]);
    refuses_form("response_repeated", 400, FORM, Octets::of(&body));
}

#[test]
fn a_form_with_two_relay_states() {
    let body = fields(&[("SAMLResponse", "AAAA"), ("RelayState", ""), ("RelayState", "/")]);
    refuses_form("relay_state_repeated", 400, FORM, Octets::of(&body));
}

#[test]
fn a_response_that_is_no_base64() {
    refuses_form("base64_malformed", 400, FORM, Octets::of("SAMLResponse=%3Cxml%3E"));
}

/// UTF-16 and a lone octet of a longer sequence: one reader's text is not another's (row B8).
#[test]
fn a_response_that_is_no_utf8() {
    for octets in [&b"\xff\xfe<\0a\0/\0>\0"[..], b"<a>\xc3</a>"] {
        let form = format!("SAMLResponse={}", base64_encode(octets).replace('+', "%2B"));
        refuses_form("not_utf8", 400, FORM, Octets::of(&form));
    }
}

/// Row H8: toolkits inflate what is posted, and a bomb with it. Bindings §3.5 has nothing deflated
/// here: it is octets that are no text.
#[test]
fn a_response_that_is_deflated() {
    let message = Scenario::valid().xml().into_bytes();
    for octets in [message, vec![b' '; 64 * 1024 * 1024]] {
        let deflated = miniz_oxide::deflate::compress_to_vec(&octets, 6);
        let form = format!("SAMLResponse={}", base64_encode(&deflated).replace('+', "%2B"));
        assert!(form.len() < FORM_OCTETS, "a bomb is small");
        refuses_form("not_utf8", 400, FORM, Octets::of(&form));
    }
}

#[test]
fn a_body_that_is_declared_too_long() {
    let declared = u64::try_from(FORM_OCTETS + 1).ok();
    let body = Octets { declared, ..Octets::of("SAMLResponse=AAAA") };
    refuses_form("message_too_large", 413, FORM, body);
}

#[test]
fn a_body_that_is_longer_than_it_says() {
    let body = Octets { declared: Some(10), ..Octets::of(&"A".repeat(FORM_OCTETS + 1)) };
    refuses_form("message_too_large", 413, FORM, body);
}

#[test]
fn a_body_without_an_end() {
    let body = Octets::of(&"A".repeat(5_000_000));
    refuses_form("message_too_large", 413, FORM, body);
}

// The claims.

#[test]
fn no_account_claim() {
    refuses("account_claim_missing", 403, |it| {
        it.in_assertion(&attribute("account_id", "acme"), "")
    });
}

#[test]
fn another_account_in_the_claim() {
    for value in ["other", "ACME", "acme ", ""] {
        refuses("account_mismatch", 403, |it| {
            it.in_assertion(&attribute("account_id", "acme"), &attribute("account_id", value))
        });
    }
}

#[test]
fn two_accounts_in_the_claim() {
    refuses("account_mismatch", 403, |it| {
        let one = attribute("account_id", "acme");
        it.in_assertion(&one, &format!("{one}{}", attribute("account_id", "other")))
    });
}

#[test]
fn no_role() {
    refuses("role_missing", 403, |it| it.in_assertion(&attribute("role", "developer"), ""));
}

#[test]
fn a_role_that_is_not_listed() {
    for value in ["owner", "Developer", "developer ", "developer,finance", ""] {
        refuses("role_not_listed", 403, |it| {
            it.in_assertion(&attribute("role", "developer"), &attribute("role", value))
        });
    }
}

#[test]
fn a_role_that_only_the_account_lists() {
    let mut world = World::with_settings(r#"{"roles":["owner"]}"#);
    let seen = world.sign_in(|it| {
        it.in_assertion(&attribute("role", "developer"), &attribute("role", "owner"))
    });
    assert_eq!(seen.refusal(), "role_not_listed");
}

#[test]
fn two_roles() {
    refuses("role_repeated", 403, |it| {
        let one = attribute("role", "developer");
        it.in_assertion(&one, &format!("{one}{}", attribute("role", "finance")))
    });
}

#[test]
fn a_name_id_that_is_no_email_address() {
    for value in ["ada", "ada@acme.example@evil.example", "ada@acme.example "] {
        refuses("email_invalid", 403, |it| it.in_assertion("ada@acme.example", value));
    }
}

#[test]
fn an_email_claim_that_is_missing_or_different() {
    let different = attribute("mail", "a@x") + &attribute("mail", "b@x");
    for (mail, code) in [(String::new(), "email_invalid"), (different, "email_repeated")] {
        let mut world = World::with_settings(r#"{"claims":{"email":"mail"}}"#);
        let end = "</saml:AttributeStatement>";
        let seen = world.sign_in(|it| it.in_assertion(end, &format!("{mail}{end}")));
        assert_eq!(seen.refusal(), code);
    }
}

#[test]
fn a_name_that_no_cookie_could_hold() {
    let mut world = World::new();
    let seen = world.sign_in(|it| it.in_assertion("Ada Lovelace", &"Ada ".repeat(300)));
    assert_eq!(seen.refusal(), "session_too_large");
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

#[test]
fn a_body_that_breaks_off() {
    let mut world = World::new();
    let id = world.start("/");
    let body = Octets { breaks: true, ..Octets::of(&form(&answering(&id))) };
    let seen = world.post_body("acme", FORM, body);
    assert_eq!(seen.refusal(), "body_unreadable");
    assert_eq!(seen.answer.status, 400);
}
