//! The database of a Durable Object.

use serde::de::DeserializeOwned;
use worker::{SqlStorage, SqlStorageValue, State, Storage};

use crate::error::Fault;
use crate::ledger::database::{Database, Value};
use crate::worker::ledger::transaction::transaction;

pub(super) struct ObjectDatabase {
    storage: Storage,
    sql: SqlStorage,
}

impl ObjectDatabase {
    pub(super) fn of(state: &State) -> Self {
        Self { storage: state.storage(), sql: state.storage().sql() }
    }
}

impl Database for ObjectDatabase {
    fn rows<T: DeserializeOwned>(&self, sql: &str, values: &[Value]) -> Result<Vec<T>, Fault> {
        let values: Vec<_> = values.iter().map(parameter).collect();
        let rows = self.sql.exec(sql, values).and_then(|rows| rows.to_array());
        rows.map_err(failed)
    }

    fn batch(&self, statements: &str) -> Result<(), Fault> {
        self.sql.exec(statements, None).map(|_| ()).map_err(failed)
    }

    fn transaction<T>(&self, steps: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        transaction(&self.storage, steps)
    }
}

fn parameter(value: &Value) -> SqlStorageValue {
    match value {
        Value::Null => None::<i64>.into(),
        Value::Integer(integer) => (*integer).into(),
        Value::Text(text) => text.clone().into(),
    }
}

pub(super) fn failed(error: worker::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}
