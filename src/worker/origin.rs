//! A request's way to the origin and back. Bodies and sockets are handed on as the runtime's own
//! streams, so none of their octets reaches this code.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use worker::web_sys::{RequestCache, RequestInit, RequestRedirect};
use worker::{AbortController, Delay, Env, Fetch, Headers, Request, Response, web_sys};

use crate::service::{Fault, Passage};

const SERVICE: &str = "ORIGIN_SERVICE";

/// A form without files is smaller, and is here in seconds on the slowest of lines.
const UPLOAD_OCTETS: u64 = 1 << 20;

/// Carries a passage out.
pub(super) async fn forward(
    request: &Request,
    env: &Env,
    passage: &Passage,
) -> Result<Response, Fault> {
    let controller = AbortController::default();
    let onward = onward(request, passage, &controller).map_err(unreachable)?;
    let answer = pin!(send(onward, env, passage));
    let answer = if is_upload(request) {
        answer.await
    } else {
        let patience = Duration::from_secs(passage.timeout_seconds().into());
        match select(answer, pin!(Delay::from(patience))).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => {
                controller.abort();
                return Err(Fault::OriginTimeout);
            }
        }
    };
    back(answer.map_err(unreachable)?, passage)
}

/// Whether it takes as long as the client does, before which no origin answers.
fn is_upload(request: &Request) -> bool {
    let length = request.headers().get("content-length").ok().flatten();
    let length = length.and_then(|length| length.parse::<u64>().ok());
    request.inner().body().is_some() && length.is_none_or(|length| length > UPLOAD_OCTETS)
}

fn unreachable(error: worker::Error) -> Fault {
    Fault::OriginUnreachable(error.to_string())
}

/// The request with the method as it came: `worker::Method` takes what it does not know for GET.
fn onward(
    request: &Request,
    passage: &Passage,
    controller: &AbortController,
) -> worker::Result<Request> {
    let headers = Headers(web_sys::Headers::new_with_headers(&request.inner().headers())?);
    let names: Vec<_> = request.headers().keys().collect();
    for name in names.iter().filter(|name| passage.drops(name)) {
        headers.delete(name)?;
    }
    for (name, value) in passage.headers() {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(&request.inner().method());
    init.set_headers(&headers.0);
    init.set_body_opt_readable_stream(request.inner().body().as_ref());
    // Redirects are the browser's business.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&controller.signal()));
    if passage.is_personal() {
        init.set_cache(RequestCache::NoStore);
    }
    Ok(web_sys::Request::new_with_str_and_init(passage.address(), &init)?.into())
}

async fn send(onward: Request, env: &Env, passage: &Passage) -> worker::Result<Response> {
    if passage.is_service() {
        env.service(SERVICE)?.fetch_request(onward).await
    } else {
        Fetch::Request(onward).send().await
    }
}

fn back(answer: Response, passage: &Passage) -> Result<Response, Fault> {
    if let Some(fault) = passage.fault(answer.status_code()) {
        return Err(fault);
    }
    let headers = mended(answer.headers(), passage).map_err(unreachable)?;
    Ok(answer.with_headers(headers))
}

fn mended(headers: &Headers, passage: &Passage) -> worker::Result<Headers> {
    let mended = Headers(web_sys::Headers::new_with_headers(&headers.0)?);
    for name in headers.keys().filter(|name| passage.drops_from_answer(name)) {
        mended.delete(&name)?;
    }
    let cookies = headers.get_all("set-cookie")?;
    if cookies.iter().any(|line| passage.drops_set_cookie(line)) {
        mended.delete("set-cookie")?;
        for line in cookies.iter().filter(|line| !passage.drops_set_cookie(line)) {
            mended.append("set-cookie", line)?;
        }
    }
    for line in passage.set_cookies() {
        mended.append("set-cookie", line)?;
    }
    let said = headers.get("cache-control")?;
    if let Some(value) = passage.cache_control(said.as_deref()) {
        mended.set("cache-control", &value)?;
    }
    Ok(mended)
}
