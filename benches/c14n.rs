//! Canonicalization of documents that cost most, at 16 and at 192 KiB: `cargo bench --bench c14n`,
//! one line of JSON, with `--each` a line for each before it. The growth is how many times as long
//! an octet takes in the large one: 1 is linear (row C10).

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

#[path = "../crates/saml-verify/tests/verifier/c14n/worst.rs"]
mod worst;

use std::iter::zip;
use std::time::Instant;

use saml_verify::internals::{Canonicalization, Document, canonicalize};
use saml_verify::limits::{CANONICAL_OCTETS, MESSAGE_OCTETS, MESSAGE_XML};

/// Least time of some runs, in microseconds: parsing, canonicalizing, refusing.
fn microseconds(text: &str, method: &Canonicalization) -> f64 {
    let run = || {
        let start = Instant::now();
        let document = Document::parse(text, &MESSAGE_XML).expect("within the limits");
        let _ = canonicalize(document.root(), None, method, CANONICAL_OCTETS);
        start.elapsed().as_secs_f64() * 1e6
    };
    (0..15).map(|_| run()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let exclusive = Canonicalization::Exclusive {
        prefix_list: (0..63).map(|n| format!("p{n}")).collect(),
        comments: false,
    };
    let inclusive = Canonicalization::Inclusive10 { comments: false };
    let (small, large) = (16 * 1024, MESSAGE_OCTETS);
    let (mut growth_max, mut large_max_us) = (0.0_f64, 0.0_f64);
    for ((name, few), (_, many)) in zip(worst::documents(small), worst::documents(large)) {
        for (method_name, method) in [("exclusive", &exclusive), ("inclusive", &inclusive)] {
            let (few_us, many_us) = (microseconds(&few, method), microseconds(&many, method));
            let octets = |text: &str| f64::from(u32::try_from(text.len()).expect("small"));
            let growth = many_us / few_us * octets(&few) / octets(&many);
            if std::env::args().any(|argument| argument == "--each") {
                println!("{method_name}, {name}: {few_us:.0} µs, {many_us:.0} µs, {growth:.2}");
            }
            growth_max = growth_max.max(growth);
            large_max_us = large_max_us.max(many_us);
        }
    }
    println!("{{\"c14n_growth_max\":{growth_max:.2},\"c14n_large_max_us\":{large_max_us:.0}}}");
}
