//! The steps that JavaScript does.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::Env;
use worker::js_sys::Promise;
use worker::web_sys::Request;

#[wasm_bindgen(module = "/src/worker/http/message.js")]
extern "C" {
    /// A request's headers, method and address, in lines of UTF-8.
    pub(in crate::worker) fn read(request: &Request) -> Vec<u8>;

    /// Forwards a request as the text of [`super::orders`] says. Calls `back` once.
    pub(in crate::worker) fn pass(
        env: &Env,
        request: &Request,
        orders: &str,
        back: JsValue,
    ) -> Promise;
}
