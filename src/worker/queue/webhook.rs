//! Delivers events from the queue to the product's webhook.

use std::rc::Rc;

use worker::wasm_bindgen::JsValue;
use worker::{Headers, MessageExt as _, Method, RawMessage, RequestInit, console_log};

use crate::config::parse::Config;
use crate::config::webhook::Webhook;
use crate::error::Fault;
use crate::jobs::delivery_error::DeliveryError;
use crate::jobs::webhook::{Delivery, WebhookResponse};
use crate::ledger::events::event::Event;
use crate::worker::ports::clock::now;
use crate::worker::ports::network;
use crate::worker::queue::retry::{age, retry};

/// Sends the event of `message`, or has it retried.
pub(super) async fn send(
    message: &RawMessage,
    event: Result<Event, DeliveryError>,
    config: Result<Rc<Config>, Fault>,
) {
    let age = age(message);
    let id = event.as_ref().ok().map(|event| event.id.clone());
    let answer = match event {
        Ok(event) => deliver(&event, config).await,
        Err(malformed) => Err(malformed),
    };
    let delivery = Delivery::of(answer, id.as_deref(), age);
    match delivery.retry_in {
        None => message.ack(),
        Some(pause) => retry(message, pause),
    }
    console_log!("{}", delivery.line);
}

async fn deliver(
    event: &Event,
    config: Result<Rc<Config>, Fault>,
) -> Result<WebhookResponse, DeliveryError> {
    let config = config?;
    let webhook = config.webhook().ok_or(DeliveryError::WebhookAbsent)?;
    let answer = post(webhook, event).await;
    answer.map_err(|error| DeliveryError::WebhookUnreachable(error.to_string()))
}

async fn post(webhook: &Webhook, event: &Event) -> worker::Result<WebhookResponse> {
    let headers = Headers::new();
    for (name, value) in webhook.headers(event, now()) {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from(&event.body)));
    let response = network::send(webhook.url(), &mut init).await?;
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let answer = WebhookResponse { status: response.status_code(), retry_after };
    network::discard(response).await;
    Ok(answer)
}
