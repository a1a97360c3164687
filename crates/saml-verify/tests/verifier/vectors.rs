//! Responses signed by programs that others wrote, each with its expected outcome.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::said::inspect;
use saml_verify::dsig::Sha1;
use saml_verify::saml::{Expected, IdpMetadata, Requests, Skew};
use saml_verify::time::UnixTime;

fn field(case: &toml::Table, name: &str) -> Option<String> {
    case.get(name).map(|value| value.as_str().expect("a string").to_owned())
}

fn outcome(case_file: &Path) -> (String, String) {
    let text = fs::read_to_string(case_file).expect("readable");
    let case: toml::Table = text.parse().expect("TOML");
    let required = |name| field(&case, name).unwrap_or_else(|| panic!("{case_file:?}: {name}"));
    let metadata = case_file.with_file_name(required("metadata"));
    let idp = IdpMetadata::parse(&fs::read_to_string(metadata).expect("readable"));
    let request = field(&case, "request_id");
    let known: Vec<&str> = request.as_deref().into_iter().collect();
    let expected = Expected {
        entity_id: &required("entity_id"),
        acs_url: &required("acs_url"),
        idp: &idp.expect("usable metadata"),
        requests: match known.as_slice() {
            [] => Requests::OrUnsolicited(&[]),
            known => Requests::Only(known),
        },
        skew: Skew::default(),
        sha1: Sha1::Refused,
        nameless: false,
    };
    let now = UnixTime::parse(&required("now")).expect("a time");
    let xml = fs::read_to_string(case_file.with_extension("xml")).expect("readable");
    let got = match inspect(&xml, &expected, now) {
        Ok(_) => "accepted",
        Err(refusal) => refusal.code(),
    };
    (required("expect"), got.to_owned())
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let folders =
        fs::read_dir(root).expect("readable").map(|entry| entry.expect("readable").path());
    let mut cases: Vec<PathBuf> = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).expect("readable"))
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    cases.sort();
    cases
}

#[test]
fn independent_signers_are_understood() {
    let cases = cases();
    assert!(cases.len() > 10, "the vectors are missing");
    let mut failures = Vec::new();
    for case in &cases {
        let (expect, got) = outcome(case);
        if expect != got {
            failures.push(format!("{}: expected {expect}, got {got}", case.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
