//! The service's own answers.

use worker::wasm_bindgen::JsValue;
use worker::web_sys::Response;
use worker::{Headers, ResponseBuilder, console_log};

use crate::error::Fault;
use crate::http::answer::Answer;
use crate::http::failure::fault_reply;
use crate::http::reply::Reply;
use crate::worker::http::body;
use crate::worker::http::received::Received;
use crate::worker::ports::clock::draw;

/// The reply for a fault, with a reference of its own.
pub(in crate::worker) fn failed(fault: Fault) -> Reply {
    let entropy = draw();
    fault_reply(fault, &entropy.unwrap_or_default())
}

/// Answers with `reply` and writes its log line. The request's body is discarded first.
pub(in crate::worker) async fn respond(
    received: Received,
    reply: Reply,
) -> Result<JsValue, JsValue> {
    body::discard(received.raw()).await;
    if let Some(line) = reply.log {
        console_log!("{line}");
    }
    Ok(Response::from(response(reply.answer)?).into())
}

fn response(answer: Answer) -> worker::Result<worker::Response> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        // Several Set-Cookie headers stay apart.
        headers.append(name, value)?;
    }
    let builder = ResponseBuilder::new().with_status(answer.status).with_headers(headers);
    // The runtime takes no body with this status, not even an empty one.
    if answer.status == 204 {
        return Ok(builder.empty());
    }
    Ok(builder.fixed(answer.body.into_bytes()))
}
