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

/// Runs `steps` in one transaction, which is rolled back if they fail.
pub(super) fn transaction(
    storage: &Storage,
    steps: &mut dyn FnMut() -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut failed = None;
    let mut run = || {
        steps().map_err(|fault| {
            let thrown = JsValue::from(fault.to_string());
            failed = Some(fault);
            thrown
        })
    };
    let ended = storage.as_raw().unchecked_ref::<Transactional>().transaction_sync(&mut run);
    match (ended, failed) {
        (Ok(_), None) => Ok(()),
        (_, Some(fault)) => Err(fault),
        (Err(error), None) => Err(Fault::LedgerUnreachable(format!("{error:?}"))),
    }
}
