//! `saml-edge metadata`, as an operator calls it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::common::documents::{self, OTHER, certificate};
use crate::common::{IDP, METADATA, Scenario, in_utf_16};

/// Exit code, standard output as JSON, and standard error.
fn metadata(arguments: &[&str], xml: impl AsRef<[u8]>) -> (Option<i32>, Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saml-edge"));
    command.args(["metadata", "--format", "json"]).args(arguments).arg("-");
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("a process");
    child.stdin.take().expect("a pipe").write_all(xml.as_ref()).expect("written");
    let output = child.wait_with_output().expect("an end");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), said)
}

#[test]
fn shows_all_there_is() {
    let xml = METADATA.replace("entityID=", "cacheDuration=\"PT1H\" entityID=");
    let (code, shown, _) = metadata(&[], xml);
    assert_eq!(code, Some(0));
    assert_eq!(shown.pointer("/entity_id"), Some(&IDP.into()));
    assert_eq!(shown.pointer("/cache_duration"), Some(&3600.into()));
    assert_eq!(shown.pointer("/want_authn_requests_signed"), Some(&false.into()));
    assert_eq!(shown.pointer("/signing_keys/0"), Some(&"RSA 2048".into()));
    assert_eq!(shown.pointer("/certificates/0/subject"), Some(&"CN=idp.example".into()));
    assert_eq!(shown.pointer("/single_sign_on/0/binding"), Some(&"HTTP-Redirect".into()));
}

/// Row B8: whatever is read in another way than it is labelled says the same both ways.
#[test]
fn a_file_may_be_in_utf_16_or_in_ascii_of_another_name() {
    let (files, _) = in_utf_16(METADATA);
    let labelled = |label: &str| METADATA.replace("UTF-8", label).into_bytes();
    let others = [labelled("ISO-8859-1"), labelled("US-ASCII"), labelled("windows-1252")];
    for file in files.iter().chain(&others) {
        let (code, shown, _) = metadata(&[], file);
        assert_eq!((code, shown.pointer("/entity_id")), (Some(0), Some(&IDP.into())));
    }
    let [little, _] = files;
    let half = little.split_last().expect("octets").1.to_vec();
    let latin = |name: &[u8]| [&labelled("ISO-8859-1")[..], b"<!--", name, b"-->"].concat();
    for (file, expected) in [
        (half, "not_utf8"),
        (little.get(2..).expect("octets").to_vec(), "xml_malformed"),
        (latin(b"\xe4"), "not_utf8"),
        (latin("ä".as_bytes()), "xml_encoding_unsupported"),
        (labelled("UTF-7"), "xml_encoding_unsupported"),
    ] {
        let (code, shown, _) = metadata(&[], file);
        assert_eq!((code, shown.pointer("/code")), (Some(1), Some(&expected.into())));
    }
}

#[test]
fn lists_the_idps_to_choose_from() {
    let both = documents::both();
    let (code, shown, said) = metadata(&[], &both);
    assert_eq!(code, Some(1));
    assert_eq!(shown.pointer("/code"), Some(&"entity_ambiguous".into()));
    assert_eq!(said, format!("{IDP}\n{}\n", OTHER));
    let (code, shown, _) = metadata(&["--idp", OTHER], &both);
    assert_eq!(code, Some(0));
    assert_eq!(shown.pointer("/entity_id"), Some(&OTHER.into()));
}

#[test]
fn reads_only_what_the_pinned_certificate_signed() {
    let pem = format!("{}/pinned.pem", env!("CARGO_TARGET_TMPDIR"));
    let certificate = certificate();
    let armoured =
        format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
    std::fs::write(&pem, armoured).expect("written");
    let document = documents::unsigned();
    for (xml, expected) in [
        (documents::sign(&document, &Scenario::valid()), Value::Null),
        (
            documents::sign(&document, &Scenario::valid().signed_by_another_key()),
            "signature_invalid".into(),
        ),
        (document, "metadata_unsigned".into()),
    ] {
        let (code, shown, _) = metadata(&["--signed-by", &pem], &xml);
        assert_eq!(code, Some(i32::from(!expected.is_null())));
        assert_eq!(shown.pointer("/code").unwrap_or(&Value::Null), &expected);
    }
}
