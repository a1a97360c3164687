//! Decryption with the service's own private keys.

use pollster::block_on;
use saml_edge::inspect::{Inspection, Refused, examine};
use saml_edge::{NoPrivateKeys, RsaKeys};
use saml_verify::error::Refusal;
use saml_verify::saml::Expected;

use crate::common::sealing::Sealing;
use crate::common::{NOW, OTHER_KEY_PEM, SP_KEY_PEM, Scenario, Signed, code, expected, public_key};

fn sealing() -> Sealing {
    Sealing::to(&public_key(SP_KEY_PEM))
}

/// A Response with an encrypted assertion.
fn sealed() -> Scenario {
    Scenario::valid().sealed(sealing())
}

fn open(scenario: &Scenario, keys: &[&str]) -> Result<Inspection, Refusal> {
    let keys = RsaKeys::from_pems(keys.iter().copied()).expect("private keys");
    let outcome = block_on(examine(&scenario.xml(), &expected(), &keys, NOW));
    outcome.map_err(|refused| refused.refusal)
}

/// What a message says outside of what is encrypted is not what was compared.
#[test]
fn compares_nothing_where_something_was_decrypted() {
    let keys = RsaKeys::from_pems([SP_KEY_PEM]).expect("a key");
    let other = Expected { entity_id: "https://other.example", ..expected() };
    let refused = |message: &str| {
        let outcome = block_on(examine(message, &other, &keys, NOW));
        outcome.expect_err("another audience")
    };
    let plain = refused(&Scenario::valid().xml());
    let encrypted = refused(&sealed().xml());
    assert_eq!(plain.refusal, encrypted.refusal);
    assert_eq!((plain.comparison.is_some(), encrypted.comparison), (true, None));
}

#[test]
fn refuses_what_is_encrypted_when_there_is_no_key() {
    let outcome = block_on(examine(&sealed().xml(), &expected(), &NoPrivateKeys, NOW));
    assert_eq!(outcome, Err(Refused::from(Refusal::AssertionEncrypted)));
}

/// During a rotation the old key still opens what was encrypted with it.
#[test]
fn tries_every_key_of_ours() {
    for keys in [&[SP_KEY_PEM, OTHER_KEY_PEM][..], &[OTHER_KEY_PEM, SP_KEY_PEM]] {
        assert_eq!(code(&open(&sealed(), keys)), "accepted");
    }
}

#[test]
fn tries_the_keys_of_every_recipient_wherever_they_stand() {
    let (us, other) = (public_key(SP_KEY_PEM), public_key(OTHER_KEY_PEM));
    for beside in [false, true] {
        for recipients in [vec![us.clone(), other.clone()], vec![other.clone(), us.clone()]] {
            for signed in [Signed::Assertion, Signed::Response] {
                let sealing = Sealing { recipients: recipients.clone(), beside, ..sealing() };
                let scenario = Scenario::valid().sealed(sealing).signed(signed);
                assert_eq!(code(&open(&scenario, &[SP_KEY_PEM])), "accepted");
            }
        }
    }
}
