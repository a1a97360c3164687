//! An encrypted assertion at the shared Reply URL.

use saml_edge::inspect::examine;
use saml_verify::dsig::Sha1;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};

use crate::account::entity_id_claim::other_key;
use crate::acs::decryption::{Mode, OWN, SHARED_MODE, sealing};
use crate::common::sealing::{CBC_256, GCM_256};
use crate::common::{NOW, Signed};
use crate::support::form::{answering_with, form};
use crate::support::world::{World, ready};

/// Where accounts share their addresses, only a signature in the assertion says whose it is.
#[test]
fn a_shared_address_takes_an_encrypted_assertion_that_is_signed_itself() {
    let (not_signed, signed) = ("encrypted_assertion_unsigned", "");
    for data in [GCM_256, CBC_256] {
        for (mode, by, code) in [
            (OWN, Signed::Response, signed),
            (OWN, Signed::Both, signed),
            (SHARED_MODE, Signed::Response, not_signed),
            (SHARED_MODE, Signed::Both, signed),
        ] {
            let mut world = mode.world();
            let id = world.get("/sso/acme/login").request_id();
            let scenario = mode.says(answering_with(&id, "_own"), "acme");
            let scenario = scenario.signed(by).signed_by_another_key().sealed(sealing(data));
            let seen = world.post_to(mode.path(), &form(&scenario));
            assert_eq!(seen.logged("code"), code);
            assert_eq!(seen.answer.status, if code.is_empty() { 303 } else { 403 });
        }
    }
    // What is not encrypted may be signed as a whole.
    let mut world = SHARED_MODE.world();
    let id = world.get("/sso/acme/login").request_id();
    let plain = SHARED_MODE.says(answering_with(&id, "_own"), "acme");
    let plain = plain.signed(Signed::Response).signed_by_another_key();
    assert_eq!(world.post_to(SHARED_MODE.path(), &form(&plain)).answer.status, 303);
}

/// The command line has addresses alone, and says the same of them.
#[test]
fn a_response_is_examined_by_the_rule_of_its_addresses() {
    let idp = IdpMetadata::parse(&other_key()).expect("metadata");
    let private_keys = World::with_sp_key("{}").private_keys;
    for (mode, by, refused) in [
        (OWN, Signed::Response, None),
        (SHARED_MODE, Signed::Response, Some("encrypted_assertion_unsigned")),
        (SHARED_MODE, Signed::Both, None),
        (Mode { entity_id: OWN.entity_id, ..SHARED_MODE }, Signed::Response, None),
    ] {
        let response = mode.says(answering_with("_request", "_own"), "acme");
        let response = response.signed(by).signed_by_another_key().sealed(sealing(GCM_256)).xml();
        let expected = Expected {
            entity_id: mode.entity_id,
            acs_url: mode.acs_url,
            idp: &idp,
            requests: Requests::Any,
            skew: Skew::default(),
            sha1: Sha1::Refused,
            nameless: false,
        };
        let examined = ready(examine(&response, &expected, &private_keys, NOW));
        assert_eq!(examined.err().map(|it| it.refusal.code()), refused);
    }
}
