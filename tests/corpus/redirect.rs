//! `redirect`: queries of the Redirect binding, signed.

use std::collections::BTreeSet;

use saml_verify::error::Refusal;
use saml_verify::internals::SignedQuery;
use serde_json::Value;

use crate::anchor;
use crate::codes::{sha1, weak};
use crate::finding::Finding;
use crate::manifest::{Corpus, Entry};

pub(crate) fn run(corpus: &Corpus, entry: &Entry) -> Vec<Finding> {
    let algorithm = entry.get("signature_algorithm").unwrap_or("");
    vec![match outcome(corpus, entry) {
        Ok(()) if entry.is_valid() => Finding::as_stated(BTreeSet::new()),
        Ok(()) => Finding::wrong("accepted"),
        Err(_) if !entry.is_valid() => Finding::as_stated(BTreeSet::new()),
        Err(refusal) if weak(entry, &[algorithm]).contains(&refusal.code()) => Finding::too_weak(),
        Err(refusal) => Finding::otherwise(BTreeSet::new(), refusal.code()),
    }]
}

fn outcome(corpus: &Corpus, entry: &Entry) -> Result<(), Refusal> {
    // The algorithm is judged before any key, so a key that this build does not take is none.
    let idp = anchor::idp(corpus, "urn:example:signer", &entry.list("idp_certs"));
    let keys = idp.map(|idp| idp.signing_keys().to_vec()).unwrap_or_default();
    let text = String::from_utf8(corpus.file(entry)).map_err(|_| Refusal::NotUtf8)?;
    let query = match entry.get("encoding") {
        Some("json") => {
            let value: Value = serde_json::from_str(&text).expect("JSON");
            value["originalQuery"].as_str().expect("a query").to_owned()
        }
        _ => text.trim().to_owned(),
    };
    SignedQuery::verify(&query, &keys, sha1()).map(drop)
}
