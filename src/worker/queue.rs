//! The other end of the queue: events on their way to the product's webhook.

use std::rc::Rc;

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{
    AbortSignal, Context, Env, Fetch, Headers, MessageBatch, MessageExt as _, Method,
    QueueRetryOptionsBuilder, RawMessage, Request, RequestInit, RequestRedirect, Result,
    console_log, event, web_sys,
};

use crate::service::webhook::{Reception, Webhook, delivered, postponed};
use crate::service::{Config, Event, Fault, Undelivered};

/// How long the product may take to answer.
const PATIENCE_MILLISECONDS: u32 = 10_000;

/// Every message is either taken or tried again; after the last try the queue hands it on to the
/// dead-letter queue. Nothing here returns an error: the runtime would make a panic of it, and
/// forget which messages were taken.
#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
    for message in batch.raw_iter() {
        // Parsed once for all of them, and for the requests.
        carry(&message, super::config(&env)).await;
    }
    Ok(())
}

async fn carry(message: &RawMessage, config: std::result::Result<Rc<Config>, Fault>) {
    let age = super::now().seconds() - seconds(message.timestamp().as_millis());
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

fn seconds(milliseconds: u64) -> i64 {
    i64::try_from(milliseconds / 1000).unwrap_or(i64::MAX)
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
