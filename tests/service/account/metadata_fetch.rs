//! Metadata by its address (row H10): which servers are asked, and what becomes of their answers.

use saml_edge::limits::STORED_METADATA_OCTETS;
use saml_edge::{FetchError, Fetched};
use serde_json::json;

use crate::admin::metadata::{problem, stored};
use crate::common::{METADATA, in_utf_16};
use crate::fakes::Octets;
use crate::support::config::{config_with, secret};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const URL: &str = "https://idp.example/metadata.xml";

/// A deployment whose operator calls, and a server that publishes the test IdP's metadata.
pub(crate) fn world() -> World {
    let config = config_with(&[("ADMIN_TOKEN", &secret(9))]);
    let mut world =
        World { config, authorization: Some(format!("Bearer {}", secret(9))), ..World::new() };
    world.store.accounts.borrow_mut().clear();
    publish(&mut world, URL, 200, METADATA);
    world
}

pub(crate) fn publish(world: &mut World, url: &str, status: u16, text: &str) {
    let fetched = Fetched { status, location: None, octets: text.into() };
    world.web.answers.insert(url.to_owned(), Ok(fetched));
}

fn redirect(world: &mut World, url: &str, status: u16, location: &str) {
    let fetched = Fetched { status, location: Some(location.to_owned()), octets: Vec::new() };
    world.web.answers.insert(url.to_owned(), Ok(fetched));
}

pub(crate) fn fetch(world: &mut World, url: &str) -> Seen {
    send(world, &json!({ "url": url }).to_string())
}

fn send(world: &mut World, body: &str) -> Seen {
    let path = "/sso/api/v1/accounts/acme/metadata";
    world.send("PUT", path, Some("application/json"), "", Octets::of(body))
}

/// The code of a refusal that stored nothing.
pub(crate) fn refusal(world: &World, seen: &Seen) -> (u16, String) {
    assert_eq!(stored(world).metadata, None);
    problem(seen)
}

pub(crate) fn asked(world: &World) -> Vec<String> {
    world.web.asked.take()
}

#[test]
fn stores_what_is_at_an_address() {
    let mut world = world();
    let seen = fetch(&mut world, URL);
    assert_eq!(seen.answer.status, 201, "{}", seen.answer.body);
    assert_eq!(stored(&world).metadata.as_deref(), Some(METADATA));
    assert_eq!(asked(&world), [URL]);
    // What is there must have been seen, as for any other change.
    assert_eq!(problem(&fetch(&mut world, URL)), (428, "if_match_missing".to_owned()));
}

#[test]
fn what_is_at_an_address_may_be_in_utf_16() {
    let (files, text) = in_utf_16(METADATA);
    for octets in files {
        let mut world = world();
        let fetched = Fetched { status: 200, location: None, octets };
        world.web.answers.insert(URL.to_owned(), Ok(fetched));
        let seen = fetch(&mut world, URL);
        assert_eq!(seen.answer.status, 201, "{}", seen.answer.body);
        assert_eq!(stored(&world).metadata.as_ref(), Some(&text));
    }
}

#[test]
fn follows_a_host_to_itself_and_no_further() {
    for status in [301, 302, 303, 307, 308] {
        let mut world = world();
        redirect(&mut world, "https://idp.example/old", status, "/metadata.xml");
        assert_eq!(fetch(&mut world, "https://idp.example/old").answer.status, 201, "{status}");
        assert_eq!(asked(&world), ["https://idp.example/old", URL]);
    }
    for location in [
        "https://other.example/metadata.xml",
        "https://www.idp.example/metadata.xml",
        "//other.example/metadata.xml",
        "http://idp.example/metadata.xml",
        "https://idp.example:8443/metadata.xml",
        "https://user@idp.example/metadata.xml",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "\\\\other.example\\metadata.xml",
        "https://",
    ] {
        let mut world = world();
        let old = "https://idp.example/old";
        redirect(&mut world, old, 302, location);
        let seen = fetch(&mut world, old);
        assert_eq!(refusal(&world, &seen), (422, "metadata_url_redirected".to_owned()));
        assert_eq!(asked(&world), [old], "{location}");
    }
}

#[test]
fn follows_three_redirects_and_no_fourth() {
    let mut world = world();
    for step in 1..=4 {
        let (from, to) = (format!("https://idp.example/{step}"), format!("/{}", step + 1));
        redirect(&mut world, &from, 302, if step == 4 { "/metadata.xml" } else { &to });
    }
    let seen = fetch(&mut world, "https://idp.example/1");
    assert_eq!(refusal(&world, &seen), (422, "metadata_url_redirected".to_owned()));
    assert_eq!(asked(&world).len(), 4);
    assert_eq!(fetch(&mut world, "https://idp.example/2").answer.status, 201);
}

#[test]
fn takes_no_answer_but_metadata() {
    let mut world = world();
    for status in [204, 206, 304, 403, 404, 500] {
        publish(&mut world, URL, status, METADATA);
        let seen = fetch(&mut world, URL);
        assert_eq!(refusal(&world, &seen), (422, "metadata_url_unanswered".to_owned()));
        // What a server says is for the operator's log: not everybody may ask it.
        assert!(!seen.answer.body.contains(&status.to_string()), "{}", seen.answer.body);
        let detail = format!("the address gives no document: status {status}");
        assert_eq!(seen.logged("detail"), detail);
    }
    // A redirect to nowhere.
    publish(&mut world, URL, 302, "");
    let seen = fetch(&mut world, URL);
    assert_eq!(refusal(&world, &seen).1, "metadata_url_unanswered");
    for (why, code) in [
        (FetchError::Unreachable, "metadata_url_unanswered"),
        (FetchError::TooLarge, "message_too_large"),
    ] {
        world.web.answers.insert(URL.to_owned(), Err(why));
        let seen = fetch(&mut world, URL);
        assert_eq!(refusal(&world, &seen), (422, code.to_owned()));
    }
    for (text, code) in [
        ("<html></html>", "not_metadata"),
        ("{\"secret\":1}", "xml_malformed"),
        ("<!DOCTYPE x><x/>", "dtd_forbidden"),
    ] {
        publish(&mut world, URL, 200, text);
        let seen = fetch(&mut world, URL);
        assert_eq!(refusal(&world, &seen), (422, code.to_owned()));
        assert!(!seen.answer.body.contains("secret"), "nothing of it is told");
    }
    let latin = Fetched { status: 200, location: None, octets: vec![0xe9] };
    world.web.answers.insert(URL.to_owned(), Ok(latin));
    let seen = fetch(&mut world, URL);
    assert_eq!(refusal(&world, &seen), (422, "not_utf8".to_owned()));
    assert_eq!(world.web.limit.get(), STORED_METADATA_OCTETS);
}

#[test]
fn fetches_nothing_without_the_token_or_an_address() {
    let mut world = world();
    for body in ["", "{}", "[]", r#"{"url":1}"#, r#"{"url":"x","more":1}"#] {
        assert_eq!(problem(&send(&mut world, body)).1, "json_invalid", "{body}");
    }
    world.authorization = None;
    assert_eq!(problem(&fetch(&mut world, URL)), (401, "token_invalid".to_owned()));
    assert!(asked(&world).is_empty());
}
