//! The account's ledger: a Durable Object with SQLite, and here the Worker's side of talking to it.

mod database;
mod object;
mod outbox;
mod transaction;

use serde_json::Value;
use wasm_bindgen::JsValue;
use worker::{Env, Method, ObjectNamespace, Request, RequestInit};

use crate::error::Fault;
use crate::ledger::port::{Ledger, LedgerName};
use crate::ledger::query::{Call, decode_reply, encode};
use crate::worker::ledger::database::failed;

pub(super) struct Ledgers(ObjectNamespace);

impl Ledgers {
    pub(super) fn of(env: &Env) -> Result<Self, Fault> {
        env.durable_object("LEDGER").map(Self).map_err(failed)
    }

    async fn post(&self, name: &str, call: Value) -> worker::Result<Value> {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from(call.to_string())));
        let request = Request::new_with_init("https://ledger/", &init)?;
        let ledger = self.0.get_by_name(name)?;
        ledger.fetch_with_request(request).await?.json().await
    }
}

impl Ledger for Ledgers {
    async fn ask<'a, C: Call>(
        &self,
        name: impl Into<LedgerName<'a>>,
        call: &C,
    ) -> Result<C::Reply, Fault> {
        let name = name.into().to_string();
        decode_reply::<C>(self.post(&name, encode(call)?).await.map_err(failed)?)
    }
}
