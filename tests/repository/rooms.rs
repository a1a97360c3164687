//! The rooms of the house: imports go down, and never in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{
    Visit, {self},
};
use syn::{Attribute, ItemImpl, ItemMod, UseTree};

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
    text: String,
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
            let text = fs::read_to_string(&path).expect("UTF-8");
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let module = stem.split('/').map(str::to_owned).collect();
            let mut source = Source { module, text, ..Source::default() };
            source.visit_file(&file);
            found.insert(name.to_owned(), source);
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        it.path().is_ident("cfg") && it.parse_args::<syn::Ident>().is_ok_and(|it| it == "test")
    })
}

impl Source {
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
        if !is_test(&item.attrs) {
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

/// Fails where a path begins with `crate_name` outside of `allowed`, or nowhere.
fn only_in(sources: &BTreeMap<String, Source>, word: &str, allowed: &[&str]) {
    let mut used = false;
    for (file, source) in sources {
        let code = source.text.split("#[cfg(test)]").next().expect("code");
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let standing = lines.into_iter().any(|line| line.contains(word));
        let is_allowed = allowed.iter().any(|room| file.starts_with(room));
        assert!(!standing || is_allowed, "{file} uses {word}");
        used |= standing;
    }
    assert!(used, "nothing uses {word}");
}

#[test]
fn each_dependency_has_its_rooms() {
    let service = sources("src");
    only_in(&service, "wasm_bindgen", &["worker"]);
    only_in(&service, "use worker::", &["worker"]);
    only_in(&service, "getrandom::", &["worker"]);
    only_in(&service, "Date::now()", &["worker"]);
    let verifier = sources("crates/saml-verify/src");
    only_in(&verifier, "roxmltree::", &["xml"]);
}

/// The gate keeps our cookies from the origin by the list in this file (row H3).
#[test]
fn every_cookie_is_named_in_one_place() {
    only_in(&sources("src"), "__Host-", &["http/cookie.rs"]);
}

/// A Worker that fails must not let a request past it (row H13).
#[test]
fn nothing_passes_on_an_exception() {
    for (file, source) in sources("src") {
        let code = source.text.to_lowercase().replace('_', "");
        assert!(!code.contains("passthroughonexception"), "{file}");
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
