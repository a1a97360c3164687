//! Which metadata addresses may be asked (row H10).

use saml_edge::limits::METADATA_URL_OCTETS;

use crate::account::metadata_fetch::{URL, asked, fetch, publish, refusal, world};
use crate::common::METADATA;
use crate::support::config::{config_with, secret};
use crate::support::world::World;

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
    let shop =
        &["https://shop.example/", "https://app.shop.example/", "https://a.b.shop.example/"][..];
    for (changes, urls) in [
        // The zone that the operator names, and where none is named, as much as it could be.
        (&[base, ("ZONE", "shop.example")][..], shop),
        (&[base], shop),
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
