//! All or nothing.
//!
//! Without this, statements that run before one that fails would stay: what fails with an error has
//! not failed as far as the object's storage is concerned.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::{Result, Storage};

#[wasm_bindgen]
extern "C" {
    type Transactional;

    /// Rolls back where `steps` throws.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactional,
        steps: &mut dyn FnMut() -> std::result::Result<(), JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;
}

/// Runs `steps` in one transaction, which is rolled back where they fail.
pub(super) fn transaction<T>(storage: &Storage, steps: impl FnOnce() -> Result<T>) -> Result<T> {
    let (mut steps, mut done) = (Some(steps), None);
    let mut run = || {
        let steps = steps.take().ok_or_else(|| JsValue::from("a transaction runs once"))?;
        done = Some(steps().map_err(JsValue::from)?);
        Ok(())
    };
    storage.as_raw().unchecked_ref::<Transactional>().transaction_sync(&mut run)?;
    done.ok_or_else(|| "a transaction did not run".into())
}
