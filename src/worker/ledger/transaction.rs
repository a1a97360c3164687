//! All or nothing.
//!
//! Without this, statements that run before one that fails would stay: what fails with an error has
//! not failed as far as the object's storage is concerned.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::Storage;

use crate::error::Fault;

#[wasm_bindgen]
extern "C" {
    type Transactional;

    /// Rolls back where `steps` throws.
    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactional,
        steps: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<JsValue, JsValue>;
}

/// Runs `steps` in one transaction, which is rolled back where they fail.
pub(super) fn transaction<T>(
    storage: &Storage,
    steps: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, Fault> {
    let (mut steps, mut done) = (Some(steps), None);
    let mut run = || {
        let steps = steps.take().ok_or_else(|| JsValue::from("a transaction runs once"))?;
        match steps() {
            Ok(result) => done = Some(Ok(result)),
            Err(fault) => {
                let thrown = JsValue::from(fault.to_string());
                done = Some(Err(fault));
                return Err(thrown);
            }
        }
        Ok(())
    };
    let ended = storage.as_raw().unchecked_ref::<Transactional>().transaction_sync(&mut run);
    match (ended, done) {
        // Nothing is done that was not committed.
        (Ok(_), Some(result)) | (Err(_), Some(result @ Err(_))) => result,
        (Err(error), _) => Err(Fault::LedgerUnreachable(format!("{error:?}"))),
        (Ok(_), None) => Err(Fault::LedgerUnreachable("a transaction did not run".to_owned())),
    }
}
