//! The way to the origin and back. Bodies and sockets are passed on as the runtime's own streams,
//! so none of their octets reaches this code. An answer without changes is passed on as it is.

use std::rc::Rc;

use worker::js_sys::Promise;
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::future_to_promise;
use worker::web_sys::{Headers, Response};
use worker::{Env, console_log};

use crate::config::parse::Config;
use crate::error::Fault;
use crate::gate::forwarded::ForwardedRequest;
use crate::worker::http::head::Head;
use crate::worker::http::message;
use crate::worker::http::orders::Forward;
use crate::worker::http::received::Received;
use crate::worker::http::respond::{failed, respond};
use crate::worker::ports::clock::{draw, now};

/// A form without files is smaller, and arrives within seconds on a slow line.
const UPLOAD_OCTETS: u64 = 1 << 20;

/// Forwards a request: the promise of the origin's answer, or of ours where it gives none.
pub(in crate::worker) fn forward(
    received: Received,
    env: &Env,
    forwarded: ForwardedRequest,
    config: Rc<Config>,
) -> Result<Promise, JsValue> {
    if let Some(line) = forwarded.log() {
        console_log!("{line}");
    }
    // No origin answers before an upload has ended, which takes as long as the client does.
    let timeout_seconds = (!is_upload(&received)).then(|| forwarded.timeout_seconds());
    let forward = Forward {
        address: forwarded.address(),
        is_service: forwarded.is_service(),
        has_body: received.has_body(),
        no_store: forwarded.passes_no_cache(),
        timeout_seconds,
    };
    let names = received.head().lines().map(|(name, _)| name);
    let orders = forward.orders(names.filter(|name| forwarded.drops(name)), forwarded.headers());
    // `request.clone()` would be JavaScript's, which splits the body in two.
    let request = Clone::clone(received.raw());
    let back =
        Closure::once_into_js(move |answer: JsValue, status: u16, head: String| -> JsValue {
            // The clock is read where the time matters only: each reading is a call of JavaScript.
            let forwarded =
                if forwarded.sets_cookies() { forwarded.answered_at(now()) } else { forwarded };
            match back(answer, status, Head::of(head), &forwarded) {
                Ok(answer) => answer.into(),
                Err(fault) => {
                    let reply = match draw() {
                        Ok(entropy) => forwarded.failed(fault, &config, &entropy),
                        Err(fault) => failed(fault),
                    };
                    future_to_promise(respond(received, reply)).into()
                }
            }
        });
    Ok(message::pass(env, &request, &orders, back))
}

fn is_upload(received: &Received) -> bool {
    let is_long = || received.content_length().is_none_or(|length| length > UPLOAD_OCTETS);
    received.has_body() && is_long()
}

/// The answer for what [`message::pass`] has come back with.
fn back(
    answer: JsValue,
    status: u16,
    head: Head,
    forwarded: &ForwardedRequest,
) -> Result<Response, Fault> {
    if answer.is_undefined() {
        return Err(Fault::OriginTimeout);
    }
    let answer: Response = answer.dyn_into().map_err(unreachable)?;
    if let Some(fault) = forwarded.fault(status) {
        return Err(fault);
    }
    let cache_control = forwarded.cache_control(head.get("cache-control"));
    let is_dropped = |(name, value): (&str, &str)| {
        forwarded.drops_from_answer(name)
            || (name == "set-cookie" && forwarded.drops_set_cookie(value))
    };
    let is_whole = cache_control.is_none() && forwarded.set_cookies().is_empty();
    if is_whole && !head.lines().any(is_dropped) {
        return Ok(answer);
    }
    let headers = mended(&answer, &head, forwarded, cache_control).map_err(unreachable)?;
    Ok(worker::Response::from(answer).with_headers(worker::Headers(headers)).into())
}

fn unreachable(error: JsValue) -> Fault {
    Fault::OriginUnreachable(worker::Error::from(error).to_string())
}

fn mended(
    answer: &Response,
    head: &Head,
    forwarded: &ForwardedRequest,
    cache_control: Option<String>,
) -> Result<Headers, JsValue> {
    let mended = Headers::new_with_headers(&answer.headers())?;
    for (name, _) in head.lines().filter(|(name, _)| forwarded.drops_from_answer(name)) {
        mended.delete(name)?;
    }
    if head.all("set-cookie").any(|line| forwarded.drops_set_cookie(line)) {
        mended.delete("set-cookie")?;
        for line in head.all("set-cookie").filter(|line| !forwarded.drops_set_cookie(line)) {
            mended.append("set-cookie", line)?;
        }
    }
    for line in forwarded.set_cookies() {
        mended.append("set-cookie", line)?;
    }
    if let Some(value) = cache_control {
        mended.set("cache-control", &value)?;
    }
    Ok(mended)
}
