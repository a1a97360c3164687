//! A request's way to the origin and back. Bodies and sockets are handed on as the runtime's own
//! streams, so none of their octets reaches this code; an answer in which nothing is to be changed is
//! handed on whole.

use std::rc::Rc;

use worker::js_sys::Promise;
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::future_to_promise;
use worker::web_sys::{Headers, Response};
use worker::{Env, console_log};

use crate::config::parse::Config;
use crate::error::Fault;
use crate::gate::passage::Passage;
use crate::worker::head::Head;
use crate::worker::message;
use crate::worker::received::Received;

/// A form without files is smaller, and is here in seconds on the slowest of lines.
const UPLOAD_OCTETS: u64 = 1 << 20;

/// Carries a passage out: the promise of the origin's answer, or of ours where it gives none.
pub(super) fn forward(
    received: Received,
    env: &Env,
    passage: Passage,
    config: Rc<Config>,
) -> Result<Promise, JsValue> {
    if let Some(line) = passage.log() {
        console_log!("{line}");
    }
    // Before an upload has ended no origin answers, and it takes as long as the client does.
    let patience = f64::from(passage.timeout_seconds()) * 1000.0;
    let patience = (!is_upload(&received)).then_some(patience);
    // `request.clone()` would be JavaScript's, which divides the body.
    let (orders, request) = (orders(&received, &passage), Clone::clone(received.raw()));
    let (is_service, has_body) = (passage.is_service(), received.has_body());
    let no_store = passage.passes_no_cache();
    let back =
        Closure::once_into_js(move |answer: JsValue, status: u16, head: String| -> JsValue {
            let passage = passage.answered_at(super::now());
            match back(answer, status, Head::of(head), &passage) {
                Ok(answer) => answer.into(),
                Err(fault) => {
                    let reply = match super::draw() {
                        Ok(entropy) => passage.failed(fault, &config, &entropy),
                        Err(fault) => super::failed(fault),
                    };
                    future_to_promise(super::refuse(received, reply)).into()
                }
            }
        });
    Ok(message::pass(env, &request, &orders, is_service, has_body, no_store, patience, back))
}

/// Where to, which headers stay behind, and which are set, as [`message::pass`] takes it.
fn orders(received: &Received, passage: &Passage) -> String {
    // A token is most of it.
    let mut orders = String::with_capacity(2048);
    orders.push_str(passage.address());
    orders.push('\n');
    let names = received.head().lines().map(|(name, _)| name);
    for (count, name) in names.filter(|name| passage.drops(name)).enumerate() {
        orders.push_str(if count == 0 { "" } else { "," });
        orders.push_str(name);
    }
    for (name, value) in passage.headers() {
        for part in ["\n", name, ",", value] {
            orders.push_str(part);
        }
    }
    orders
}

fn is_upload(received: &Received) -> bool {
    let is_long = || received.content_length().is_none_or(|length| length > UPLOAD_OCTETS);
    received.has_body() && is_long()
}

/// What [`message::pass`] has come back with.
fn back(answer: JsValue, status: u16, head: Head, passage: &Passage) -> Result<Response, Fault> {
    if answer.is_undefined() {
        return Err(Fault::OriginTimeout);
    }
    let answer: Response = answer.dyn_into().map_err(unreachable)?;
    if let Some(fault) = passage.fault(status) {
        return Err(fault);
    }
    let cache_control = passage.cache_control(head.get("cache-control"));
    let is_dropped = |(name, value): (&str, &str)| {
        passage.drops_from_answer(name) || (name == "set-cookie" && passage.drops_set_cookie(value))
    };
    let is_whole = cache_control.is_none() && passage.set_cookies().is_empty();
    if is_whole && !head.lines().any(is_dropped) {
        return Ok(answer);
    }
    let headers = mended(&answer, &head, passage, cache_control).map_err(unreachable)?;
    Ok(worker::Response::from(answer).with_headers(worker::Headers(headers)).into())
}

fn unreachable(error: JsValue) -> Fault {
    Fault::OriginUnreachable(worker::Error::from(error).to_string())
}

fn mended(
    answer: &Response,
    head: &Head,
    passage: &Passage,
    cache_control: Option<String>,
) -> Result<Headers, JsValue> {
    let mended = Headers::new_with_headers(&answer.headers())?;
    for (name, _) in head.lines().filter(|(name, _)| passage.drops_from_answer(name)) {
        mended.delete(name)?;
    }
    if head.all("set-cookie").any(|line| passage.drops_set_cookie(line)) {
        mended.delete("set-cookie")?;
        for line in head.all("set-cookie").filter(|line| !passage.drops_set_cookie(line)) {
            mended.append("set-cookie", line)?;
        }
    }
    for line in passage.set_cookies() {
        mended.append("set-cookie", line)?;
    }
    if let Some(value) = cache_control {
        mended.set("cache-control", &value)?;
    }
    Ok(mended)
}
