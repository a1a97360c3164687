//! `dsig`: XML signatures of any kind, of which this verifier takes one.

use std::collections::BTreeSet;

use saml_verify::error::Refusal;
use saml_verify::internals::encoding::base64_decode;
use saml_verify::internals::{Document, Signature, name, verify_signature};
use saml_verify::limits::{CANONICAL_XML, MESSAGE_XML};
use serde_json::Value;

use crate::anchor;
use crate::codes::{sha1, weak};
use crate::finding::Finding;
use crate::manifest::{Corpus, Entry, strings};

/// The kinds of keys that are taken, by their object identifiers in DER: rsaEncryption (RFC 8017
/// A.1), P-256 and P-384 (RFC 5480 §2.1.1.1).
const TAKEN: [&[u8]; 3] = [
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
    b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
    b"\x06\x05\x2b\x81\x04\x00\x22",
];

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    let features = features(corpus, entry);
    let is_placeholder = entry.get("level") == Some("structure");
    vec![match outcome(corpus, entry) {
        Ok(()) if entry.is_valid() => Finding::as_stated(features),
        Ok(()) => Finding::wrong("accepted"),
        Err(_) if !entry.is_valid() => Finding::as_stated(BTreeSet::new()),
        // With values that are placeholders, a good shape gets as far as having no good value.
        Err(Refusal::SignatureInvalid) if is_placeholder => Finding::as_stated(features),
        Err(refusal) if weak(entry, &algorithms(entry)).contains(&refusal.code()) => {
            Finding::too_weak()
        }
        Err(refusal) => Finding::otherwise(features, refusal.code()),
    }]
}

/// The first signature in the document, under the key of the anchor.
fn outcome(corpus: &Corpus, entry: &Entry) -> Result<(), Refusal> {
    let idp = anchor::idp(corpus, "urn:example:signer", &entry.list("certs"))?;
    let text = String::from_utf8(corpus.file(entry)).map_err(|_| Refusal::NotUtf8)?;
    let document = Document::parse(&text, &MESSAGE_XML)?;
    let signature = document.root().descendants().find(|it| it.is(name::SIGNATURE));
    let signature = Signature::read(signature.ok_or(Refusal::SignatureMissing)?)?;
    verify_signature(&signature, idp.signing_keys(), sha1(), &CANONICAL_XML).map(drop)
}

fn algorithms(entry: &Entry) -> Vec<&str> {
    array(entry.value("signatures")).iter().filter_map(|it| it["algorithm"].as_str()).collect()
}

/// What a rule may refer to.
fn features(corpus: &Corpus, entry: &Entry) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    for signature in array(entry.value("signatures")) {
        if signature["on"] == "document" {
            features.insert(String::from("enveloping"));
        }
        let references = array(&signature["references"]);
        if references.len() > 1 {
            features.insert(String::from("several-references"));
        }
        for reference in references {
            match *strings(&reference["transforms"]) {
                ["enveloped-signature", c14n] if c14n.contains("c14n") => {}
                _ => drop(features.insert(String::from("other-transforms"))),
            }
            if reference["uri"] == "" {
                features.insert(String::from("uri-empty"));
            }
        }
    }
    if corpus.file(entry).windows(4).any(|it| it == b"<!--") {
        features.insert(String::from("comments"));
    }
    let files = entry.list("certs").into_iter();
    if files.map(|file| corpus.read(file)).any(|file| file.starts_with(b"-") && !is_taken(&file)) {
        features.insert(String::from("key-not-taken"));
    }
    features
}

/// Whether the key in a PEM file is of a kind that is taken.
fn is_taken(pem: &[u8]) -> bool {
    let text = String::from_utf8_lossy(pem);
    let base64: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64_decode(&base64).expect("base64");
    TAKEN.iter().any(|kind| der.windows(kind.len()).any(|window| window == *kind))
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
