//! Signing keys in every form that metadata gives them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use p256::pkcs8::EncodePublicKey as _;
use rsa::PrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use saml_verify::dsig::TrustedKey;
use saml_verify::error::Refusal;
use saml_verify::saml::{IdpMetadata, Warning};
use x509_cert::Certificate;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{code_with, key_descriptor, with_key_info, with_more, x509_data};
use crate::common::documents::certificate;
use crate::common::{METADATA, NOW, OTHER_CERTIFICATE, code};

pub(super) fn key_of_the_certificate() -> TrustedKey {
    IdpMetadata::parse(METADATA)
        .expect("usable metadata")
        .signing_keys()
        .first()
        .expect("a key")
        .clone()
}

#[test]
fn every_key_that_may_sign_is_tried() {
    let keys = |more: &str| with_more(more).expect("usable").signing_keys().len();
    let other = x509_data(&[OTHER_CERTIFICATE]);
    assert_eq!(keys(&key_descriptor(" use=\"signing\"", &other)), 2);
    assert_eq!(keys(&key_descriptor("", &other)), 2);
    assert_eq!(keys(&key_descriptor(" use=\"encryption\"", &other)), 1);
    // The same certificate again is no second key.
    assert_eq!(keys(&key_descriptor(" use=\"signing\"", &x509_data(&[certificate()]))), 1);
}

#[test]
fn refuses_metadata_without_signing_key() {
    assert_eq!(code_with("use=\"signing\"", "use=\"encryption\""), "signing_key_missing");
    assert_eq!(code(&with_key_info("<KeyName>idp.example</KeyName>")), "signing_key_missing");
    assert_eq!(code(&with_key_info("")), "signing_key_missing");
}

/// Row D5.
#[test]
fn refuses_weak_and_foreign_keys() {
    for (weak, subject) in [
        (include_str!("../../../../../tests/common/rsa1024.certificate.b64"), "CN=rsa1024.example"),
        (
            include_str!("../../../../../tests/common/exponent3.certificate.b64"),
            "CN=exponent3.example",
        ),
        (include_str!("../../../../../tests/common/ed25519.certificate.b64"), "CN=ed25519.example"),
    ] {
        if cfg!(saml_verify_legacy_vectors) && subject.contains("1024") {
            continue;
        }
        assert_eq!(code_with(certificate(), weak), "signing_key_unsupported", "{subject}");
        let idp = with_more(&key_descriptor("", &x509_data(&[weak]))).expect("usable metadata");
        assert_eq!(idp.signing_keys().len(), 1, "{subject}");
        let warning = Warning::KeyUnsupported { subject: subject.to_owned() };
        assert_eq!(idp.warnings(NOW), [warning]);
    }
}

/// Row D10.
#[test]
fn refuses_more_than_eight_keys() {
    let certificates = include_str!("../../../../../tests/common/nine.certificates.b64").lines();
    let descriptors: Vec<_> =
        certificates.map(|it| key_descriptor("", &x509_data(&[it]))).collect();
    assert_eq!(code(&with_more(&descriptors[..7].concat())), "accepted");
    assert_eq!(code(&with_more(&descriptors[..8].concat())), "signing_key_count");
}

#[test]
fn a_key_needs_no_certificate() {
    let private =
        PrivateKey::from_pkcs8_pem(include_str!("../../../../../tests/common/idp.key.pem"));
    let private = private.expect("a PKCS#8 key");
    let octets = private.n().to_be_bytes_trimmed_vartime();
    let exponent = private.e().to_be_bytes_trimmed_vartime();
    let [modulus, padded] =
        [octets.to_vec(), [&[0], &octets[..]].concat()].map(|it| STANDARD.encode(it));
    let exponent = STANDARD.encode(exponent);
    let rsa = |modulus: &str, exponent: &str| {
        format!(
            "<KeyValue><RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent>\
            </RSAKeyValue></KeyValue>"
        )
    };
    for key_info in [
        rsa(&modulus, &exponent),
        rsa(&padded, &exponent),
        // The same key twice is one.
        rsa(&modulus, &exponent) + &x509_data(&[certificate()]),
    ] {
        let idp = with_key_info(&key_info).expect("usable metadata");
        assert_eq!(idp.signing_keys(), [key_of_the_certificate()]);
    }
    for (modulus, exponent) in
        [(&*modulus, "Aw=="), ("", &*exponent), ("AQ==", "AQAB"), ("?", "AQAB")]
    {
        let key_info = rsa(modulus, exponent);
        let refused = code(&with_key_info(&key_info));
        assert!(matches!(refused, "signing_key_unsupported" | "base64_malformed"), "{refused}");
        let idp = with_more(&key_descriptor("", &key_info)).expect("usable metadata");
        assert_eq!(idp.warnings(NOW), [Warning::BareKeyUnsupported]);
    }
}

#[test]
fn reads_elliptic_curve_keys() {
    let p256 = p256::SecretKey::from_slice(&[7; 32]).expect("a scalar").public_key();
    let p384 = p384::SecretKey::from_slice(&[7; 48]).expect("a scalar").public_key();
    for (curve, point, spki) in [
        ("1.2.840.10045.3.1.7", p256.to_sec1_bytes(), p256.to_public_key_der()),
        ("1.3.132.0.34", p384.to_sec1_bytes(), p384.to_public_key_der()),
    ] {
        let spki = spki.expect("DER");
        let key = TrustedKey::from_spki_der(spki.as_bytes()).expect("a key");
        let (point, spki) = (STANDARD.encode(point), STANDARD.encode(spki.as_bytes()));
        let ec = |curve: &str, point: &str| {
            format!(
                "<KeyValue><ECKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\"><NamedCurve \
                URI=\"urn:oid:{curve}\"/><PublicKey>{point}</PublicKey></ECKeyValue></KeyValue>"
            )
        };
        let encoded = format!(
            "<DEREncodedKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\">{spki}\
            </DEREncodedKeyValue>"
        );
        for key_info in [ec(curve, &point), encoded] {
            let idp = with_key_info(&key_info).expect("usable metadata");
            assert_eq!(idp.signing_keys(), std::slice::from_ref(&key));
        }
        for (curve, point) in [("1.3.132.0.35", &*point), (curve, "BAAA"), ("", &*point)] {
            assert_eq!(code(&with_key_info(&ec(curve, point))), "signing_key_unsupported");
        }
    }
    let other = "<KeyValue><DSAKeyValue/></KeyValue>";
    assert_eq!(code(&with_key_info(other)), "signing_key_unsupported");
    assert_eq!(code(&with_key_info("<KeyValue/>")), "signing_key_unsupported");
}

/// Row D8: such a key may sign nothing but PSS, and that restriction is not implemented.
#[test]
fn refuses_keys_that_are_for_pss_alone() {
    let certificate = STANDARD.decode(certificate()).expect("base64");
    let certificate = Certificate::from_der(&certificate).expect("a certificate");
    let mut spki = certificate.tbs_certificate().subject_public_key_info().clone();
    let key =
        |spki: &SubjectPublicKeyInfoOwned| TrustedKey::from_spki_der(&spki.to_der().expect("DER"));
    assert_eq!(key(&spki), Ok(key_of_the_certificate()));
    spki.algorithm.oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
    spki.algorithm.parameters = None;
    assert_eq!(key(&spki), Err(Refusal::SigningKeyUnsupported));
}
