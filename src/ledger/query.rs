//! What a Worker asks a ledger, and how both are written: one POST of JSON a call.
//!
//! A Worker of one version may talk to an object of another. So names stay, and fields are only
//! ever added, and optional. What an older object would do by halves has a name that it does not
//! know: it answers with an error, and so does an older Worker that does not know an answer. Either
//! is a ledger out of reach, which closes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::ledger::database::{Database, unreadable};

/// A question to a ledger, or an order.
pub trait Call: Serialize + DeserializeOwned {
    /// What is answered.
    type Reply: Serialize + DeserializeOwned;

    /// Its name in JSON.
    const NAME: &'static str;

    /// The names that the answer stands under in JSON, the outermost first.
    const REPLY: &'static [&'static str];
}

/// A call that its ledger's database answers alone.
pub trait Query: Call {
    /// Runs in a transaction.
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault>;
}

/// Under which a ledger says that it could not reach the store.
const STORE: &str = "store_unreachable";

/// What says why, there.
const DETAIL: &str = "detail";

/// `call` as it is sent.
pub fn encode<C: Call>(call: &C) -> Result<Value, Fault> {
    under(&[C::NAME], serde_json::to_value(call))
}

/// A call's name and its fields.
pub(crate) fn decode(call: Value) -> Result<(String, Value), Fault> {
    match call {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(fields) => fields.into_iter().next().ok_or_else(confused),
        _ => Err(confused()),
    }
}

/// What is answered to a call of the type `C`.
pub(crate) fn encode_reply<C: Call>(reply: Result<C::Reply, Fault>) -> Result<Value, Fault> {
    match reply {
        Ok(reply) => under(C::REPLY, serde_json::to_value(reply)),
        Err(fault) => encode_fault(fault),
    }
}

fn encode_fault(fault: Fault) -> Result<Value, Fault> {
    match fault {
        Fault::StoreUnreachable(detail) => Ok(json!({ STORE: { DETAIL: detail } })),
        fault => Err(fault),
    }
}

/// The answer to a call of the type `C`.
pub fn decode_reply<C: Call>(reply: Value) -> Result<C::Reply, Fault> {
    serde_json::from_value(below(C::REPLY, reply)?).map_err(|_| confused())
}

/// What stands in `reply` under `names`.
fn below(names: &[&str], mut reply: Value) -> Result<Value, Fault> {
    if let Some(fields) = reply.get(STORE) {
        let detail = fields.get(DETAIL).and_then(Value::as_str).unwrap_or_default();
        return Err(Fault::StoreUnreachable(detail.to_owned()));
    }
    for name in names {
        reply = match reply {
            Value::String(text) if text == *name => Value::Null,
            mut reply => reply.get_mut(name).ok_or_else(confused)?.take(),
        };
    }
    Ok(reply)
}

/// `value` under `names`. What is nothing else than its name is written as that.
fn under(names: &[&str], value: serde_json::Result<Value>) -> Result<Value, Fault> {
    Ok(match (names, value.map_err(unreadable)?) {
        ([name], Value::Null) => Value::String((*name).to_owned()),
        (names, value) => names.iter().rev().fold(value, |value, name| {
            Value::Object(Map::from_iter([((*name).to_owned(), value)]))
        }),
    })
}

fn confused() -> Fault {
    Fault::LedgerUnreachable("an answer to another question".to_owned())
}
