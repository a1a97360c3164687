//! Every code is what some test expects, so none can go wrong or out of use unnoticed.

use std::fs;

use saml_edge::codes;

use crate::words::{Part, Words, files, parsed, root, rust_files};

/// The variant that has `code`.
fn variant(code: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    code.split('_').map(capital).collect()
}

/// The integration tests, without the corpus, which takes one code of several.
fn integration_tests() -> Vec<Words> {
    let is_test = |path: &str| path.contains("/tests/") && !path.contains("/corpus/");
    let paths = rust_files().into_iter().filter(|it| is_test(&it.to_string_lossy()));
    paths.map(|path| Words::of(&parsed(&path), Part::Whole)).collect()
}

fn unit_tests() -> Vec<Words> {
    rust_files().iter().map(|path| Words::of(&parsed(path), Part::UnitTests)).collect()
}

/// The tests in JavaScript, as text.
fn end_to_end() -> String {
    let paths = files(&root().join("tests"), "mjs");
    paths.iter().map(|path| fs::read_to_string(path).expect("UTF-8")).collect()
}

#[test]
fn every_code_is_expected_by_a_test() {
    let codes = codes();
    assert!(codes.len() > 100, "{codes:?}");
    let (tests, unit_tests, end_to_end) = (integration_tests(), unit_tests(), end_to_end());
    let is_expected = |code: &&&str| {
        // A unit test names the variant.
        let end = format!("::{}", variant(code));
        let has_variant = |it: &Words| {
            it.paths.iter().any(|path| path.ends_with(&end))
                || it
                    .macros
                    .split(|it: char| !it.is_alphanumeric() && it != ':')
                    .any(|it| it.ends_with(&end))
        };
        tests.iter().any(|it| it.expect(code))
            || end_to_end.contains(&format!("\"{code}\""))
            || unit_tests.iter().any(has_variant)
    };
    let missing: Vec<_> = codes.iter().filter(|it| !is_expected(it)).collect();
    assert!(missing.is_empty(), "no test expects {missing:?}");
}
