//! The pages say what is there: every code, every setting, and no link that leads nowhere.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use saml_edge::{AccountSettings, Config, codes};
use syn::Item;

use crate::figures::figure;
use crate::words::{parsed, root};

pub(crate) const CODES: &str = include_str!("../../docs/codes.md");
pub(crate) const OPERATORS: &str = include_str!("../../docs/operators.md");
pub(crate) const README: &str = include_str!("../../README.md");

/// What stands between `before` and `after` in each line that has both.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> BTreeSet<&'t str> {
    let found = |line: &'t str| line.split_once(before)?.1.split_once(after);
    text.lines().filter_map(found).map(|(name, _)| name).collect()
}

#[test]
fn every_code_has_its_row() {
    let codes = codes();
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

/// Every var and secret that a configuration is read from.
fn vars() -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::new());
    // What is asked for may depend on what is set.
    for value in [None, Some("x".to_owned())] {
        let lookup = |name: &str| {
            asked.borrow_mut().insert(name.to_owned());
            value.clone()
        };
        assert!(Config::parse(lookup).is_err());
    }
    asked.into_inner()
}

/// The names of an account's settings.
fn account_settings() -> BTreeSet<String> {
    let file = parsed(&root().join("src/model/settings.rs"));
    let settings = file.items.into_iter().find_map(|item| match item {
        Item::Struct(it) if it.ident == "AccountSettings" => Some(it.fields),
        _ => None,
    });
    let names = settings.expect("the settings").into_iter().filter_map(|field| field.ident);
    names.map(|name| name.to_string()).collect()
}

#[test]
fn everything_that_operators_set_has_its_row() {
    let (vars, settings) = (vars(), account_settings());
    assert!(vars.len() > 20 && settings.len() > 14, "{vars:?} {settings:?}");
    let rows = between(OPERATORS, "| `", "` |");
    let missing: Vec<_> =
        vars.iter().chain(&settings).filter(|name| !rows.contains(name.as_str())).collect();
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

/// What the Worker says a var may be, the table of vars says too.
#[test]
fn vars_have_the_ranges_that_the_worker_takes() {
    let error = Config::parse(|_| Some("x".to_owned())).err().expect("nothing is right");
    let mut ranges = 0;
    for problem in error.problems() {
        let Some((name, range)) = problem.split_once(" must be ") else { continue };
        let Some((least, most)) = range.split_once(" to ") else { continue };
        let (Ok(least), Ok(most)) = (least.parse::<i64>(), most.parse::<i64>()) else { continue };
        let row = OPERATORS.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.expect("a row");
        let range = format!("{} to {}", figure(least), figure(most));
        assert!(row.contains(&range), "{range} is not in {row}");
        ranges += 1;
    }
    assert_eq!(ranges, 5);
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
