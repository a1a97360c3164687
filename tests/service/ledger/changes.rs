//! Changes of an account in its ledger: one at a time, whatever the store does meanwhile.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use saml_edge::limits::STALE;
use saml_edge::{AccountId, AccountStore, Exclusive, Fault, State, Stored, answer_call, migrate};
use serde_json::{Value, json};

use crate::sqlite::Sqlite;
use crate::support::world::ready;

const NOW: i64 = 1_000_000;

/// A store whose writes wait until it is open, or fail.
#[derive(Default)]
struct SlowStore {
    stored: RefCell<Stored>,
    is_open: Cell<bool>,
    is_broken: Cell<bool>,
}

impl AccountStore for SlowStore {
    async fn stored(&self, _: &AccountId) -> Result<Stored, Fault> {
        Ok(self.stored.borrow().clone())
    }

    async fn write(&self, _: &AccountId, _: &Stored, after: &Stored) -> Result<(), Fault> {
        poll_fn(|_| if self.is_open.get() { Poll::Ready(()) } else { Poll::Pending }).await;
        if self.is_broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        self.stored.replace(after.clone());
        Ok(())
    }
}

/// The ledger of one account over that store.
struct Object {
    db: Sqlite,
    store: SlowStore,
    changing: Exclusive,
}

impl Object {
    fn new() -> Self {
        let db = Sqlite::new();
        migrate(&db).expect("a ledger");
        Self { db, store: SlowStore::default(), changing: Exclusive::default() }
    }

    async fn ask(&self, call: Value) -> Result<Value, Fault> {
        answer_call(&self.db, &self.store, &self.changing, call).await
    }

    fn current(&self, now: i64) -> Value {
        ready(self.ask(json!({ "current": { "account": "acme", "now": now } }))).expect("an answer")
    }
}

fn settings(text: &str) -> Stored {
    Stored { metadata: None, settings: Some(text.to_owned()) }
}

fn put(before: &Stored, after: &Stored, now: i64) -> Value {
    json!({ "put": {
        "account": "acme", "expected": before.revision(), "after": after, "actor": "operator",
        "reference": "07", "is_heard": true, "now": now,
    } })
}

fn is_made(reply: &Value) -> bool {
    reply["changed"]["made"].as_bool().expect("a change")
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn no_second_change_is_made_while_the_store_is_written() {
    let object = Object::new();
    let (before, one, two) = (Stored::default(), settings("{}"), settings(r#"{"a":1}"#));
    let mut first = pin!(object.ask(put(&before, &one, NOW)));
    assert!(poll(first.as_mut()).is_pending());
    let second = ready(object.ask(put(&before, &two, NOW))).expect("an answer");
    assert!(!is_made(&second), "and it does not wait either");
    object.store.is_open.set(true);
    let Poll::Ready(first) = poll(first.as_mut()) else { panic!("the store is open") };
    assert!(is_made(&first.expect("an answer")));
    assert_eq!(*object.store.stored.borrow(), one);
    assert!(!is_made(&ready(object.ask(put(&before, &two, NOW))).expect("an answer")), "stale");
    assert!(is_made(&ready(object.ask(put(&one, &two, NOW))).expect("an answer")));
    let entries = json!({ "audit_events": { "before": 0, "limit": 9 } });
    let entries = ready(object.ask(entries)).expect("an answer");
    let events = entries["audit_events"]["events"].as_array().map(Vec::len);
    assert_eq!(events, Some(2), "{entries}");
}

/// A caller that goes away, or a store that fails, keeps no later change from being made.
#[test]
fn what_comes_to_nothing_leaves_the_ledger_free() {
    let object = Object::new();
    let (before, after) = (Stored::default(), settings("{}"));
    {
        let mut abandoned = pin!(object.ask(put(&before, &after, NOW)));
        assert!(poll(abandoned.as_mut()).is_pending());
    }
    object.store.is_open.set(true);
    object.store.is_broken.set(true);
    let failed = ready(object.ask(put(&before, &after, NOW))).expect("an answer");
    assert_eq!(failed, json!({ "store_unreachable": { "detail": "switched off" } }));
    let versions = ready(object.ask(json!("versions"))).expect("an answer");
    assert_eq!(versions, json!({ "versions": { "events": [] } }), "nothing is written down");
    object.store.is_broken.set(false);
    assert!(is_made(&ready(object.ask(put(&before, &after, NOW))).expect("an answer")));
}

/// The store may say for a while what was stored before.
#[test]
fn for_two_minutes_the_ledger_knows_better_than_the_store() {
    let object = Object::new();
    object.store.is_open.set(true);
    let (before, after) = (Stored::default(), settings("{}"));
    assert!(is_made(&ready(object.ask(put(&before, &after, NOW))).expect("an answer")));
    object.store.stored.replace(before.clone());
    for (later, stored) in [(0, &after), (STALE - 1, &after), (STALE, &before)] {
        assert_eq!(object.current(NOW + later), json!({ "current": stored }), "after {later}");
    }
}

/// What is written past the ledger counts as soon as a request has seen it.
#[test]
fn what_was_seen_since_is_read_from_the_store() {
    let object = Object::new();
    object.store.is_open.set(true);
    let (before, after, past) = (Stored::default(), settings("{}"), settings(r#"{"a":1}"#));
    assert!(is_made(&ready(object.ask(put(&before, &after, NOW))).expect("an answer")));
    object.store.stored.replace(past.clone());
    assert_eq!(object.current(NOW + 1), json!({ "current": after }));
    let see = json!({ "see": {
        "state": State::of(&past), "account": "acme", "is_heard": false, "now": NOW + 2,
    } });
    assert_eq!(ready(object.ask(see)).expect("an answer"), "seen");
    assert_eq!(object.current(NOW + 3), json!({ "current": past }));
}
