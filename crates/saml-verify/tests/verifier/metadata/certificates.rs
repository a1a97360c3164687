//! Certificates around signing keys, in every shape that metadata gives them.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::AnyRef;
use der::{Encode as _, Tag};
use p256::pkcs8::EncodePublicKey as _;
use saml_verify::saml::Warning;

use super::keys::key_of_the_certificate;
use super::{code_with, key_descriptor, with_key_info, with_more, x509_data};
use crate::common::documents::certificate;
use crate::common::{NOW, OTHER_CERTIFICATE, code, unusable_certificates};

#[test]
fn refuses_certificates_that_are_none() {
    for not in ["AAAA", "not base64", "", "MIIB"] {
        assert_eq!(code_with(certificate(), not), "certificate_malformed", "{not}");
        let more = key_descriptor("", &x509_data(&[not]));
        let idp = with_more(&more).expect("usable metadata");
        assert_eq!(idp.signing_keys().len(), 1);
        assert_eq!(idp.warnings(NOW), [Warning::CertificateUnreadable]);
    }
}

/// Whatever they are good for, and however they are spread over elements.
#[test]
fn refuses_more_than_thirty_two_certificates() {
    // One is there already.
    let certificates = unusable_certificates(32);
    let certificates: Vec<&str> = certificates.iter().map(String::as_str).collect();
    let each = |count: usize| {
        let of = certificates[..count].iter();
        of.map(|it| key_descriptor("", &x509_data(&[it]))).collect::<String>()
    };
    let together = |count: usize| key_descriptor("", &x509_data(&certificates[..count]));
    let bare = |count: usize| {
        let key = "<KeyValue/><DEREncodedKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\"/>";
        let odd = if count % 2 == 1 { "<KeyValue/>" } else { "" };
        key_descriptor("", &(key.repeat(count / 2) + odd))
    };
    let same = |count: usize| key_descriptor("", &x509_data(&vec![certificate(); count]));
    for more in [each(31), together(31), bare(31), same(31)] {
        assert_eq!(code(&with_more(&more)), "accepted");
    }
    for more in [each(32), together(32), bare(32), same(32)] {
        assert_eq!(code(&with_more(&more)), "certificate_count");
    }
    // What is for encryption alone is not read.
    let encryption = key_descriptor(" use=\"encryption\"", &x509_data(&certificates));
    assert_eq!(code(&with_more(&encryption)), "accepted");
    assert_eq!(code(&with_more(&(each(20) + &together(12)))), "certificate_count");
}

/// A name may be as long as the document, and is told in warnings, on pages and in a terminal.
#[test]
fn long_names_are_shown_short() {
    let shown = |name: &str| {
        let certificate = certificate_of(name);
        let idp = with_key_info(&x509_data(&[&certificate])).expect("usable metadata");
        idp.certificates()[0].subject().to_owned()
    };
    assert_eq!(shown(&"ä".repeat(253)), format!("CN={}", "ä".repeat(253)));
    assert_eq!(shown(&"ä".repeat(254)), format!("CN={}…", "ä".repeat(253)));
    assert_eq!(shown(&"x".repeat(300_000)).chars().count(), 257);
}

/// In base64, a certificate with this common name.
fn certificate_of(name: &str) -> String {
    let der = |tag, parts: &[&[u8]]| {
        AnyRef::new(tag, &parts.concat()).and_then(|it| it.to_der()).expect("DER")
    };
    let sequence = |parts: &[&[u8]]| der(Tag::Sequence, parts);
    let attribute = sequence(&[&[6, 3, 0x55, 4, 3], &der(Tag::Utf8String, &[name.as_bytes()])]);
    let subject = sequence(&[&der(Tag::Set, &[&attribute])]);
    let (serial, algorithm) = ([2, 1, 1], sequence(&[&[6, 3, 0x2b, 0x65, 0x70]]));
    let time = der(Tag::UtcTime, &[b"260101000000Z"]);
    let validity = sequence(&[&time, &time]);
    let key = p256::SecretKey::from_slice(&[7; 32]).expect("a scalar").public_key();
    let key = key.to_public_key_der().expect("DER");
    let parts = [&serial[..], &algorithm, &subject, &validity, &subject, key.as_bytes()];
    let certificate = sequence(&[&sequence(&parts), &algorithm, &[3, 2, 0, 1]]);
    STANDARD.encode(certificate)
}

#[test]
fn of_a_chain_only_the_last_certificate_signs() {
    let chain: Vec<&str> = include_str!("chain.certificates.b64").lines().collect();
    let [leaf, middle, root] = *chain else { panic!("three certificates") };
    let apart: String = [root, leaf, middle].map(|it| x509_data(&[it])).concat();
    for key_info in [x509_data(&[leaf, middle, root]), x509_data(&[root, middle, leaf]), apart] {
        let idp = with_key_info(&key_info).expect("usable metadata");
        let subjects: Vec<_> = idp.certificates().iter().map(|it| it.subject()).collect();
        assert_eq!(subjects, ["CN=leaf.example"]);
        assert_eq!(idp.signing_keys().len(), 1);
        assert_eq!(idp.warnings(NOW).len(), 2);
        let left_out = Warning::CertificateOfAuthority { subject: "CN=root.example".to_owned() };
        assert!(idp.warnings(NOW).contains(&left_out));
    }
    // A key of its own is what a KeyDescriptor of its own says it is.
    let apart =
        key_descriptor("", &x509_data(&[leaf])) + &key_descriptor("", &x509_data(&[middle]));
    assert_eq!(with_more(&apart).expect("usable metadata").signing_keys().len(), 3);
    // Two that have nothing to do with each other are a roll-over.
    let unrelated = with_key_info(&x509_data(&[certificate(), OTHER_CERTIFICATE]));
    assert_eq!(unrelated.expect("usable metadata").signing_keys().len(), 2);
}

/// In armour and lines, as a file has it.
fn pem(certificate: &str) -> String {
    let lines = certificate.as_bytes().chunks(64);
    let lines: String =
        lines.map(|line| format!("{}\n", str::from_utf8(line).expect("ASCII"))).collect();
    format!("-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n")
}

/// Whatever the length of the first, on which its padding depends.
#[test]
fn of_several_certificates_in_one_element_the_first_is_taken() {
    let others = [certificate(), OTHER_CERTIFICATE];
    let read = |text: &str| with_key_info(&x509_data(&[text]));
    let mut endings = BTreeSet::new();
    for name in ["a", "ab", "abc"] {
        let first = certificate_of(name);
        endings.insert(first.matches('=').count());
        let alone = read(&first).expect("usable metadata");
        for behind in [&others[..1], &others] {
            let chain = [&[&*first], behind].concat();
            let lines: String = chain.iter().map(|it| pem(it)).collect();
            let bare = lines.replace("-----BEGIN CERTIFICATE-----\n", "");
            let der: Vec<_> = chain.iter().map(|it| STANDARD.decode(it).expect("base64")).collect();
            for text in [
                chain.concat(),
                STANDARD.encode(der.concat()),
                bare.replace("-----END CERTIFICATE-----\n", ""),
                STANDARD.encode(&lines),
                lines,
            ] {
                let idp = read(&text).expect("usable metadata");
                assert_eq!(idp.signing_keys(), alone.signing_keys());
                let prints: Vec<_> = idp.certificates().iter().map(|it| it.fingerprint()).collect();
                assert_eq!(prints, [alone.certificates()[0].fingerprint()]);
                let mut warnings = alone.warnings(NOW);
                warnings.insert(0, Warning::CertificatesInOneElement);
                assert_eq!(idp.warnings(NOW), warnings);
            }
        }
        // Something else behind it.
        let padded = format!("{first}{}", if first.ends_with('=') { "" } else { "AA==" });
        let (pem, half) = (pem(&first), certificate().split_at(64).0);
        for text in [
            format!("{padded}AAAA"),
            format!("{padded}{half}"),
            format!("{padded}="),
            format!("{pem}{first}"),
            format!("{pem}text"),
            format!("{pem}-----BEGIN CERTIFICATE-----"),
            pem.replace("-----END", "-----ENDE"),
        ] {
            assert_eq!(code(&read(&text)), "certificate_malformed", "{text}");
        }
    }
    assert_eq!(endings, BTreeSet::from([0, 1, 2]));
}

#[test]
fn a_certificate_may_come_in_pem() {
    let pem = pem(certificate());
    for text in [pem.clone(), STANDARD.encode(&pem)] {
        let idp = with_key_info(&x509_data(&[&text])).expect("usable metadata");
        assert_eq!(idp.signing_keys(), [key_of_the_certificate()]);
        assert_eq!(idp.warnings(NOW), []);
    }
}

#[test]
fn a_certificate_that_is_odd_still_gives_its_key() {
    let der = STANDARD.decode(certificate()).expect("base64");
    let end = der.windows(2).position(|it| it == [0x17, 0x0d]).expect("a UTCTime") + 14;
    let mut without_seconds = der.clone();
    without_seconds[end..][..1].copy_from_slice(b"+");
    let trailing = [&der[..], &[0]].concat();
    for odd in [without_seconds, trailing] {
        let idp = with_key_info(&x509_data(&[&STANDARD.encode(odd)])).expect("usable metadata");
        assert_eq!(idp.signing_keys(), [key_of_the_certificate()]);
        assert_eq!(idp.certificates().len(), 0);
        assert_eq!(idp.warnings(NOW), [Warning::CertificateOdd]);
    }
}
