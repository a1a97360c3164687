//! SP metadata: what an administrator loads, before there is anything of the IdP.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use saml_edge::{RsaKeys, Stored};
use saml_verify::internals::{Document, Element};
use saml_verify::limits::MESSAGE_XML;
use saml_verify::time::UnixTime;

use crate::common::{METADATA, OTHER_KEY_PEM};
use crate::signin::authn_request::signed_part;
use crate::support::config::{SP_KEY, config_with, sp_certificate, sp_key};
use crate::support::world::World;

const SHARED: &str = r#"{"acs":"shared","entity_id":"https://edge.example/sso/metadata#acme",
    "signed_requests":true,"claims":{"role":"a&b","email":"mail"}}"#;

fn metadata(world: &mut World, account: &str) -> String {
    let seen = world.get(&format!("/sso/{account}/metadata"));
    assert_eq!((seen.answer.status, &seen.log), (200, &None));
    assert_eq!(seen.header("content-type"), "application/samlmetadata+xml");
    assert_eq!(seen.header("cache-control"), "public, max-age=300");
    seen.answer.body
}

/// Local names below `element`, with Name, use, index or Algorithm.
fn outline(element: Element<'_>) -> Vec<String> {
    let named = |it: Element<'_>| {
        let attribute = ["use", "Name", "Binding"].iter().find_map(|name| it.attribute(name));
        format!("{} {}", it.name().local, attribute.unwrap_or("")).trim_end().to_owned()
    };
    element.children().map(named).collect()
}

#[test]
fn is_there_before_the_idp_is() {
    let mut world = World::new();
    let xml = metadata(&mut world, "nobody");
    assert_eq!(
        xml,
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" ID=\"_01010101010101010101010101010101\" \
         entityID=\"https://edge.example/sso/nobody/metadata\" validUntil=\"2036-11-23T10:00:00Z\" \
         cacheDuration=\"P1D\"><md:SPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\"><md:SingleLogoutService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://edge.example/sso/nobody/slo\"></md:SingleLogoutService>\
         <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://edge.example/sso/nobody/slo\"></md:SingleLogoutService>\
         <md:NameIDFormat>\
         urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"https://edge.example/sso/nobody/acs\" index=\"0\" isDefault=\"true\">\
         </md:AssertionConsumerService><md:AttributeConsumingService index=\"0\" \
         isDefault=\"true\"><md:ServiceName xml:lang=\"en\">edge.example</md:ServiceName>\
         <md:RequestedAttribute Name=\"account_id\" isRequired=\"true\"></md:RequestedAttribute>\
         <md:RequestedAttribute Name=\"role\" isRequired=\"true\"></md:RequestedAttribute>\
         <md:RequestedAttribute Name=\"full_name\" isRequired=\"false\"></md:RequestedAttribute>\
         </md:AttributeConsumingService></md:SPSSODescriptor></md:EntityDescriptor>"
    );
}

/// Whatever is stored of the IdP changes nothing, not even whether anything is.
#[test]
fn tells_nobody_which_accounts_there_are() {
    let without = |account: &str| {
        let mut world = World::new();
        world.add("known", METADATA, None);
        let wants = "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\"";
        world.add("signed", &METADATA.replace("<IDPSSODescriptor", wants), None);
        world.add("unusable", "<x/>", None);
        metadata(&mut world, account).replace(account, "ACCOUNT")
    };
    for account in ["known", "signed", "unusable"] {
        assert_eq!(without(account), without("unknown"), "{account}");
    }
}

#[test]
fn says_what_the_settings_say() {
    let xml = metadata(&mut World::with_settings(SHARED), "acme");
    for text in [
        "entityID=\"https://edge.example/sso/metadata#acme\"",
        "Location=\"https://edge.example/sso/acs#acme\"",
        "AuthnRequestsSigned=\"true\"",
        "nameid-format:unspecified",
        "<md:RequestedAttribute Name=\"a&amp;b\" isRequired=\"true\">",
        "<md:RequestedAttribute Name=\"mail\" isRequired=\"true\">",
    ] {
        assert!(xml.contains(text), "{text}: {xml}");
    }
    let settings = r#"{"name_id_format":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}"#;
    let xml = metadata(&mut World::with_settings(settings), "acme");
    assert!(xml.contains("<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent<"));
}

#[test]
fn is_signed_and_in_the_order_of_the_schema() {
    let mut world = World::with_sp_key("{}");
    let xml = metadata(&mut world, "acme");
    let id = "_01010101010101010101010101010101".to_owned();
    assert_eq!(signed_part(&xml), Ok(id));
    let moved = xml.replace("Location=\"https://edge", "Location=\"https://evil");
    assert_eq!(signed_part(&moved), Err("digest_mismatch"));
    let document = Document::parse(&xml, &MESSAGE_XML).expect("well-formed");
    // Metadata §2.3.2, then §2.4.2 and §2.4.4.
    assert_eq!(outline(document.root()), ["Signature", "SPSSODescriptor"]);
    let role = document.root().children().last().expect("a role");
    assert_eq!(
        outline(role),
        [
            "KeyDescriptor signing",
            "KeyDescriptor encryption",
            "SingleLogoutService urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            "SingleLogoutService urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            "NameIDFormat",
            "AssertionConsumerService urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
            "AttributeConsumingService",
        ]
    );
}

/// The next key is published before it signs, the one before this as long as it decrypts.
#[test]
fn publishes_every_certificate_newest_first() {
    let certificates =
        [sp_certificate(), crate::common::OTHER_CERTIFICATE.trim().replace('\n', "")];
    let pem = |text: &str| {
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        let lines = lines.join("\n");
        format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    };
    let mut world = World::with_sp_key("{}");
    let keys = format!("{SP_KEY}{OTHER_KEY_PEM}");
    let pems = certificates.iter().rev().map(|it| pem(it)).collect::<String>();
    world.config = config_with(&[("SP_KEYS", &keys), ("SP_CERTIFICATES", &pems)]);
    let xml = metadata(&mut world, "acme");
    assert!(signed_part(&xml).is_ok());
    let (_, role) = xml.split_once("<md:SPSSODescriptor").expect("a role");
    let published: Vec<_> = role.split("<ds:X509Certificate>").skip(1).collect();
    let begins = |at: usize, text: &str| published.get(at).is_some_and(|it| it.starts_with(text));
    let [first, second] = &certificates;
    assert_eq!(published.len(), 4);
    assert!(begins(0, first) && begins(1, first) && begins(2, second) && begins(3, second));
}

/// There is nothing to verify it by.
#[test]
fn is_not_signed_without_a_certificate() {
    for keys in [SP_KEY.to_owned(), format!("{OTHER_KEY_PEM}{}", sp_key())] {
        let mut world = World::with_sp_key("{}");
        world.config = config_with(&[("SP_KEYS", &keys)]);
        let xml = metadata(&mut world, "acme");
        assert_eq!(signed_part(&xml), Err("no signature"));
        assert_eq!(xml.contains("KeyDescriptor"), keys.contains("CERTIFICATE"));
    }
}

#[test]
fn fails_where_settings_store_clock_or_key_do() {
    let code = |change: fn(&mut World)| {
        let mut world = World::with_sp_key("{}");
        change(&mut world);
        world.get("/sso/acme/metadata").refusal()
    };
    let settings = |json: &str| Stored { settings: Some(json.to_owned()), ..Stored::default() };
    let bad = |world: &mut World, json: &str| {
        world.store.accounts.borrow_mut().insert("acme".to_owned(), settings(json));
    };
    let mut world = World::new();
    bad(&mut world, r#"{"claims":{"role":1}}"#);
    assert_eq!(world.get("/sso/acme/metadata").refusal(), "settings_invalid");
    // No XML can hold this character.
    let mut world = World::with_sp_key("{}");
    bad(&mut world, "{\"claims\":{\"role\":\"\\uffff\"}}");
    assert_eq!(world.get("/sso/acme/metadata").refusal(), "settings_invalid");
    assert_eq!(code(|world| world.store.broken.set(true)), "store_unreachable");
    assert_eq!(code(|world| world.now = UnixTime::from_seconds(253_300_000_000)), "clock_unusable");
    assert_eq!(code(|world| world.private_keys = RsaKeys::default()), "sp_key_missing");
}

/// The xmlsec1 program verifies `xml`, whose root is called `root`, under the SP's certificate.
fn xmlsec1(name: &str, xml: &str, root: &str) -> bool {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (document, certificate) =
        (folder.join(format!("{name}.xml")), folder.join(format!("{name}.pem")));
    let key = sp_key();
    let (_, pem) = key.split_once("-----END PRIVATE KEY-----\n").expect("a certificate");
    fs::write(&document, xml).expect("written");
    fs::write(&certificate, pem).expect("written");
    let mut command = Command::new("xmlsec1");
    command.args(["--verify", "--id-attr:ID", root, "--pubkey-cert-pem"]);
    let output = command.arg(&certificate).arg(&document).output().expect("xmlsec1 runs");
    output.status.success()
}

/// Another's code agrees with what this service signs.
#[test]
fn xmlsec1_verifies_what_is_signed_here() {
    if Command::new("xmlsec1").arg("--version").output().is_err() {
        assert!(env::var_os("CI").is_none(), "xmlsec1 is not installed");
        eprintln!("SKIPPED: xmlsec1 is not installed");
        return;
    }
    let mut world = World::with_sp_key(SHARED);
    let published = metadata(&mut world, "acme");
    let settings = r#"{"signed_requests":true,"force_authn":true,"entity_id":"urn:a&b<\u00e4>"}"#;
    let post = METADATA.replace("bindings:HTTP-Redirect", "bindings:SOAP");
    world.add("acme", &post, Some(settings));
    let request = world.get("/sso/acme/login").request_xml();
    for (name, xml, root) in [
        ("metadata", published, "urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor"),
        ("request", request, "urn:oasis:names:tc:SAML:2.0:protocol:AuthnRequest"),
    ] {
        assert!(xmlsec1(name, &xml, root), "{xml}");
        assert!(!xmlsec1(name, &xml.replace("edge.example", "evil.example"), root));
    }
}
