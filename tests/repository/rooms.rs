//! The rooms of the house: imports go down, and never in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{ItemImpl, ItemMod, UseTree};

use crate::words::{Part, Words, is_unit_test, parsed};

/// The rooms of the service, lowest first. Each imports from rooms before it alone.
const ROOMS: [&str; 28] = [
    "encoding",
    "limits",
    "error",
    "crypto",
    "model",
    "ledger",
    "log",
    "config",
    "platform",
    "http",
    "http/failure",
    "account",
    "account/refresh",
    "idp",
    "session",
    "jobs",
    "logout",
    "gate",
    "signin",
    "report",
    "acs",
    "settings",
    "admin/wire",
    "admin",
    "codes",
    "rate",
    "router",
    "worker",
];

/// The rooms of the verifier, lowest first.
const VERIFIER: [&str; 17] = [
    "limits",
    "error",
    "encoding",
    "form",
    "time",
    "xml",
    "c14n",
    "dsig",
    "xmlenc",
    "saml/protocol",
    "saml/encrypted_element",
    "saml/assertion",
    "saml/metadata",
    "saml/bindings",
    "saml/response",
    "saml/logout",
    "saml",
];

/// One source file: the modules that it names, and what it implements methods on.
#[derive(Default)]
struct Source {
    /// Paths that begin with `crate`, as segments without it.
    paths: Vec<Vec<String>>,
    /// Types that have an inherent `impl` here.
    inherent: Vec<String>,
    /// The path of this module.
    module: Vec<String>,
    words: Option<Words>,
}

/// The source files of the library at `root` by their paths below it; `lib.rs` is left out.
fn sources(root: &str) -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    collect(Path::new(root), Path::new(root), &mut found);
    assert!(found.len() > 20, "{} files", found.len());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Source>) {
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() && !path.ends_with("bin") {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("lib.rs") {
            let name = path.strip_prefix(root).expect("below").to_str().expect("UTF-8");
            let stem = name.trim_end_matches(".rs").trim_end_matches("/mod");
            let file = parsed(&path);
            let module = stem.split('/').map(str::to_owned).collect();
            let words = Some(Words::of(&file, Part::Product));
            let mut source = Source { module, words, ..Source::default() };
            source.visit_file(&file);
            found.insert(name.to_owned(), source);
        }
    }
}

impl Source {
    fn words(&self) -> &Words {
        self.words.as_ref().expect("words")
    }

    /// Takes note of a path, if it is one of this crate.
    fn name(&mut self, segments: &[String]) {
        let (first, rest) = segments.split_first().expect("a path has a segment");
        let mut from = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => {
                self.module.split_last().map(|(_, above)| above.to_vec()).unwrap_or_default()
            }
            _ => return,
        };
        let mut rest = rest;
        while let Some((segment, below)) = rest.split_first()
            && segment == "super"
        {
            from.pop();
            rest = below;
        }
        from.extend(rest.iter().cloned());
        self.paths.push(from);
    }

    fn name_tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.name_tree(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.name(&with(&name.ident)),
            UseTree::Rename(name) => self.name(&with(&name.ident)),
            UseTree::Glob(_) => self.name(before),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.name_tree(tree, before);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Source {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_unit_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.name_tree(&item.tree, &[]);
    }

    /// `pub(crate)` has a path that imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|it| it.ident.to_string()).collect();
        self.name(&segments);
        visit::visit_path(self, path);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if let (None, syn::Type::Path(of)) = (&item.trait_, &*item.self_ty) {
            let name = of.path.segments.last().expect("a type has a name");
            self.inherent.push(name.ident.to_string());
        }
        visit::visit_item_impl(self, item);
    }
}

/// The file of the longest module that `path` begins with.
fn file_of<'s>(path: &[String], sources: &'s BTreeMap<String, Source>) -> Option<&'s str> {
    (1..=path.len()).rev().find_map(|length| {
        let stem = path.get(..length)?.join("/");
        let names = [format!("{stem}.rs"), format!("{stem}/mod.rs")];
        names.iter().find_map(|name| sources.get_key_value(name)).map(|(name, _)| name.as_str())
    })
}

/// The files that each file imports from.
fn imports(sources: &BTreeMap<String, Source>) -> BTreeMap<&str, BTreeSet<&str>> {
    let of = |(name, source): (&'_ String, &Source)| {
        let files = source.paths.iter().filter_map(|path| file_of(path, sources));
        files.filter(|file| file != name).collect()
    };
    sources.iter().map(|(name, source)| (name.as_str(), of((name, source)))).collect()
}

/// The place of the room of `file` in `rooms`.
fn room(file: &str, rooms: &[&str]) -> usize {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    let is_in = |room: &&str| {
        stem.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let rooms = rooms.iter().enumerate().filter(|(_, room)| is_in(room));
    let longest = rooms.max_by_key(|(_, room)| room.len());
    longest.unwrap_or_else(|| panic!("{file} is in no room")).0
}

fn libraries() -> [(BTreeMap<String, Source>, &'static [&'static str]); 2] {
    [(sources("src"), &ROOMS), (sources("crates/saml-verify/src"), &VERIFIER)]
}

#[test]
fn a_room_imports_from_lower_rooms_alone() {
    for (sources, rooms) in libraries() {
        let mut count = 0;
        for (file, imported) in imports(&sources) {
            for other in imported {
                assert!(room(other, rooms) <= room(file, rooms), "{file} looks up to {other}");
                count += 1;
            }
        }
        assert!(count > 100, "{count} imports");
    }
}

/// A file that no other file would have to be read with.
#[test]
fn no_files_import_from_each_other_in_a_circle() {
    for (sources, _) in libraries() {
        let mut imports = imports(&sources);
        // What imports from nothing that is left is in no circle.
        while let Some(free) =
            imports.iter().find(|(_, imported)| imported.is_empty()).map(|(file, _)| *file)
        {
            imports.remove(free);
            for imported in imports.values_mut() {
                imported.remove(free);
            }
        }
        assert!(imports.is_empty(), "in circles, or above one: {:#?}", imports);
    }
}

/// Whoever imports a name from the crate's root hides which room it comes from.
#[test]
fn nothing_inside_imports_from_the_face() {
    let sources = sources("src");
    for (file, source) in &sources {
        let from_face = source.paths.iter().find(|path| file_of(path, &sources).is_none());
        assert_eq!(from_face, None, "{file}");
    }
}

/// Use cases are functions of rooms: methods would call each other without an import.
#[test]
fn the_service_has_no_methods() {
    for (file, source) in sources("src") {
        assert!(!source.inherent.contains(&"Service".to_owned()), "{file}");
    }
}

/// Fails where `is_there` holds of a file outside of `allowed`, or of none.
fn only_in(
    sources: &BTreeMap<String, Source>,
    allowed: &str,
    word: &str,
    is_there: impl Fn(&Words, &str) -> bool,
) {
    let with = sources.iter().filter(|(_, source)| is_there(source.words(), word));
    let files: Vec<_> = with.map(|(file, _)| file).collect();
    assert!(!files.is_empty(), "nothing uses {word}");
    let elsewhere = files.iter().find(|file| !file.starts_with(allowed));
    assert_eq!(elsewhere, None, "uses {word}");
}

#[test]
fn each_dependency_has_its_rooms() {
    let service = sources("src");
    for dependency in ["wasm_bindgen", "worker", "getrandom", "Date::now"] {
        only_in(&service, "worker", dependency, Words::uses);
    }
    only_in(&sources("crates/saml-verify/src"), "xml", "roxmltree", Words::uses);
}

/// The gate keeps our cookies from the origin by the list in this file (row H3).
#[test]
fn every_cookie_is_named_in_one_place() {
    only_in(&sources("src"), "http/cookie.rs", "__Host-", Words::say);
}

/// A Worker that fails must not let a request past it (row H13).
#[test]
fn nothing_passes_on_an_exception() {
    let is_it =
        |text: &String| text.to_lowercase().replace('_', "").contains("passthroughonexception");
    for (file, source) in sources("src") {
        let Words { names, strings, macros, .. } = source.words();
        let mut texts = names.iter().chain(strings).chain([macros]);
        assert!(!texts.any(is_it), "{file}");
    }
}

/// Maintainers read the order of the rooms where they read what is in them.
#[test]
fn the_guide_lists_the_rooms_in_their_order() {
    let guide = fs::read_to_string("CONTRIBUTING.md").expect("UTF-8");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `src/")?.split_once("` |"));
    let listed: Vec<_> = rows.map(|(room, _)| room.trim_end_matches('/')).collect();
    let rooms = ROOMS.iter().map(|room| match *room {
        file @ ("encoding" | "limits" | "codes" | "rate" | "router") => {
            format!("{file}.rs")
        }
        folder => folder.to_owned(),
    });
    assert_eq!(listed, rooms.collect::<Vec<_>>());
}

/// The same for the verifier: the table in the crate's documentation.
#[test]
fn the_verifier_lists_its_rooms_in_their_order() {
    let docs = fs::read_to_string("crates/saml-verify/src/lib.rs").expect("UTF-8");
    let rows = docs.lines().filter_map(|line| line.strip_prefix("//! | `")?.split_once("` |"));
    let listed: Vec<_> = rows.map(|(room, _)| room.trim_end_matches(".rs")).collect();
    assert_eq!(listed, VERIFIER.map(|room| room.to_owned()));
}
