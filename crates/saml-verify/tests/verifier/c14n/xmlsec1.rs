//! What the xmlsec1 program makes of the same documents, as `tests/signers/c14n_xmlsec1.py` wrote
//! it down. It canonicalizes with libxml2.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use saml_verify::error::Refusal;
use saml_verify::internals::encoding::hex;
use saml_verify::internals::{Document, Element, name, with_line_feeds};
use sha2::{Digest as _, Sha256};

use super::forms::{LIMITS, METHODS, apexes, ours};

const EXPECTED: &str = include_str!("xmlsec1.tsv");

/// Our canonical forms of one document.
pub(crate) struct Forms {
    name: String,
    text: String,
    /// Apex, method and PrefixList of each, a line each: what the script is told to do.
    list: String,
    count: usize,
    digest: String,
}

impl Forms {
    /// `None` for a document that our parser refuses, or libxml2 refuses or gets wrong.
    pub(crate) fn of(name: String, text: String) -> Option<Self> {
        let (mut list, mut count, mut digest) = (String::new(), 0, Sha256::new());
        // xmlsec1 1.2.37 reads files piece by piece, and libxml2 then keeps a carriage return that
        // stands at the end of a piece.
        let text = with_line_feeds(&text).into_owned();
        let document = Document::parse(&text, &LIMITS).ok()?;
        if has_escaped_namespace(&document) {
            return None;
        }
        let has_empty_base = has_empty_base(&document);
        for apex in apexes(&document) {
            for method in METHODS {
                if has_empty_base && method.uri.contains("c14n11") {
                    continue;
                }
                let form = match ours(&document, apex, method) {
                    Ok(form) => form,
                    // libxml2 refuses such a document whatever the apex.
                    Err(Refusal::NamespaceRelative) => return None,
                    Err(_) => continue,
                };
                writeln!(list, "{apex}\t{}\t{}", method.uri, method.prefix_list.join(" "))
                    .expect("a string takes all");
                count += 1;
                digest.update(Sha256::digest(form));
            }
        }
        drop(document);
        let digest = hex(&digest.finalize());
        Some(Self { name, text, list, count, digest })
    }

    /// SHA-256 of the text, whatever it was called.
    fn key(&self) -> String {
        hex(&Sha256::digest(&self.text))
    }

    fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("a folder");
        let file = folder.join(self.key());
        fs::write(file.with_extension("xml"), &self.text).expect("written");
        fs::write(file.with_extension("forms"), &self.list).expect("written");
    }
}

/// libxml2 2.9.14 writes a namespace URI as it is, so that an `&` in it makes the canonical form
/// malformed. C14N §2.3 escapes it as any attribute value, and so do bergshamra and we.
fn has_escaped_namespace(document: &Document<'_>) -> bool {
    document.root().descendants().any(|element| {
        let mut uris = element.prefixes_in_scope().map(|prefix| element.namespace_of(prefix));
        uris.any(|uri| uri.contains(['&', '<', '"', '\t', '\n', '\r']))
    })
}

/// Under C14N 1.1 libxml2 2.9.14 leaves out every empty xml:base. The recommendation (§2.4) leaves
/// out one that comes out empty when it is put together from those of omitted ancestors, which we
/// refuse to do.
fn has_empty_base(document: &Document<'_>) -> bool {
    let mut attributes = document.root().descendants().flat_map(Element::attributes);
    attributes.any(|it| it.namespace == name::XML && it.local == "base" && it.value.is_empty())
}

/// Asserts that every document that xmlsec1 was shown has the forms that xmlsec1 gave it; returns
/// how many documents and forms that were. With `C14N_DOCUMENTS` set it writes them there instead,
/// for the script.
pub(crate) fn compare(documents: impl Iterator<Item = Forms>) -> (usize, usize) {
    let expected: HashMap<&str, &str> =
        EXPECTED.lines().filter_map(|line| line.split_once('\t')).collect();
    let folder = env::var_os("C14N_DOCUMENTS");
    let (mut equal, mut forms) = (0, 0);
    for document in documents {
        let ours = format!("{}\t{}", document.count, document.digest);
        match (&folder, expected.get(document.key().as_str())) {
            (Some(folder), _) => document.write(Path::new(folder)),
            (None, Some(theirs)) => assert_eq!(*theirs, ours, "{}", document.name),
            // Another folder of vectors may well hold others.
            (None, None) => {
                assert!(!document.name.starts_with("seed"), "{}", document.name);
                continue;
            }
        }
        equal += 1;
        forms += document.count;
    }
    (equal, forms)
}
