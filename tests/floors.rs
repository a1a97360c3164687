//! The floors of the house: imports go down or sideways, never up, and what belongs to one floor
//! is not to be found on another.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]

use std::fs;
use std::path::Path;

/// Every module of the library, by floor.
const FLOORS: [&[&str]; 6] = [
    &["encoding", "error", "form", "limits", "time"],
    &["xml"],
    &["c14n", "dsig", "xmlenc"],
    &["saml"],
    &["service"],
    &["worker"],
];

fn floor(module: &str) -> usize {
    let found = FLOORS.iter().position(|modules| modules.contains(&module));
    found.unwrap_or_else(|| panic!("{module} is on no floor"))
}

/// Every source file of the library with its module and its code, tests and comments left out.
fn sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    collect(Path::new("src"), &mut found);
    assert!(found.len() > 40, "{} files", found.len());
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String, String)>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        let name = path.to_str().expect("UTF-8").to_owned();
        if path.is_dir() && !path.ends_with("bin") {
            collect(&path, found);
        } else if name.ends_with(".rs") && !path.ends_with("lib.rs") {
            let module = name.trim_start_matches("src/").trim_end_matches(".rs");
            let module = module.split('/').next().expect("a module").to_owned();
            let text = fs::read_to_string(&path).expect("readable");
            let code = text.split("#[cfg(test)]").next().expect("code");
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((name, module, code.collect::<Vec<_>>().join("\n")));
        }
    }
}

#[test]
fn no_import_goes_up() {
    let mut imports = 0;
    for (file, module, code) in sources() {
        for path in code.split("crate::").skip(1) {
            let end = path.find(|character: char| !character.is_ascii_alphanumeric());
            let imported = path.split_at(end.expect("an end")).0;
            assert!(floor(imported) <= floor(&module), "{file} looks up to {imported}");
            imports += 1;
        }
    }
    assert!(imports > 100, "{imports} imports");
}

/// Fails where `word` stands outside of the modules that may use it, or in none of them.
fn only_in(word: &str, allowed: &[&str]) {
    let mut used = false;
    for (file, module, code) in sources() {
        let standing = code.contains(word);
        assert!(!standing || allowed.contains(&&*module), "{file} uses {word}");
        used |= standing;
    }
    assert!(used, "nobody uses {word}");
}

#[test]
fn each_dependency_has_its_floor() {
    only_in("roxmltree::", &["xml"]);
    only_in("wasm_bindgen", &["worker"]);
    only_in("use worker::", &["worker"]);
    only_in("getrandom::", &["worker"]);
    only_in("Date::now()", &["worker"]);
    only_in("async fn", &["service", "worker"]);
    only_in("serde::", &["service", "worker"]);
    only_in("askama::", &["service"]);
}

/// The gate keeps our cookies from the origin by the list in this file (row H3).
#[test]
fn every_cookie_is_named_in_one_place() {
    let places = sources().into_iter().filter(|(_, _, code)| code.contains("__Host-"));
    assert_eq!(places.map(|(file, ..)| file).collect::<Vec<_>>(), ["src/service/cookie.rs"]);
}

/// A Worker that fails must not let a request past it (row H13).
#[test]
fn nothing_passes_on_an_exception() {
    for (file, _, code) in sources() {
        let code = code.to_lowercase().replace('_', "");
        assert!(!code.contains("passthroughonexception"), "{file}");
    }
}
