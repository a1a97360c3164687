//! The ledger's own side: what is asked, and what an alarm does.

use std::cell::Cell;
use std::time::Duration;

use worker::{DurableObject, Env, Queue, Request, Response, Result, State, durable_object};

use crate::error::Fault;
use crate::ledger::calls;
use crate::ledger::changes::exclusive::Exclusive;
use crate::ledger::changes::store::AccountStore;
use crate::ledger::events::outbox::is_due;
use crate::ledger::schema::migration;
use crate::ledger::sweep;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::platform::accounts::Accounts as _;
use crate::worker::ledger::database::ObjectDatabase;
use crate::worker::ledger::outbox;
use crate::worker::ports::clock::now;
use crate::worker::ports::store::Store;

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// One account's ledger; or, for one pair of Issuer and entity id, who has it.
///
/// The runtime delivers one event at a time to this object and lets no other in while a statement
/// runs (the input gate), and no answer leaves before its writes are on disk (the output gate). A
/// query is free of `await`, which makes looking and then writing one step, and runs in a
/// transaction, which makes it all or nothing. What awaits the store is in
/// [`crate::ledger::changes::put`].
#[durable_object(alarm)]
#[expect(unnameable_types, reason = "JavaScript names it, by the export that the macro writes")]
pub struct AccountLedger {
    state: State,
    db: ObjectDatabase,
    env: Env,
    /// Whether the tables are those of this code.
    is_migrated: Cell<bool>,
    /// Taken while a change of the account is under way.
    changing: Exclusive,
    /// Where events go, if they go anywhere.
    events: Option<Queue>,
}

impl DurableObject for AccountLedger {
    fn new(state: State, env: Env) -> Self {
        let db = ObjectDatabase::of(&state);
        let events = env.queue("EVENTS").ok();
        let (is_migrated, changing) = (Cell::new(false), Exclusive::default());
        Self { state, db, env, is_migrated, changing, events }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call = request.json().await?;
        // Not in `new`, which could tell nobody that it failed.
        self.migrate().map_err(thrown)?;
        let store = StoreOf(&self.env);
        let reply =
            calls::answer_call(&self.db, &store, &self.changing, call).await.map_err(thrown)?;
        let storage = self.state.storage();
        // Carrying events is for the alarm: no login waits for the queue. It is set in the same
        // transaction as they are written.
        if is_due(&self.db).map_err(thrown)? {
            storage.set_alarm(Duration::ZERO).await?;
        } else if storage.get_alarm().await?.is_none() {
            storage.set_alarm(SWEEP).await?;
        }
        Response::from_json(&reply)
    }

    /// Removes what has expired, carries events to the queue, and comes back while anything is
    /// left.
    async fn alarm(&self) -> Result<Response> {
        self.migrate().map_err(thrown)?;
        sweep::sweep(&self.db, now().seconds()).map_err(thrown)?;
        let wait = match &self.events {
            Some(queue) => outbox::carry(&self.db, queue).await.map_err(thrown)?,
            None => None,
        };
        let is_left = sweep::is_left(&self.db).map_err(thrown)?;
        let next = if is_left { wait.or(Some(SWEEP)) } else { None };
        let storage = self.state.storage();
        // While the queue was asked, a login may have set an alarm of its own, and that is sooner.
        if let (Some(next), None) = (next, storage.get_alarm().await?) {
            storage.set_alarm(next).await?;
        }
        Response::empty()
    }
}

impl AccountLedger {
    /// Brings the tables up to date, once after a start.
    fn migrate(&self) -> std::result::Result<(), Fault> {
        if !self.is_migrated.get() {
            migration::migrate(&self.db)?;
            self.is_migrated.set(true);
        }
        Ok(())
    }
}

/// The store, which is looked up when it is needed.
struct StoreOf<'a>(&'a Env);

impl AccountStore for StoreOf<'_> {
    async fn stored(&self, account: &AccountId) -> std::result::Result<Stored, Fault> {
        Store::of(self.0)?.stored(account).await
    }

    async fn write(
        &self,
        account: &AccountId,
        before: &Stored,
        after: &Stored,
    ) -> std::result::Result<(), Fault> {
        Store::of(self.0)?.write(account, before, after).await
    }
}

/// What a Worker sees as a ledger out of reach.
fn thrown(fault: Fault) -> worker::Error {
    worker::Error::RustError(fault.to_string())
}
