//! Logins that start here and end in a session.

use crate::common::{NOW, Signed};
use crate::fakes::Octets;
use crate::support::form::{answering, form, form_with};
use crate::support::seen::{PENDING, SESSION};
use crate::support::world::World;

#[test]
fn ends_at_the_page_it_began_for() {
    let mut world = World::new();
    let id = world.start("/media?folder=a%2Fb#top");
    let seen = world.post("acme", &form_with(&answering(&id), "/elsewhere"));
    assert_eq!(seen.answer.status, 303);
    assert_eq!(seen.header("location"), "/media?folder=a%2Fb#top");
    assert_eq!(seen.header("cache-control"), "private, no-store");
    assert_eq!(seen.logged("event"), "login_succeeded");
    assert_eq!(seen.logged("account"), "acme");
}

#[test]
fn signs_the_user_in() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let session = world.session();
    assert_eq!(session["account"], "acme");
    assert_eq!(session["email"], "ada@acme.example");
    assert_eq!(session["name"], "Ada Lovelace");
    assert_eq!(session["role"], "developer");
    let page = world.get("/sso/").answer.body;
    for text in ["Ada Lovelace", "ada@acme.example", "acme", "developer"] {
        assert!(page.contains(text), "{text}");
    }
}

/// Row D11.
#[test]
fn the_log_says_which_key_it_rests_on() {
    let mut world = World::new();
    let seen = world.sign_in(|scenario| scenario.signed(Signed::Both));
    // As `openssl pkey -in idp.key.pem -pubout -outform der | sha256sum` has it.
    let key = "3b52f1c0438772f4c32e180fa69a122a5ef4b6658c6eb67811f8478891c77ada";
    let line = seen.log.expect("a line");
    assert!(line.contains(&format!("\"signed_by\":[\"{key}\"]")), "{line}");
}

#[test]
fn takes_a_signed_response_as_well_as_a_signed_assertion() {
    for signed in [Signed::Response, Signed::Both] {
        let mut world = World::new();
        assert_eq!(world.sign_in(|scenario| scenario.signed(signed)).answer.status, 303);
        assert!(world.jar.contains_key(SESSION));
    }
}

#[test]
fn spends_the_request_and_its_cookie() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    assert_eq!(world.pending(), 0);
    assert_eq!(world.ledger.used_requests().len(), 1);
}

#[test]
fn goes_on_in_two_tabs_at_once() {
    let mut world = World::new();
    let (first, second) = (world.start("/one"), world.start("/two"));
    for (id, page) in [(&second, "/two"), (&first, "/one")] {
        let scenario = answering(id).in_assertion("ID=\"_assertion\"", &format!("ID=\"{id}\""));
        // The signature must name the assertion's new ID.
        let scenario = scenario.in_signed_info("#{id}", &format!("#{id}"));
        let seen = world.post("acme", &form(&scenario));
        assert_eq!(seen.header("location"), page);
    }
    assert_eq!(world.pending(), 0);
}

#[test]
fn remembers_the_assertion_until_it_could_not_be_used_again() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let assertions = world.ledger.assertions();
    let until = assertions.values().next().expect("an assertion");
    assert!(*until > NOW.plus(60 * 60), "Conditions/@NotOnOrAfter is more than an hour away");
}

#[test]
fn keeps_eight_logins_under_way_and_drops_the_oldest() {
    let mut world = World::new();
    let mut ids = Vec::new();
    for _ in 0..9 {
        ids.push(world.start("/"));
        world.now = world.now.plus(1);
    }
    assert_eq!(world.pending(), 8);
    let oldest = world.post("acme", &form(&answering(&ids[0])));
    assert_eq!(oldest.refusal(), "in_response_to_unknown");
    let newest = world.post("acme", &form(&answering(&ids[8])));
    assert_eq!(newest.answer.status, 303);
}

#[test]
fn clears_cookies_that_do_not_open() {
    let mut world = World::new();
    world.jar.insert(format!("{PENDING}deadbeef"), "AAAA".to_owned());
    world.start("/");
    assert_eq!(world.pending(), 1);
    assert!(!world.jar.contains_key(&format!("{PENDING}deadbeef")));
}

#[test]
fn reads_a_body_that_comes_in_pieces() {
    let mut world = World::new();
    let id = world.start("/");
    let form = form(&answering(&id));
    let chunks = form.as_bytes().chunks(7).map(<[u8]>::to_vec).collect();
    let length = u64::try_from(form.len()).ok();
    let body = Octets { declared: length, chunks, breaks: false };
    let content_type = Some("application/x-www-form-urlencoded; charset=UTF-8");
    assert_eq!(world.post_body("acme", content_type, body).answer.status, 303);
}

#[test]
fn names_every_session_and_request_anew() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let first = world.jar.get(SESSION).cloned();
    let mut world = World { jar: world.jar, ..World::new() };
    world.get("/sso/healthz");
    world.sign_in(|scenario| scenario);
    assert_ne!(world.jar.get(SESSION).cloned(), first);
    assert_ne!(world.start("/"), world.start("/"));
}

#[test]
fn takes_another_name_of_each_claim_from_the_settings() {
    let settings = r#"{"entity_id":"urn:edge:acme","roles":["developer"],
        "claims":{"account":"tenant","name":"display","role":"group","email":"mail"}}"#;
    let mut world = World::with_settings(settings);
    let seen = world.sign_in(|scenario| {
        scenario
            .in_assertion("https://edge.example/sso/acme/metadata", "urn:edge:acme")
            .in_assertion("Name=\"account_id\"", "Name=\"tenant\"")
            .in_assertion("Name=\"full_name\"", "Name=\"display\"")
            .in_assertion("Name=\"role\"", "Name=\"group\"")
            .in_assertion(
                "</saml:AttributeStatement>",
                "<saml:Attribute Name=\"mail\"><saml:AttributeValue>Ada@ACME.example\
                 </saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
            )
    });
    assert_eq!(seen.answer.status, 303, "{:?}", seen.log);
    assert_eq!(world.session()["email"], "Ada@acme.example");
    assert_eq!(world.session()["name"], "Ada Lovelace");
}

#[test]
fn calls_a_user_without_a_name_by_the_email() {
    for name in ["", "  "] {
        let mut world = World::new();
        world.sign_in(|scenario| scenario.in_assertion("Ada Lovelace", name));
        assert_eq!(world.session()["name"], "ada@acme.example");
    }
}

/// Row D3: SHA-1 until the day that the account names, and not a second longer.
#[test]
fn takes_sha1_until_the_day_the_account_names() {
    let settings = |until| format!(r#"{{"allow_sha1_until":"{until}"}}"#);
    let mut world = World::with_settings(&settings("2026-11-24T10:00:01Z"));
    let seen = world.sign_in(|scenario| scenario.with_sha1());
    assert_eq!(seen.answer.status, 303, "{:?}", seen.log);
    assert!(seen.log.unwrap_or_default().contains(r#""warning":"signed_with_sha1""#));
    let mut world = World::with_settings(&settings("2026-11-24T10:00:00Z"));
    let seen = world.sign_in(|scenario| scenario.with_sha1());
    assert_eq!(seen.refusal(), "sha1_refused");
    let mut world = World::with_settings(&settings("2026-11-24T10:00:01Z"));
    let seen = world.sign_in(|scenario| scenario);
    assert!(!seen.log.unwrap_or_default().contains("warning"));
}
