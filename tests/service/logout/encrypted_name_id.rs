//! A LogoutRequest whose NameID is encrypted.

use std::collections::BTreeSet;

use crate::common::sealing::{CBC_128, CBC_256, GCM_128, GCM_256, Sealing};
use crate::common::{OTHER_KEY_PEM, SP_KEY_PEM, Scenario, public_key};
use crate::logout::message::{
    NAME_ID, REQUEST, asked, endpoint, framed, metadata, parameters, posted, query, redirected,
    refusal, replaced, sessions, sign_in, signed, signed_in,
};
use crate::logout::response::{answer_in, with_key};
use crate::support::seen::{SESSION, Seen};
use crate::support::world::World;

/// `request` with `plain` encrypted in the place of its NameID.
pub(crate) fn sealed(request: &str, plain: &str, sealing: &Sealing) -> String {
    let namespace = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let element = sealing.seal("EncryptedID", plain);
    assert!(element.starts_with(&format!("<saml:EncryptedID{namespace}")), "{element}");
    replaced(request, NAME_ID, &element)
}

pub(crate) fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

/// A Shibboleth IdP encrypts the NameID as soon as our metadata has a key for it.
#[test]
fn an_encrypted_name_is_decrypted() {
    for data in [GCM_128, GCM_256, CBC_128] {
        let request = sealed(REQUEST, NAME_ID, &Sealing { data, ..sealing() });
        let mut world = with_key("HTTP-Redirect");
        let seen = framed(&mut world, &query("SAMLRequest", &request, None));
        assert_eq!((&*seen.logged("event"), sessions(&world)), ("logout_asked", 0), "{data}");
        assert!(answer_in(&seen).contains("status:Success"));
        let mut world = with_key("HTTP-POST");
        let seen = posted(&mut world, &signed(&request, "_logout", &Scenario::valid()));
        assert_eq!((&*seen.logged("event"), sessions(&world)), ("logout_asked", 0), "{data}");
        assert!(!world.jar.contains_key(SESSION));
    }
}

/// Row E2: the IdP of any account can sign around what was encrypted for another one.
#[test]
fn an_encrypted_name_that_is_nobodys_has_one_answer() {
    let cbc = || Sealing { data: CBC_256, ..sealing() };
    let eve = replaced(NAME_ID, "ada@", "eve@");
    let good = sealed(REQUEST, NAME_ID, &sealing());
    let other_key = Sealing::to(&public_key(OTHER_KEY_PEM));
    let cases = [
        ("name_id_unknown", sealed(REQUEST, &eve, &sealing())),
        ("name_id_unknown", sealed(REQUEST, &eve, &cbc())),
        ("name_id_missing", sealed(REQUEST, &replaced(NAME_ID, "ada@acme.example", ""), &cbc())),
        ("decryption_failed", sealed(REQUEST, NAME_ID, &other_key)),
        ("decryption_failed", sealed(REQUEST, "no XML", &cbc())),
        ("decryption_failed", sealed(REQUEST, "<a/>", &sealing())),
        ("name_id_unknown", replaced(&good, ">_session<", ">_other<")),
    ];
    for endpoints in [endpoint("HTTP-Redirect", ""), String::new()] {
        let mut told = BTreeSet::new();
        for (code, request) in &cases {
            let world = World::with_sp_key("{}");
            world.add("acme", &metadata(&endpoints), None);
            let mut world = sign_in(world);
            for broken in [false, true] {
                world.ledger.broken.set(broken);
                let seen = redirected(&mut world, &query("SAMLRequest", request, None));
                assert_eq!((sessions(&world), seen.headers("set-cookie").count()), (1, 0));
                if !broken {
                    assert_eq!(&seen.logged("code"), code);
                }
                told.insert(told_by(&seen));
            }
            world.ledger.broken.set(false);
            // What was decrypted was used up.
            let later = replaced(REQUEST, "\"_logout\"", "\"_later\"");
            assert_eq!(asked(&mut world, &later).logged("event"), "logout_asked");
        }
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

/// All of an answer that could differ, but what is new in every one.
pub(crate) fn told_by(seen: &Seen) -> String {
    let body = seen.answer.body.replace(&seen.logged("reference"), "");
    if seen.header("location").is_empty() {
        return format!("{} {body}", seen.answer.status);
    }
    let xml = answer_in(seen);
    let id = xml.split(" ID=\"").nth(1).and_then(|it| it.split('"').next()).expect("an ID");
    format!("{} {body} {}", seen.answer.status, xml.replace(id, ""))
}

/// Row E2: nothing is decrypted for strangers, nor before everything else has held.
#[test]
fn nothing_is_decrypted_before_the_rest_holds() {
    let good = sealed(REQUEST, NAME_ID, &sealing());
    let late = replaced(&good, "10:04:30Z", "09:58:00Z");
    let unsigned = parameters("SAMLRequest", &good, None);
    let settings = Some(r#"{"allow_unsigned_logout":true}"#);
    let world = |settings| {
        let world = World::with_sp_key("{}");
        world.add("acme", &metadata(""), settings);
        sign_in(world)
    };
    for (settings, query, code) in [
        (None, unsigned.clone(), "signature_missing"),
        (settings, unsigned, "name_id_encrypted"),
        (None, query("SAMLRequest", &late, None), "logout_expired"),
        (
            None,
            query("SAMLRequest", &good, Some("a")).replace("RelayState=a", "RelayState=b"),
            "signature_invalid",
        ),
    ] {
        let mut world = world(settings);
        let seen = redirected(&mut world, &query);
        assert_eq!(refusal(&world, &seen), code);
    }
    // Without a key there is nothing to decrypt with.
    let mut keyless = signed_in("");
    let seen = asked(&mut keyless, &good);
    assert_eq!(refusal(&keyless, &seen), "name_id_encrypted");
}
