//! Events on their way from the queue to the product's webhook.

use std::rc::Rc;

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{
    AbortSignal, Fetch, Headers, MessageExt as _, Method, QueueRetryOptionsBuilder, RawMessage,
    Request, RequestInit, RequestRedirect, Result, console_log, web_sys,
};

use super::queue;
use crate::service::webhook::{Reception, Webhook, delivered, postponed};
use crate::service::{Config, Event, Fault, Undelivered};

/// How long the product may take to answer.
const PATIENCE_MILLISECONDS: u32 = 10_000;

/// Sends what `message` holds, or has it come again.
pub(super) async fn carry(message: &RawMessage, config: std::result::Result<Rc<Config>, Fault>) {
    let age = queue::age(message);
    let event = message.body().as_string().and_then(Event::parse);
    let id = event.as_ref().map(|event| &*event.id);
    let reception = match &event {
        Some(event) => deliver(event, config).await,
        None => Err(Undelivered::EventMalformed),
    };
    // Where nobody answered, nobody said when to come back.
    let asked = reception.as_ref().ok().cloned().unwrap_or_default();
    let line = match reception.and_then(|reception| reception.taken()) {
        Ok(()) => {
            message.ack();
            id.and_then(|id| delivered(id, age))
        }
        Err(why) => {
            let pause = asked.pause(age);
            let options = QueueRetryOptionsBuilder::new().with_delay_seconds(pause).build();
            message.retry_with_options(&options);
            postponed(&why, id, Some(age), pause)
        }
    };
    if let Some(line) = line {
        console_log!("{line}");
    }
}

async fn deliver(
    event: &Event,
    config: std::result::Result<Rc<Config>, Fault>,
) -> std::result::Result<Reception, Undelivered> {
    let config = config?;
    let webhook = config.webhook().ok_or(Undelivered::WebhookAbsent)?;
    post(webhook, event).await.map_err(|error| Undelivered::WebhookUnreachable(error.to_string()))
}

async fn post(webhook: &Webhook, event: &Event) -> Result<Reception> {
    let headers = Headers::new();
    for (name, value) in webhook.headers(event, super::now()) {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from(&event.body)))
        .with_redirect(RequestRedirect::Manual);
    let request = Request::new_with_init(webhook.url(), &init)?;
    let patience = web_sys::AbortSignal::timeout_with_u32(PATIENCE_MILLISECONDS);
    let response = Fetch::Request(request).send_with_signal(&AbortSignal::from(patience)).await?;
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let reception = Reception { status: response.status_code(), retry_after };
    discard(response).await;
    Ok(reception)
}

/// Lets go of a body that does not matter: unread, it would hold one of the few connections there are.
pub(super) async fn discard(response: worker::Response) {
    if let Some(body) = web_sys::Response::from(response).body() {
        let _ = JsFuture::from(body.cancel()).await;
    }
}
