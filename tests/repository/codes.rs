//! Every code is what some test expects, so none can go wrong or out of use unnoticed.

use std::fs;
use std::path::Path;

use saml_edge::codes;

/// What `part` takes from each file below a folder of the project; without the corpus, which takes
/// one code of several.
fn texts(folder: &Path, part: fn(&str) -> &str) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() && !path.ends_with("corpus") {
            all += &texts(&path, part);
        } else if path.extension().is_some_and(|it| it == "rs" || it == "mjs" || it == "toml") {
            all += part(&fs::read_to_string(&path).expect("UTF-8"));
        }
    }
    all
}

fn unit_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests)
}

/// The variant that has `code`.
fn variant(code: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    code.split('_').map(capital).collect()
}

#[test]
fn every_code_is_expected_by_a_test() {
    let codes = codes();
    assert!(codes.len() > 100, "{codes:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests = texts(&root.join("tests"), |it| it)
        + &texts(&root.join("crates/saml-verify/tests"), |it| it);
    let unit_tests =
        texts(&root.join("src"), unit_tests) + &texts(&root.join("crates"), unit_tests);
    let is_expected = |code: &&&str| {
        // Bare, or inside a line of JSON; in unit tests by the variant.
        let texts = [format!("\"{code}\""), format!("\"{code}\\\"")];
        let variant = variant(code);
        let mut typed = [')', ',', ' '].iter().map(|end| format!("::{variant}{end}"));
        texts.iter().any(|it| tests.contains(it)) || typed.any(|it| unit_tests.contains(&it))
    };
    let missing: Vec<_> = codes.iter().filter(|it| !is_expected(it)).collect();
    assert!(missing.is_empty(), "no test expects {missing:?}");
}
