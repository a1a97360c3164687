//! A ledger's database, on SQLite itself.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up must say so")]

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};
use saml_edge::{Database, Fault, Row, Value};

/// The greatest integer that JavaScript holds exactly: a Durable Object takes no other.
const SAFE: i64 = 9_007_199_254_740_991;

/// One database in memory.
pub(crate) struct Sqlite(pub(crate) Connection);

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self(Connection::open_in_memory().expect("SQLite"))
    }

    fn read(&self, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.0.prepare(sql)?;
        let names: Vec<_> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(params_from_iter(values.iter().map(Parameter)))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut object = Row::new();
            for (place, name) in names.iter().enumerate() {
                let value = match row.get_ref(place)? {
                    ValueRef::Null => serde_json::Value::Null,
                    ValueRef::Integer(integer) => integer.into(),
                    ValueRef::Real(real) => real.into(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    ValueRef::Blob(_) => panic!("no column holds octets"),
                };
                object.insert(name.clone(), value);
            }
            all.push(object);
        }
        Ok(all)
    }
}

struct Parameter<'a>(&'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Integer(integer) => ToSqlOutput::Borrowed(ValueRef::Integer(*integer)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl Database for Sqlite {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let is_unsafe =
            |it: &Value| matches!(it, Value::Integer(it) if !(-SAFE..=SAFE).contains(it));
        if values.iter().any(is_unsafe) {
            return Err(Fault::LedgerUnreachable("cannot be converted".to_owned()));
        }
        self.read(sql, values).map_err(failed)
    }

    fn batch(&self, statements: &str) -> Result<(), Fault> {
        self.0.execute_batch(statements).map_err(failed)
    }

    fn atomically(&self, steps: &mut dyn FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
        self.batch("BEGIN")?;
        let done = steps();
        self.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        done
    }
}

fn failed(error: rusqlite::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}
