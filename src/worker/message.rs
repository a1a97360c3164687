//! The steps that are JavaScript's.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::Env;
use worker::js_sys::Promise;
use worker::web_sys::Request;

#[wasm_bindgen(module = "/src/worker/message.js")]
extern "C" {
    /// A request's headers, method and address, in lines of UTF-8.
    pub(super) fn read(request: &Request) -> Vec<u8>;

    /// Sends a request on.
    pub(super) fn pass(
        env: &Env,
        request: &Request,
        orders: &str,
        is_service: bool,
        has_body: bool,
        no_store: bool,
        patience: Option<f64>,
        back: JsValue,
    ) -> Promise;
}
