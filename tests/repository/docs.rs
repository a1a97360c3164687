//! The pages say what is there: every code, every setting, and no link that leads nowhere.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use saml_edge::limits::{
    ACCOUNTS_OF_EMAIL, ENTRY_AGE, ERASED_USERS, OWN_FORM_OCTETS, SETTINGS_FORM_OCTETS,
    STORED_METADATA_OCTETS,
};
use saml_edge::{AccountSettings, Config, codes};
use saml_verify::limits::{
    ASSERTION_AGE, CANONICAL_OCTETS, CERTIFICATES, ENCRYPTED_KEYS, ENTITY_ID_OCTETS, FORM_FIELDS,
    FORM_OCTETS, LISTED, LOGOUT_AGE, MESSAGE_OCTETS, MESSAGE_XML, METADATA_XML, PREFIX_LIST,
    RSA_BITS, SIGNING_KEYS, SKEW,
};
use syn::Item;

use crate::words::{parsed, root};

const CODES: &str = include_str!("../../docs/codes.md");
const OPERATORS: &str = include_str!("../../docs/operators.md");
const README: &str = include_str!("../../README.md");

/// What stands between `before` and `after` in each line that has both.
fn between<'t>(text: &'t str, before: &str, after: &str) -> BTreeSet<&'t str> {
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

/// A number as the pages write it.
fn figure(number: impl ToString) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// A small number as the pages write it.
fn word(number: usize) -> String {
    let words =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// A size as the pages write it.
fn size(octets: usize) -> String {
    let kibibytes = octets / 1024;
    assert_eq!(kibibytes * 1024, octets, "pages have no octets");
    match kibibytes.checked_rem(1024) {
        Some(0) => format!("{} MiB", kibibytes / 1024),
        _ => format!("{kibibytes} KiB"),
    }
}

/// What the rows of some codes say, as far as it is a figure.
fn figures_of_codes() -> Vec<(&'static str, String)> {
    let xml = MESSAGE_XML;
    let rsa = (figure(*RSA_BITS.start()), figure(*RSA_BITS.end()));
    vec![
        ("canonical_form_too_large", format!("would write more than {}.", size(CANONICAL_OCTETS))),
        ("encrypted_key_count", format!("or more than {}.", word(ENCRYPTED_KEYS))),
        (
            "message_too_large",
            format!("More than {} of form, or {} of XML.", size(FORM_OCTETS), size(MESSAGE_OCTETS)),
        ),
        ("xml_too_deep", format!("nested more than {} deep.", xml.depth)),
        (
            "xml_too_many_attributes",
            format!(
                "One element has more than {} attributes, or the message more than {}, or more than {} `=`.",
                xml.attributes_of_one,
                figure(xml.attributes),
                figure(xml.equals_signs)
            ),
        ),
        (
            "xml_too_many_namespaces",
            format!(
                "More than {} namespace declarations are in scope, more than {} stand",
                xml.namespaces_in_scope,
                figure(xml.namespaces)
            ),
        ),
        (
            "xml_too_many_nodes",
            format!(
                "More than {} elements and texts, or more than {} `<`.",
                figure(xml.nodes),
                figure(xml.angle_brackets)
            ),
        ),
        ("form_field_count", format!("has more than {FORM_FIELDS} fields.")),
        ("canonicalization_unsupported", format!("PrefixList of more than {PREFIX_LIST} names")),
        ("logout_expired", format!("more than {} minutes old", word(minutes(LOGOUT_AGE)))),
        ("certificate_count", format!("more than {CERTIFICATES} certificates and keys")),
        (
            "endpoint_count",
            format!("more than {LISTED} SingleSignOnServices, or more than {LISTED} "),
        ),
        ("name_id_format_count", format!("more than {LISTED} NameIDFormats.")),
        ("entity_id_invalid", format!("longer than {} octets.", figure(ENTITY_ID_OCTETS))),
        ("signing_key_count", format!("more than {} signing keys.", word(SIGNING_KEYS))),
        ("signing_key_unsupported", format!("RSA of {} to {} bits", rsa.0, rsa.1)),
        ("conditions_expired", format!("up to {SKEW} in `CLOCK_SKEW_SECONDS`")),
        ("conditions_not_yet_valid", format!("up to {SKEW} in `CLOCK_SKEW_SECONDS`")),
        (
            "body_too_large",
            format!(
                "{} of metadata, {} of JSON",
                size(STORED_METADATA_OCTETS),
                size(OWN_FORM_OCTETS)
            ),
        ),
    ]
}

fn minutes(seconds: i64) -> usize {
    usize::try_from(seconds / 60).expect("positive")
}

#[test]
fn the_codes_have_the_figures_of_the_limits() {
    let figures = figures_of_codes();
    for (code, figure) in &figures {
        let row = CODES.lines().find(|line| line.starts_with(&format!("| `{code}` |")));
        let row = row.expect("a row");
        assert!(row.contains(figure), "{figure} is not in {row}");
    }
    let (_, group) = CODES.split_once("## The message is over a limit\n").expect("the group");
    let (group, _) = group.split_once("\n## ").expect("the next");
    let known: BTreeSet<_> = figures.iter().map(|(code, _)| *code).collect();
    let rest: Vec<_> = between(group, "| `", "` |").difference(&known).copied().collect();
    assert!(rest.is_empty(), "no figure is held to its limit of {rest:?}");
}

#[test]
fn the_pages_have_the_figures_of_the_limits() {
    let xml = MESSAGE_XML;
    assert_eq!(ASSERTION_AGE, 24 * 60 * 60, "the README says a day");
    assert_eq!(xml.attributes.to_string(), xml.nodes.to_string(), "as many");
    let readme = [
        format!(
            "| Message | a form of {} with {} of XML; {} nodes and as many attributes, {} deep, \
             {} attributes an element, {} namespaces in scope |",
            size(FORM_OCTETS),
            size(MESSAGE_OCTETS),
            figure(xml.nodes),
            xml.depth,
            xml.attributes_of_one,
            xml.namespaces_in_scope
        ),
        format!(
            "| Metadata | {} in KV, {} by settings page, API and address;",
            size(METADATA_XML.octets),
            size(STORED_METADATA_OCTETS)
        ),
        format!("clock difference of 0 to {SKEW} seconds |"),
        format!("| Keys | up to {} signing keys,", word(SIGNING_KEYS)),
        format!("({} to {} bits)", RSA_BITS.start(), RSA_BITS.end()),
    ];
    let operators = [
        format!("at most {} accounts, each", word(ACCOUNTS_OF_EMAIL)),
        format!("each is over after {} days", ENTRY_AGE / (24 * 60 * 60)),
        format!("each erases at most {ERASED_USERS} users"),
        format!("is tried, {} at most.", word(SIGNING_KEYS)),
        format!("be at most {} minutes old", word(minutes(LOGOUT_AGE))),
        format!("Up to {} octets without white space.", figure(ENTITY_ID_OCTETS)),
        format!("within {} megabytes.", word(SETTINGS_FORM_OCTETS >> 20)),
        format!("It may have {}.", size(STORED_METADATA_OCTETS)),
        format!("with at most {}.", size(STORED_METADATA_OCTETS)),
    ];
    for (page, sentences) in [(README, &readme[..]), (OPERATORS, &operators)] {
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        for sentence in sentences {
            assert!(page.contains(sentence), "there is no “{sentence}”");
        }
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
