//! `docs/threat-model.md` says what is there: every row, every file, every test.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::words::{Part, Words, files, parsed, root, rust_files};

const DOCUMENT: &str = include_str!("../../docs/threat-model.md");

/// The rows of each chapter.
const ROWS: [(char, usize); 8] =
    [('A', 7), ('B', 10), ('C', 10), ('D', 11), ('E', 5), ('F', 12), ('G', 9), ('H', 19)];

/// Rows without a test, each of which must say "not yet" or "cannot".
const UNTESTED: [&str; 1] = ["H10"];

struct Row {
    id: &'static str,
    defence: &'static str,
    files: Vec<&'static str>,
    tests: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim);
    let is_row = |line: &&str| {
        let id = line.strip_prefix("| ").unwrap_or("");
        id.starts_with(|it: char| it.is_ascii_uppercase())
            && id.get(1..).is_some_and(|it| it.starts_with(|digit: char| digit.is_ascii_digit()))
    };
    let row = |line| match *cells(line).collect::<Vec<_>>() {
        [id, _, defence, files, tests] => {
            Row { id, defence, files: quoted(files), tests: quoted(tests) }
        }
        _ => panic!("not five cells: {line}"),
    };
    DOCUMENT.lines().filter(is_row).map(row).collect()
}

/// What stands between backticks.
fn quoted(cell: &'static str) -> Vec<&'static str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The names of all tests: functions with `#[test]`, titles of `it`.
fn tests() -> BTreeSet<String> {
    let of = |path: &PathBuf| Words::of(&parsed(path), Part::Whole).tests;
    let mut names: BTreeSet<_> = rust_files().iter().flat_map(of).collect();
    for path in files(&root().join("tests/e2e"), "mjs") {
        let text = fs::read_to_string(path).expect("UTF-8");
        let titles = text.split("it(\"").skip(1).filter_map(|it| it.split_once('"'));
        names.extend(titles.map(|(title, _)| title.to_owned()));
    }
    names
}

#[test]
fn every_row_is_there_once() {
    let expected: Vec<String> = ROWS
        .iter()
        .flat_map(|(chapter, count)| (1..=*count).map(move |row| format!("{chapter}{row}")))
        .collect();
    let found: Vec<&str> = rows().iter().map(|row| row.id).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_file_exists() {
    for row in rows() {
        for file in row.files {
            assert!(root().join(file).is_file(), "{}: {file}", row.id);
        }
    }
}

#[test]
fn every_test_exists() {
    let tests = tests();
    assert!(tests.len() > 200, "only {} tests found", tests.len());
    for row in rows() {
        for test in &row.tests {
            assert!(tests.contains(*test), "{}: {test}", row.id);
        }
        let is_open = ["not yet", "Not yet", "cannot"].iter().any(|it| row.defence.contains(it));
        let may_be_untested = UNTESTED.contains(&row.id) && is_open;
        assert!(may_be_untested == row.tests.is_empty(), "{}: tested or not", row.id);
    }
}

/// The code cites rows by their names.
#[test]
fn every_row_cited_in_the_code_is_there() {
    let known: BTreeSet<&str> = rows().iter().map(|row| row.id).collect();
    let mut cited = 0;
    for path in rust_files() {
        let text = fs::read_to_string(&path).expect("UTF-8");
        let lower = text.replace("Row ", "row ").replace("Rows ", "rows ");
        for citation in lower.split("row ").chain(lower.split("rows ")).skip(1) {
            let end = citation.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(0);
            let Some(id) = citation.get(..end).filter(|it| it.len() > 1) else { continue };
            let (chapter, number) = id.split_at(1);
            if "ABCDEFGH".contains(chapter) && number.parse::<u8>().is_ok() {
                assert!(known.contains(id), "{}: {id}", path.display());
                cited += 1;
            }
        }
    }
    assert!(cited > 100, "only {cited} citations found");
}
