//! Documents that other people wrote: our fixtures, and the shared vectors where they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The folder of the shared vectors; `None` where it is missing and not required.
fn shared() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = env::var_os("SAML_EDGE_VECTORS").unwrap_or_else(|| "../shared/vectors".into());
    let folder = root.join(folder);
    let found = folder.join("manifest.json").exists();
    assert!(
        found || env::var_os("SAML_EDGE_REQUIRE_VECTORS").is_none(),
        "no vectors in {folder:?}"
    );
    found.then_some(folder)
}

/// Every XML document with the path it was read from, each text once.
pub(crate) fn documents() -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut documents = fixtures();
    match shared() {
        Some(folder) => documents.extend(vectors(&folder)),
        None => println!("SKIPPED: the shared vectors are not here"),
    }
    documents.retain(|(_, text)| seen.insert(text.clone()));
    documents
}

fn fixtures() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")];
    let mut documents = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "xml") {
                let text = fs::read_to_string(&path).expect("UTF-8");
                documents.push((path.display().to_string(), text));
            }
        }
    }
    documents.sort();
    documents
}

fn vectors(folder: &Path) -> Vec<(String, String)> {
    let manifest = fs::read(folder.join("manifest.json")).expect("readable");
    let entries: Vec<serde_json::Value> = serde_json::from_slice(&manifest).expect("JSON");
    let field = |entry: &serde_json::Value, name| {
        entry.get(name).and_then(|it| it.as_str()).unwrap_or("").to_owned()
    };
    let mut documents = Vec::new();
    for entry in &entries {
        let file = field(entry, "file");
        let octets = fs::read(folder.join(&file)).expect("readable");
        let octets = match field(entry, "encoding").as_str() {
            "raw" => octets,
            "base64" => decode(&octets),
            "base64+deflate" => {
                miniz_oxide::inflate::decompress_to_vec(&decode(&octets)).expect("deflated")
            }
            _ => continue,
        };
        documents.extend(String::from_utf8(octets).ok().map(|text| (file, text)));
    }
    documents
}

fn decode(base64: &[u8]) -> Vec<u8> {
    let packed: Vec<u8> =
        base64.iter().copied().filter(|octet| !octet.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).unwrap_or_default()
}
