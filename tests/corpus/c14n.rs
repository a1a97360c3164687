//! `c14n`: canonical octets, compared one by one.

use std::collections::BTreeSet;

use saml_verify::error::Refusal;
use saml_verify::internals::{Canonicalization, Document, Element, Name, canonicalize};
use saml_verify::limits::{CANONICAL_OCTETS, MESSAGE_XML};

use crate::finding::Finding;
use crate::manifest::{Corpus, Entry};

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    let input = corpus.file(entry);
    let Ok(text) = str::from_utf8(&input) else { return vec![Finding::wrong("not UTF-8")] };
    let expected = corpus.read(entry.text("output_file"));
    vec![match canonical(text, entry) {
        Ok(found) if found.as_bytes() == expected => Finding::as_stated(features(entry, text)),
        Ok(found) => Finding::wrong(format!("canonical form is {found}")),
        Err(refusal) => Finding::otherwise(features(entry, text), refusal.code()),
    }]
}

fn canonical(text: &str, entry: &Entry) -> Result<String, Refusal> {
    let document = Document::parse(text, &MESSAGE_XML)?;
    // The whole document is its root element: nothing but white space stands outside of it in those
    // that can be parsed here.
    let apex = match entry.get("apex") {
        None => document.root(),
        Some(apex) => find(&document, apex).expect("the apex"),
    };
    canonicalize(apex, None, &method(entry), CANONICAL_OCTETS)
}

/// The element with an expanded name in the form `{namespace}local`.
fn find<'d>(document: &'d Document<'_>, apex: &str) -> Option<Element<'d>> {
    let name = match apex.strip_prefix('{').and_then(|it| it.split_once('}')) {
        Some((namespace, local)) => Name { namespace, local },
        None => Name { namespace: "", local: apex },
    };
    document.root().descendants().find(|element| element.is(name))
}

fn method(entry: &Entry) -> Canonicalization {
    let comments = entry.flag("with_comments");
    match entry.text("algorithm") {
        "inclusive-1.0" => Canonicalization::Inclusive10 { comments },
        "inclusive-1.1" => Canonicalization::Inclusive11 { comments },
        "exclusive" => {
            let list = entry.get("inclusive_prefix_list").unwrap_or("");
            let prefix = |token: &str| if token == "#default" { "" } else { token }.to_owned();
            let prefix_list = list.split_ascii_whitespace().map(prefix).collect();
            Canonicalization::Exclusive { prefix_list, comments }
        }
        other => panic!("{other}"),
    }
}

fn features(entry: &Entry, text: &str) -> BTreeSet<String> {
    let mut features = BTreeSet::from([entry.text("algorithm").to_owned()]);
    for (feature, is_there) in [
        ("needs-dtd", entry.flag("needs_dtd")),
        ("other-encoding", text.contains(" encoding=") && !text.contains(" encoding=\"UTF-8\"")),
        ("comments", entry.flag("with_comments") && text.contains("<!--")),
        ("xml:base", text.contains("xml:base=")),
        ("xml:id", text.contains("xml:id=")),
    ] {
        if is_there {
            features.insert(feature.to_owned());
        }
    }
    features
}
