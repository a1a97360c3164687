//! Every code is what some test expects, so none can go wrong or out of use unnoticed.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

use std::fs;
use std::path::Path;

const SOURCES: [&str; 2] =
    [include_str!("../src/error.rs"), include_str!("../src/service/error.rs")];

/// The texts of the files below `folder` with one of these extensions; without the corpus, which
/// takes one code of several.
fn texts(folder: &Path, extensions: &[&str]) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.ends_with("corpus") {
            continue;
        }
        if path.is_dir() {
            all += &texts(&path, extensions);
        } else if path.extension().is_some_and(|it| extensions.iter().any(|known| it == *known)) {
            all += &fs::read_to_string(&path).expect("UTF-8");
        }
    }
    all
}

#[test]
fn every_code_is_expected_by_a_test() {
    let codes: Vec<&str> = SOURCES
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.split_once("=> \"")?.1.split_once("\","))
        .map(|(code, _)| code)
        .collect();
    assert!(codes.len() > 100, "{codes:?}");
    let tests = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &["rs", "mjs", "toml"]);
    // Bare, or inside a line of JSON.
    let is_expected = |code: &str| {
        [format!("\"{code}\""), format!("\"{code}\\\"")].iter().any(|it| tests.contains(it))
    };
    let missing: Vec<_> = codes.into_iter().filter(|code| !is_expected(code)).collect();
    assert!(missing.is_empty(), "no test expects {missing:?}");
}
