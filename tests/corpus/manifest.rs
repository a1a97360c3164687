//! The folder of vectors and its manifest.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::{env, fs};

use saml_verify::internals::Digest;
use saml_verify::internals::encoding::hex;
use serde_json::Value;

use crate::rules::Rules;
use crate::say;

/// So that it is said once for all kinds.
static SAID: Once = Once::new();

/// An open folder.
pub(crate) struct Corpus {
    folder: PathBuf,
    /// Whether this is the folder that `divergences.toml` was written for.
    pub(crate) is_default: bool,
    pub(crate) entries: Vec<Entry>,
    pub(crate) rules: Rules,
}

/// One case of the manifest.
pub(crate) struct Entry(Value);

impl Corpus {
    /// The folder that `SAML_EDGE_VECTORS` names. Without one there is nothing to run, which is
    /// said aloud, and which fails where `SAML_EDGE_REQUIRE_VECTORS` is set.
    pub(crate) fn open() -> Option<Self> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let default = home.join("../shared/vectors");
        let named = env::var_os("SAML_EDGE_VECTORS").map(|folder| home.join(folder));
        let folder = named.unwrap_or_else(|| default.clone());
        let Ok(manifest) = fs::read_to_string(folder.join("manifest.json")) else {
            let missing = format!("there is no manifest.json in {}", folder.display());
            assert!(env::var_os("SAML_EDGE_REQUIRE_VECTORS").is_none(), "{missing}");
            SAID.call_once(|| say(&format!("corpus SKIPPED: {missing}")));
            return None;
        };
        let is_default = folder.canonicalize().ok() == default.canonicalize().ok();
        Some(Self { folder, is_default, entries: parse(&manifest), rules: Rules::listed() })
    }

    /// A file beside the manifest.
    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        let path = self.folder.join(file);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The file of an entry, which must not have been converted on its way here.
    pub(crate) fn file(&self, entry: &Entry) -> Vec<u8> {
        let octets = self.read(entry.text("file"));
        if let Some(expected) = entry.get("sha256") {
            assert_eq!(hex(&Digest::Sha256.of(&octets)), expected, "{}", entry.text("file"));
        }
        octets
    }
}

/// A JSON array, or an object a line.
fn parse(manifest: &str) -> Vec<Entry> {
    let entries: Vec<Value> = serde_json::from_str(manifest).unwrap_or_else(|_| {
        let lines = manifest.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    });
    entries.into_iter().map(Entry).collect()
}

impl Entry {
    pub(crate) fn kind(&self) -> &str {
        self.text("kind")
    }

    /// True when the case is expected to come out well.
    pub(crate) fn is_valid(&self) -> bool {
        self.get("expect") == Some("valid")
    }

    /// A field that every entry has.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| panic!("{}: no {name}", self.0))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn value(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    /// A list of strings; empty when there is none.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        strings(self.value(name))
    }

    /// A list of strings as the features of something.
    pub(crate) fn set(&self, name: &str) -> BTreeSet<String> {
        self.list(name).into_iter().map(String::from).collect()
    }

    /// The entry with some of its fields replaced.
    pub(crate) fn with(&self, fields: &Value) -> Self {
        let mut changed = self.0.clone();
        if let (Value::Object(changed), Value::Object(fields)) = (&mut changed, fields) {
            changed.extend(fields.clone());
        }
        Self(changed)
    }
}

/// The strings of a JSON array.
pub(crate) fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
