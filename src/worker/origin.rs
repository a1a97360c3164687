//! A request's way to the origin and back. Bodies and sockets are handed on as the runtime's own
//! streams, so none of their octets reaches this code; an answer in which nothing is to be changed is
//! handed on whole.

use worker::Env;
use worker::js_sys::{self, Array, Function, Promise, Reflect};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{Headers, RequestCache, RequestInit, RequestRedirect, Response};
use worker::worker_sys::Fetcher;

use super::head::Head;
use super::received::Received;
use crate::service::{Fault, Passage};

const SERVICE: &str = "ORIGIN_SERVICE";

/// A form without files is smaller, and is here in seconds on the slowest of lines.
const UPLOAD_OCTETS: u64 = 1 << 20;

/// Carries a passage out.
pub(super) async fn forward(
    received: &Received<'_>,
    env: &Env,
    passage: &Passage,
) -> Result<Response, Fault> {
    let answer = send(received, env, passage).map_err(unreachable)?;
    let answer = JsFuture::from(answer).await.map_err(unreachable)?;
    if answer.is_undefined() {
        return Err(Fault::OriginTimeout);
    }
    back(answer.unchecked_into(), passage)
}

/// The promise of an answer, or of nothing where its headers take too long. What comes after them may
/// take as long as it likes.
fn send(received: &Received<'_>, env: &Env, passage: &Passage) -> Result<Promise, JsValue> {
    let scope = js_sys::global();
    let fetcher: Fetcher = if passage.is_service() {
        Reflect::get(env, &SERVICE.into())?.unchecked_into()
    } else {
        scope.clone().unchecked_into()
    };
    let init = init(received, passage)?;
    let answer = fetcher.fetch_with_str_and_init(passage.address(), &init)?;
    if is_upload(received) {
        return Ok(answer);
    }
    // Nobody waits for it longer than for the answer: the runtime ends it with the request.
    let scheduler = Reflect::get(&scope, &"scheduler".into())?;
    let wait: Function = Reflect::get(&scheduler, &"wait".into())?.unchecked_into();
    let patience =
        wait.call1(&scheduler, &(f64::from(passage.timeout_seconds()) * 1000.0).into())?;
    Ok(Promise::race(&Array::of2(&answer, &patience)))
}

/// Whether it takes as long as the client does, before which no origin answers.
fn is_upload(received: &Received<'_>) -> bool {
    let is_long = || received.content_length().is_none_or(|length| length > UPLOAD_OCTETS);
    received.body().is_some() && is_long()
}

fn unreachable(error: JsValue) -> Fault {
    Fault::OriginUnreachable(worker::Error::from(error).to_string())
}

fn init(received: &Received<'_>, passage: &Passage) -> Result<RequestInit, JsValue> {
    let headers = Headers::new_with_headers(&received.raw().headers())?;
    for (name, _) in received.head().lines().filter(|(name, _)| passage.drops(name)) {
        headers.delete(name)?;
    }
    for (name, value) in passage.headers() {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(received.method());
    init.set_headers(&headers);
    if let Some(body) = received.body() {
        init.set_body_opt_readable_stream(Some(&body));
    }
    // Redirects are the browser's business.
    init.set_redirect(RequestRedirect::Manual);
    if passage.is_personal() {
        init.set_cache(RequestCache::NoStore);
    }
    Ok(init)
}

fn back(answer: Response, passage: &Passage) -> Result<Response, Fault> {
    if let Some(fault) = passage.fault(answer.status()) {
        return Err(fault);
    }
    let head = Head::of(&answer.headers());
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
