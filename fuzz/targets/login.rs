//! A whole login over mutations and mixtures of genuine responses: refused, or saying what one of
//! them says.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use saml_edge_fuzz::world;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    saml_edge_fuzz::mutate(data, size, max_size, seed)
});

fuzz_target!(|text: &str| {
    if let Ok(said) = world::inspect(text) {
        assert!(world::TRUTHS.contains(&said), "{said:?}");
    }
});
