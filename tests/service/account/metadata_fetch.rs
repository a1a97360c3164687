//! Metadata by its address (row H10): which servers are asked, and what becomes of their answers.

use saml_edge::limits::{METADATA_URL_OCTETS, STORED_METADATA_OCTETS};
use saml_edge::{FetchError, Fetched};
use serde_json::json;

use crate::common::{METADATA, in_utf_16};
use crate::fakes::Octets;
use crate::admin::metadata::{problem, stored};
use crate::world::{Seen, World, config_with, secret};

const URL: &str = "https://idp.example/metadata.xml";

/// A deployment whose operator calls, and a server that publishes the test IdP's metadata.
fn world() -> World {
    let config = config_with(&[("ADMIN_TOKEN", &secret(9))]);
    let mut world =
        World { config, authorization: Some(format!("Bearer {}", secret(9))), ..World::new() };
    world.store.accounts.borrow_mut().clear();
    publish(&mut world, URL, 200, METADATA);
    world
}

fn publish(world: &mut World, url: &str, status: u16, text: &str) {
    let fetched = Fetched { status, location: None, octets: text.into() };
    world.web.answers.insert(url.to_owned(), Ok(fetched));
}

fn redirect(world: &mut World, url: &str, status: u16, location: &str) {
    let fetched = Fetched { status, location: Some(location.to_owned()), octets: Vec::new() };
    world.web.answers.insert(url.to_owned(), Ok(fetched));
}

fn fetch(world: &mut World, url: &str) -> Seen {
    send(world, &json!({ "url": url }).to_string())
}

fn send(world: &mut World, body: &str) -> Seen {
    let path = "/sso/api/v1/accounts/acme/metadata";
    world.send("PUT", path, Some("application/json"), "", Octets::of(body))
}

/// The code of a refusal that stored nothing.
fn refusal(world: &World, seen: &Seen) -> (u16, String) {
    assert_eq!(stored(world).metadata, None);
    problem(seen)
}

fn asked(world: &World) -> Vec<String> {
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
fn asks_no_server_but_a_public_one() {
    let long = format!("https://idp.example/{}", "a".repeat(METADATA_URL_OCTETS));
    for url in [
        "http://idp.example/metadata.xml",
        "ftp://idp.example/metadata.xml",
        "file:///etc/passwd",
        "data:application/xml,x",
        "//idp.example/metadata.xml",
        "",
        // Another port.
        "https://idp.example:8443/metadata.xml",
        "https://idp.example:80/metadata.xml",
        // Somebody's name.
        "https://user@idp.example/metadata.xml",
        "https://user:password@idp.example/metadata.xml",
        "https://:password@idp.example/metadata.xml",
        "https://idp.example@127.0.0.1/metadata.xml",
        // Addresses in place of names, in every spelling.
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://192.0.2.1/",
        "https://8.8.8.8/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://%31%32%37.0.0.1/",
        "https://127.0.0.1./",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[ff02::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[2001:db8::1]/",
        // Names of no public server.
        "https://localhost/",
        "https://idp/",
        "https://idp.localhost/",
        "https://IDP.LOCALHOST/",
        "https://idp.local/",
        "https://idp.internal/",
        "https://metadata.google.internal/",
        "https://idp.home.arpa/",
        "https://1.0.0.127.in-addr.arpa/",
        "https://idp.lan/",
        "https://idp.corp/",
        "https://idp.onion/",
        "https://idp.example./metadata.xml",
        "https://idp..example/",
        "https://.example/",
        // Ours.
        "https://edge.example/sso/acme/metadata",
        "https://EDGE.example/",
        "https://admin.edge.example/",
        // What parsers take for something else.
        "https:\\\\idp.example\\metadata.xml",
        " https://idp.example/metadata.xml",
        "https://idp.example/metadata.xml\n",
        "https://idp\t.example/",
        "https://idp。example/",
        "https://ıdp.example/",
        &long,
    ] {
        let mut world = world();
        let seen = fetch(&mut world, url);
        assert_eq!(refusal(&world, &seen), (422, "metadata_url_forbidden".to_owned()), "{url}");
        assert!(asked(&world).is_empty(), "{url}");
    }
}

#[test]
fn asks_no_other_host_of_its_own_zone_and_not_the_origin() {
    let vars = |more: &[(&'static str, &str)]| {
        let secret = secret(9);
        let vars: Vec<_> = [("ADMIN_TOKEN", &*secret)].iter().chain(more).copied().collect();
        World { config: config_with(&vars), ..world() }
    };
    let base = ("BASE_URL", "https://app.staging.shop.example");
    for (changes, urls) in [
        // The zone that the operator names, and where none is named, as much as it could be.
        (
            &[base, ("ZONE", "shop.example")][..],
            &["https://shop.example/", "https://app.shop.example/", "https://a.b.shop.example/"][..],
        ),
        (
            &[base],
            &["https://shop.example/", "https://app.shop.example/", "https://a.b.shop.example/"],
        ),
        (&[base, ("ZONE", "staging.shop.example")], &["https://admin.staging.shop.example/"]),
        (
            &[("BASE_URL", "https://shop.example")],
            &["https://shop.example/", "https://a.shop.example/"],
        ),
        (
            &[("BASE_URL", "https://app.shop.co.uk"), ("ZONE", "shop.co.uk")],
            &["https://app.shop.co.uk/", "https://shop.co.uk/", "https://intranet.shop.co.uk/"],
        ),
        (
            &[("BASE_URL", "https://app.shop.co.uk")],
            &["https://shop.co.uk/", "https://other.co.uk/"],
        ),
        (&[("ORIGIN", "https://origin.example")], &["https://origin.example/"]),
    ] {
        let mut world = vars(changes);
        for url in urls {
            let seen = fetch(&mut world, url);
            assert_eq!(refusal(&world, &seen).1, "metadata_url_forbidden", "{changes:?} {url}");
            assert!(asked(&world).is_empty(), "{changes:?} {url}");
        }
        assert_eq!(fetch(&mut world, URL).answer.status, 201);
    }
    // What merely ends alike is another's, and so is what is around a zone that is named.
    for (changes, url) in [
        (&[base][..], "https://workshop.example/"),
        (&[base, ("ZONE", "staging.shop.example")], "https://idp.shop.example/"),
        (&[("BASE_URL", "https://app.shop.co.uk"), ("ZONE", "shop.co.uk")], "https://idp.co.uk/"),
    ] {
        let mut world = vars(changes);
        publish(&mut world, url, 200, METADATA);
        assert_eq!(fetch(&mut world, url).answer.status, 201, "{changes:?} {url}");
    }
}

#[test]
fn takes_every_spelling_of_an_address_that_it_may_ask() {
    for (url, asked_for) in [
        ("https://IDP.example/metadata.xml", URL),
        ("https://idp.example:443/metadata.xml", URL),
        ("https://idp.example/a/../metadata.xml", URL),
        ("https://idp.example/metadata.xml#part", URL),
        ("HTTPS://idp.example/metadata.xml", URL),
    ] {
        let mut world = world();
        assert_eq!(fetch(&mut world, url).answer.status, 201, "{url}");
        assert_eq!(asked(&world), [asked_for]);
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
