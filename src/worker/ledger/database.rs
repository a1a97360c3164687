//! The database of a Durable Object.

use serde_json::Value as Json;
use worker::{SqlStorage, SqlStorageValue, State, Storage};

use crate::error::Fault;
use crate::ledger::database::{Database, Row, Value};
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
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let values: Vec<_> = values.iter().map(parameter).collect();
        let cursor = self.sql.exec(sql, values).map_err(failed)?;
        let names = cursor.column_names();
        let row = |values: Vec<SqlStorageValue>| {
            names.iter().cloned().zip(values.into_iter().map(column)).collect()
        };
        cursor.raw().map(|values| values.map(row).map_err(failed)).collect()
    }

    fn batch(&self, statements: &str) -> Result<(), Fault> {
        self.sql.exec(statements, None).map(|_| ()).map_err(failed)
    }

    fn atomically(&self, steps: &mut dyn FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
        transaction(&self.storage, steps)
    }
}

fn parameter(value: &Value) -> SqlStorageValue {
    match value {
        Value::Null => SqlStorageValue::Null,
        Value::Integer(integer) => SqlStorageValue::Integer(*integer),
        Value::Text(text) => SqlStorageValue::String(text.clone()),
    }
}

fn column(value: SqlStorageValue) -> Json {
    match value {
        SqlStorageValue::Boolean(value) => value.into(),
        SqlStorageValue::Integer(integer) => integer.into(),
        SqlStorageValue::Float(number) => number.into(),
        SqlStorageValue::String(text) => text.into(),
        // No column holds octets.
        SqlStorageValue::Null | SqlStorageValue::Blob(_) => Json::Null,
    }
}

pub(super) fn failed(error: worker::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}
