//! Vectors that others wrote, each with its expected outcome.
//!
//! The folder `SAML_EDGE_VECTORS` holds `manifest.json`, one case an entry, in the format that its
//! `MANIFEST.md` describes. Where this verifier deliberately does something else than a case says,
//! `divergences.toml` lists what the case has, the exact code and the reason; a line of it that is
//! not needed for the default folder is a failure too.
//!
//! Most old vectors need SHA-1 or RSA of 1024 bits. The default build asserts that they are
//! refused for it, the build with `saml_verify_legacy_vectors` that they come out as the manifest
//! says.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]
#![allow(clippy::indexing_slicing, reason = "what a JSON value does not have is null")]

mod anchor;
mod c14n;
mod codes;
mod dsig;
mod finding;
mod login;
mod manifest;
mod metadata;
mod redirect;
mod response;
mod rules;
mod wycheproof;
mod xmlenc;

use std::collections::BTreeSet;
use std::io::Write as _;

use finding::{Finding, Tally};
use manifest::{Corpus, Entry};

type Runner = fn(&Corpus, &Entry) -> Vec<Finding>;

/// The kinds of entries, and what each is run by.
const KINDS: [(&str, Runner); 9] = [
    ("saml-response", response::run),
    ("metadata", metadata::run),
    ("dsig", dsig::run),
    ("c14n", c14n::run),
    ("xmlenc", xmlenc::run),
    ("rsa", wycheproof::run_rsa),
    ("ecdsa", wycheproof::run_ecdsa),
    ("aes", wycheproof::run_aes),
    ("redirect", redirect::run),
];

fn run(kind: &str) {
    let Some(corpus) = Corpus::open() else { return };
    let (_, runner) = KINDS.iter().find(|(name, _)| *name == kind).expect("a known kind");
    let mut tally = Tally::new(kind, &corpus);
    for entry in corpus.entries.iter().filter(|entry| entry.kind() == kind) {
        tally.add(entry, runner(&corpus, entry));
    }
    tally.finish();
}

#[test]
fn saml_response() {
    run("saml-response");
}

#[test]
fn metadata() {
    run("metadata");
}

#[test]
fn dsig() {
    run("dsig");
}

#[test]
fn c14n() {
    run("c14n");
}

#[test]
fn xmlenc() {
    run("xmlenc");
}

#[test]
fn rsa() {
    run("rsa");
}

#[test]
fn ecdsa() {
    run("ecdsa");
}

#[test]
fn aes() {
    run("aes");
}

#[test]
fn redirect() {
    run("redirect");
}

/// Whatever the manifest holds is run or listed, and something is.
#[test]
fn every_kind_is_known() {
    let Some(corpus) = Corpus::open() else { return };
    assert!(!corpus.entries.is_empty(), "the manifest is empty");
    let is_run = |kind: &str| KINDS.iter().any(|(name, _)| *name == kind);
    let kinds: BTreeSet<&str> = corpus.entries.iter().map(Entry::kind).collect();
    for kind in kinds.iter().filter(|kind| !is_run(kind)) {
        let mut tally = Tally::new(kind, &corpus);
        for entry in corpus.entries.iter().filter(|entry| entry.kind() == *kind) {
            tally.add(entry, vec![Finding::not_covered(BTreeSet::new())]);
        }
        tally.finish();
    }
    assert!(kinds.iter().any(|kind| is_run(kind)), "nothing can be run");
}

/// Prints past the test harness, which would swallow it.
fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).expect("standard error");
}
