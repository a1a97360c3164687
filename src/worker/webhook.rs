//! Events on their way from the queue to the product's webhook.

use std::rc::Rc;

use worker::wasm_bindgen::JsValue;
use worker::{Headers, MessageExt as _, Method, RawMessage, RequestInit, Result, console_log};

use crate::config::parse::Config;
use crate::config::webhook::Webhook;
use crate::error::Fault;
use crate::jobs::delivery_error::Undelivered;
use crate::jobs::webhook::{Reception, delivered, postponed};
use crate::ledger::events::Event;
use crate::worker::{fetch, retry};

/// Sends what `message` holds, or has it come again.
pub(super) async fn carry(message: &RawMessage, config: std::result::Result<Rc<Config>, Fault>) {
    let age = retry::age(message);
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
            retry::try_again(message, pause);
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
        .with_body(Some(JsValue::from(&event.body)));
    let response = fetch::send(webhook.url(), &mut init).await?;
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let reception = Reception { status: response.status_code(), retry_after };
    fetch::discard(response).await;
    Ok(reception)
}
