//! The account's ledger: a Durable Object with SQLite, and the Worker's side of talking to it.

use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::{
    DurableObject, Env, Method, ObjectNamespace, Request, RequestInit, Response, Result,
    SqlStorage, SqlStorageValue, State, durable_object,
};

use crate::service::{AccountId, Claim, Fault, Ledger, Once};
use crate::time::UnixTime;

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_secs(10 * 60);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS assertions (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS requests (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
";

/// What a Worker asks. A Worker of one version may talk to an object of another: fields are only
/// ever added, and optional.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Call {
    Open { request_id: String, until: i64 },
    Claim { assertion: String, until: i64, request_id: Option<String>, now: i64 },
}

/// What the object answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Opened,
    Fresh,
    AssertionSeen,
    RequestUnknown,
}

pub(super) struct Ledgers(ObjectNamespace);

impl Ledgers {
    pub(super) fn of(env: &Env) -> std::result::Result<Self, Fault> {
        env.durable_object("LEDGER").map(Self).map_err(unreachable)
    }

    async fn ask(&self, account: &AccountId, call: &Call) -> Result<Outcome> {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from(serde_json::to_string(call)?)));
        let request = Request::new_with_init("https://ledger/", &init)?;
        let ledger = self.0.get_by_name(account.as_str())?;
        ledger.fetch_with_request(request).await?.json().await
    }
}

fn unreachable(error: worker::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}

impl Ledger for Ledgers {
    async fn open(
        &self,
        account: &AccountId,
        request_id: &str,
        until: UnixTime,
    ) -> std::result::Result<(), Fault> {
        let call = Call::Open { request_id: request_id.to_owned(), until: until.seconds() };
        match self.ask(account, &call).await.map_err(unreachable)? {
            Outcome::Opened => Ok(()),
            Outcome::Fresh | Outcome::AssertionSeen | Outcome::RequestUnknown => Err(confused()),
        }
    }

    async fn claim(
        &self,
        account: &AccountId,
        once: &Once<'_>,
        now: UnixTime,
    ) -> std::result::Result<Claim, Fault> {
        let call = Call::Claim {
            assertion: once.assertion.to_owned(),
            until: once.until.seconds(),
            request_id: once.request_id.map(str::to_owned),
            now: now.seconds(),
        };
        match self.ask(account, &call).await.map_err(unreachable)? {
            Outcome::Fresh => Ok(Claim::Fresh),
            Outcome::AssertionSeen => Ok(Claim::AssertionSeen),
            Outcome::RequestUnknown => Ok(Claim::RequestUnknown),
            Outcome::Opened => Err(confused()),
        }
    }
}

fn confused() -> Fault {
    Fault::LedgerUnreachable("an answer to another question".to_owned())
}

/// One account's ledger.
///
/// The runtime delivers one event at a time to this object and lets no other in while a statement
/// runs (the input gate); statements with no `await` between them are one transaction, and no
/// answer leaves before their writes are on disk (the output gate). So [`Self::answer`] must stay
/// free of `await`: that alone makes looking and then writing one step.
#[durable_object(alarm)]
#[expect(unnameable_types, reason = "JavaScript names it, by the export that the macro writes")]
pub struct AccountLedger {
    state: State,
    sql: SqlStorage,
}

impl DurableObject for AccountLedger {
    fn new(state: State, _env: Env) -> Self {
        let sql = state.storage().sql();
        Self { state, sql }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call = request.json().await?;
        let outcome = self.answer(call)?;
        let storage = self.state.storage();
        if storage.get_alarm().await?.is_none() {
            storage.set_alarm(SWEEP).await?;
        }
        Response::from_json(&outcome)
    }

    /// Removes what has expired, and comes back while anything is left.
    async fn alarm(&self) -> Result<Response> {
        let now = super::now().seconds();
        for table in ["assertions", "requests"] {
            self.sql.exec(&format!("DELETE FROM {table} WHERE until <= ?"), vec![now.into()])?;
        }
        let left = "SELECT 1 FROM assertions UNION ALL SELECT 1 FROM requests LIMIT 1";
        if self.any(left, vec![])? {
            self.state.storage().set_alarm(SWEEP).await?;
        }
        Response::empty()
    }
}

impl AccountLedger {
    fn answer(&self, call: Call) -> Result<Outcome> {
        // Not in `new`, which could tell nobody that it failed.
        self.sql.exec(SCHEMA, None)?;
        match call {
            Call::Open { request_id, until } => {
                let row = vec![request_id.into(), until.into()];
                self.sql.exec("INSERT INTO requests (id, until) VALUES (?, ?)", row)?;
                Ok(Outcome::Opened)
            }
            Call::Claim { assertion, until, request_id, now } => {
                let key = || vec![assertion.clone().into()];
                if self.any("SELECT 1 FROM assertions WHERE key = ?", key())? {
                    return Ok(Outcome::AssertionSeen);
                }
                if let Some(id) = request_id {
                    let delete = "DELETE FROM requests WHERE id = ? AND until > ? RETURNING 1";
                    if !self.any(delete, vec![id.into(), now.into()])? {
                        return Ok(Outcome::RequestUnknown);
                    }
                }
                let row = vec![assertion.into(), until.into()];
                self.sql.exec("INSERT INTO assertions (key, until) VALUES (?, ?)", row)?;
                Ok(Outcome::Fresh)
            }
        }
    }

    fn any(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<bool> {
        Ok(!self.sql.exec(query, bindings)?.to_array::<IgnoredAny>()?.is_empty())
    }
}
