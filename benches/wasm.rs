//! The same figures' work for V8: built as an example, bound by wasm-bindgen, timed by run.mjs.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::expect_used, reason = "a bench that cannot run must say so")]

mod entra;

use std::sync::LazyLock;

use entra::Bench;
use wasm_bindgen::prelude::wasm_bindgen;

static BENCH: LazyLock<Bench> = LazyLock::new(Bench::new);

/// Verifies the whole response `count` times.
#[wasm_bindgen]
pub fn verify_iterations(count: u32) {
    (0..count).for_each(|_| BENCH.verify());
}

/// Takes the RSA step `count` times.
#[wasm_bindgen]
pub fn rsa_iterations(count: u32) {
    (0..count).for_each(|_| BENCH.rsa());
}
