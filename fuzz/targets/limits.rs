//! Limits count what the parser sees (row C10).

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

#[path = "../../crates/saml-verify/tests/verifier/xml_limits/truth.rs"]
mod truth;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    truth::limits_are_exact(text);
});
