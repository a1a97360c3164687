//! What Rust files name and say, without their comments.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ItemFn, ItemMod, LitStr, Macro, UseTree};

/// Which part of a file counts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// All but the unit tests.
    Product,
    /// The unit tests.
    UnitTests,
    Whole,
}

/// The words of one part of a file.
pub(crate) struct Words {
    part: Part,
    is_in_tests: bool,
    pub(crate) names: BTreeSet<String>,
    /// As `a::b`, those of `use` too.
    pub(crate) paths: BTreeSet<String>,
    pub(crate) strings: Vec<String>,
    /// The text in calls of macros, without spaces around `::`.
    pub(crate) macros: String,
    /// The names of functions with `#[test]`.
    pub(crate) tests: BTreeSet<String>,
}

impl Words {
    pub(crate) fn of(file: &syn::File, part: Part) -> Self {
        let mut words = Self {
            part,
            is_in_tests: false,
            names: BTreeSet::new(),
            paths: BTreeSet::new(),
            strings: Vec::new(),
            macros: String::new(),
            tests: BTreeSet::new(),
        };
        words.visit_file(file);
        words
    }

    fn counts(&self) -> bool {
        match self.part {
            Part::Whole => true,
            Part::Product => !self.is_in_tests,
            Part::UnitTests => self.is_in_tests,
        }
    }

    /// Whether a path begins with `path`, or a macro has it.
    pub(crate) fn uses(&self, path: &str) -> bool {
        let begins = |it: &String| {
            it.strip_prefix(path).is_some_and(|it| it.is_empty() || it.starts_with(':'))
        };
        self.paths.iter().any(begins) || self.macros.contains(&format!("{path}::"))
    }

    /// Whether a string has `text` in it.
    pub(crate) fn say(&self, text: &str) -> bool {
        self.strings.iter().any(|it| it.contains(text)) || self.macros.contains(text)
    }

    /// Whether a string is `code`, or has it between quotes, as a line of JSON does.
    pub(crate) fn expect(&self, code: &str) -> bool {
        self.strings.iter().any(|it| it == code)
            || [format!("\"{code}\""), format!("\"{code}\\\"")].iter().any(|it| self.say(it))
    }

    fn add_tree(&mut self, tree: &UseTree, before: &str) {
        let with = |name: &Ident| format!("{before}{name}");
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree, &(with(&path.ident) + "::")),
            UseTree::Name(name) => _ = self.paths.insert(with(&name.ident)),
            UseTree::Rename(name) => _ = self.paths.insert(with(&name.ident)),
            UseTree::Glob(_) => _ = self.paths.insert(before.to_owned()),
            UseTree::Group(group) => group.items.iter().for_each(|it| self.add_tree(it, before)),
        }
    }
}

pub(crate) fn is_unit_test(attributes: &[Attribute]) -> bool {
    let is_test = |it: &Attribute| it.parse_args::<Ident>().is_ok_and(|it| it == "test");
    attributes.iter().any(|it| it.path().is_ident("cfg") && is_test(it))
}

impl<'ast> Visit<'ast> for Words {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let before = self.is_in_tests;
        self.is_in_tests |= is_unit_test(&item.attrs);
        visit::visit_item_mod(self, item);
        self.is_in_tests = before;
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if item.attrs.iter().any(|it| it.path().is_ident("test")) {
            self.tests.insert(item.sig.ident.to_string());
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if self.counts() {
            self.add_tree(&item.tree, "");
        }
        visit::visit_item_use(self, item);
    }

    /// Comments of documentation are attributes too.
    fn visit_attribute(&mut self, item: &'ast Attribute) {
        if !item.path().is_ident("doc") {
            visit::visit_attribute(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if self.counts() {
            let segments: Vec<_> = path.segments.iter().map(|it| it.ident.to_string()).collect();
            self.paths.insert(segments.join("::"));
        }
        visit::visit_path(self, path);
    }

    fn visit_ident(&mut self, name: &'ast Ident) {
        if self.counts() {
            self.names.insert(name.to_string());
        }
    }

    fn visit_lit_str(&mut self, string: &'ast LitStr) {
        if self.counts() {
            self.strings.push(string.value());
        }
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        if self.counts() {
            self.macros += &item.tokens.to_string().replace(" :: ", "::");
        }
        visit::visit_macro(self, item);
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of the project that end like this.
pub(crate) fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found
}

pub(crate) fn parsed(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).expect("UTF-8");
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Rust files of the project and its crates.
pub(crate) fn rust_files() -> Vec<PathBuf> {
    ["src", "crates", "tests"].map(|folder| files(&root().join(folder), "rs")).concat()
}
