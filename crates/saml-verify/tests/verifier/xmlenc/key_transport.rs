//! EncryptedKey: RSA-OAEP and its recipients (XML Encryption 1.1 §5.5).

use super::{outcome, sealed, sealing};
use crate::common::sealing::{MGF1P, OAEP, Sealing};
use crate::common::{OTHER_KEY_PEM, SP_KEY_PEM, Signed, public_key};

#[test]
fn opens_every_key_transport_whose_digests_agree() {
    for (transport, digest, mgf) in [
        (MGF1P, "", ""),
        (MGF1P, "sha1", ""),
        (OAEP, "", ""),
        (OAEP, "sha1", "sha1"),
        (OAEP, "sha256", "sha256"),
        (OAEP, "sha384", "sha384"),
        (OAEP, "sha512", "sha512"),
    ] {
        let scenario = sealed(Sealing { transport, digest, mgf, ..sealing() });
        assert_eq!(outcome(&scenario), "accepted", "{transport} {digest} {mgf}");
    }
}

/// Row E5.
#[test]
fn refuses_key_transports_whose_digests_differ() {
    for (transport, digest, mgf) in [
        (MGF1P, "sha256", ""),
        (OAEP, "sha256", ""),
        (OAEP, "sha256", "sha1"),
        (OAEP, "", "sha256"),
    ] {
        let scenario = sealed(Sealing { transport, digest, mgf, ..sealing() });
        assert_eq!(outcome(&scenario), "oaep_digests_differ", "{transport} {digest} {mgf}");
    }
}

/// Row E2.
#[test]
fn refuses_other_key_transports() {
    for transport in [
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        "http://www.w3.org/2001/04/xmlenc#kw-aes256",
        "",
    ] {
        let scenario = sealed(Sealing { transport, ..sealing() });
        assert_eq!(outcome(&scenario), "key_transport_unsupported", "{transport}");
    }
    // MGF has no place in the older transport, and other hashes have none at all.
    let scenario = sealed(Sealing { mgf: "sha1", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let scenario = sealed(Sealing { transport: OAEP, digest: "sha224", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let scenario = sealed(Sealing { transport: OAEP, mgf: "sha224", ..sealing() });
    assert_eq!(outcome(&scenario), "key_transport_unsupported");
    let label = "<xenc:OAEPparams>AAAA</xenc:OAEPparams></xenc:EncryptionMethod><xenc:CipherData>";
    let label = sealed(sealing()).in_message("</xenc:EncryptionMethod><xenc:CipherData>", label);
    assert_eq!(outcome(&label), "key_transport_unsupported");
}

#[test]
fn reads_the_keys_of_every_recipient_wherever_they_stand() {
    let (us, other) = (public_key(SP_KEY_PEM), public_key(OTHER_KEY_PEM));
    for beside in [false, true] {
        for recipients in [vec![us.clone(), other.clone()], vec![other.clone(), us.clone()]] {
            for signed in [Signed::Assertion, Signed::Response] {
                let sealing = Sealing { recipients: recipients.clone(), beside, ..sealing() };
                assert_eq!(outcome(&sealed(sealing).signed(signed)), "accepted");
            }
        }
    }
}

/// Row E3.
#[test]
fn refuses_more_than_four_recipients_and_fewer_than_one() {
    let of = |count| {
        let recipients = vec![public_key(SP_KEY_PEM); count];
        outcome(&sealed(Sealing { recipients, ..sealing() }))
    };
    assert_eq!(of(4), "accepted");
    assert_eq!(of(5), "encrypted_key_count");
    assert_eq!(of(0), "encrypted_key_count");
}
