//! The pages say what is there: every code, every setting, and no link that leads nowhere.

#![expect(clippy::expect_used, reason = "a test that cannot be set up must say so")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use saml_edge::service::AccountSettings;

const CODES: &str = include_str!("../docs/codes.md");
const OPERATORS: &str = include_str!("../docs/operators.md");
const README: &str = include_str!("../README.md");

/// What stands between `before` and `after` in each line that has both.
fn between<'t>(text: &'t str, before: &str, after: &str) -> BTreeSet<&'t str> {
    let found = |line: &'t str| line.split_once(before)?.1.split_once(after);
    text.lines().filter_map(found).map(|(name, _)| name).collect()
}

#[test]
fn every_code_has_its_row() {
    let mut codes = between(include_str!("../src/error.rs"), "=> \"", "\",");
    codes.extend(between(include_str!("../src/service/error.rs"), "=> \"", "\","));
    codes.extend(between(include_str!("../src/service/admin/problem.rs"), "=> \"", "\","));
    codes.extend(between(include_str!("../src/service/undelivered.rs"), "=> \"", "\","));
    assert!(codes.len() > 100, "{codes:?}");
    assert_eq!(between(CODES, "| `", "` |"), codes);
}

#[test]
fn the_guides_name_codes_that_exist() {
    let codes = between(CODES, "| `", "` |");
    let mut guides = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/idp"), &mut guides);
    let mut named = 0;
    for guide in guides {
        let text = fs::read_to_string(&guide).expect("UTF-8");
        let (_, errors) = text.split_once(" What errors mean").unwrap_or_default();
        let cells = errors.lines().filter(|row| row.starts_with("| `"));
        for code in cells.flat_map(|row| row.split('|').take(2).flat_map(code_spans)) {
            assert!(codes.contains(code), "{}: there is no {code}", guide.display());
            named += 1;
        }
    }
    assert!(named > 40, "{named} codes");
}

/// What stands between backticks.
fn code_spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn everything_that_operators_set_has_its_row() {
    let config = include_str!("../src/service/config.rs");
    let mut settings = between(config, ".take(\"", "\",");
    settings.extend(between(config, ".take_optional(\"", "\","));
    settings.extend(between(config, ".take_explained(\"", "\","));
    let (_, account) = include_str!("../src/service/account.rs")
        .split_once("pub struct AccountSettings {")
        .expect("the settings of an account");
    let (account, _) = account.split_once("\n}").expect("an end");
    settings.extend(between(account, "    pub ", ":"));
    assert!(settings.len() > 14, "{settings:?}");
    let rows = between(OPERATORS, "| `", "` |");
    let missing: Vec<_> = settings.difference(&rows).collect();
    assert!(missing.is_empty(), "docs/operators.md has no row for {missing:?}");
}

#[test]
fn the_examples_of_settings_are_taken() {
    let blocks = [README, OPERATORS].into_iter().flat_map(|page| page.split("```json\n").skip(1));
    let examples = blocks.filter_map(|rest| rest.split("```").next());
    let examples: Vec<_> = examples.filter(|it| it.contains("\"entity_id\"")).collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        assert_eq!(AccountSettings::parse(example).err().map(|it| it.to_string()), None);
    }
}

/// The Markdown files of this project, without what tools have brought.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let entry = entry.expect("readable");
        let (path, name) = (entry.path(), entry.file_name().into_string().expect("UTF-8"));
        let is_foreign =
            name.starts_with('.') || ["build", "node_modules", "target"].contains(&&*name);
        if path.is_dir() && !is_foreign {
            pages(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// A page without its blocks of code.
fn prose(page: &str) -> String {
    page.split("\n```").step_by(2).collect()
}

/// A heading as a fragment names it.
fn fragment(heading: &str) -> String {
    let kept = |it: &char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
    heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

/// Why a link from `page` leads nowhere, if it does.
fn fault(page: &Path, target: &str) -> Option<String> {
    let (file, wanted) = target.split_once('#').unwrap_or((target, ""));
    let folder = page.parent().expect("a folder");
    let file = if file.is_empty() { page.to_owned() } else { folder.join(file) };
    if !file.exists() {
        return Some(format!("{}: no file {target}", page.display()));
    }
    if wanted.is_empty() {
        return None;
    }
    let text = prose(&fs::read_to_string(&file).expect("a page"));
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    let stands = headings.any(|line| fragment(line.trim_start_matches('#')) == wanted);
    (!stands).then(|| format!("{}: no heading {target}", page.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    pages(Path::new(env!("CARGO_MANIFEST_DIR")), &mut found);
    let (mut links, mut faults) = (0, Vec::new());
    for page in found {
        let text = prose(&fs::read_to_string(&page).expect("UTF-8"));
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let images = text.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let sets = text.split("srcset=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for target in targets.chain(images).chain(sets).filter(|it| !it.contains("://")) {
            links += 1;
            faults.extend(fault(&page, target));
        }
    }
    assert!(links > 20, "{links} links");
    assert!(faults.is_empty(), "{faults:#?}");
}
