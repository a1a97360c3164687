//! The SQLite database of one ledger, as its queries see it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::error::Fault;

/// A parameter of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<u32> for Value {
    fn from(integer: u32) -> Self {
        Self::Integer(integer.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row, by the names of its columns.
pub type Row = Map<String, Json>;

/// A SQLite database. The platform implements it: the Worker by its Durable Object, tests by SQLite
/// itself. Its methods are not generic, so each query is compiled once and small.
pub trait Database {
    /// Runs one statement and returns its rows.
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Fault>;

    /// Runs statements without parameters.
    fn batch(&self, statements: &str) -> Result<(), Fault>;

    /// Runs `steps` once, in a transaction that is rolled back if they fail.
    fn atomically(&self, steps: &mut dyn FnMut() -> Result<(), Fault>) -> Result<(), Fault>;
}

impl dyn Database + '_ {
    /// Runs `steps` in a transaction that is rolled back if they fail.
    pub fn transaction<T>(&self, steps: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let (mut steps, mut done) = (Some(steps), None);
        self.atomically(&mut || {
            let steps = steps.take().ok_or_else(|| failed("a transaction runs once"))?;
            done = Some(steps()?);
            Ok(())
        })?;
        done.ok_or_else(|| failed("a transaction did not run"))
    }

    /// Runs one statement. Returns its rows, by the names of their columns.
    pub fn rows<T: DeserializeOwned>(&self, sql: &str, values: &[Value]) -> Result<Vec<T>, Fault> {
        self.query(sql, values)?.into_iter().map(read).collect()
    }

    /// Runs one statement. Returns its first row.
    pub fn row<T: DeserializeOwned>(
        &self,
        sql: &str,
        values: &[Value],
    ) -> Result<Option<T>, Fault> {
        self.query(sql, values)?.into_iter().next().map(read).transpose()
    }

    /// Runs one statement whose rows have one column, a text or NULL.
    pub(crate) fn texts(&self, sql: &str, values: &[Value]) -> Result<Vec<Option<String>>, Fault> {
        let text = |row: Row| match only(row)? {
            Json::Null => Ok(None),
            Json::String(text) => Ok(Some(text)),
            _ => Err(failed("a column is no text")),
        };
        self.query(sql, values)?.into_iter().map(text).collect()
    }

    /// Runs one statement whose rows have one column, a text. Returns that of the first row.
    pub(crate) fn text(&self, sql: &str, values: &[Value]) -> Result<Option<String>, Fault> {
        Ok(self.texts(sql, values)?.into_iter().next().flatten())
    }

    /// Runs one statement whose rows have one column, an integer.
    pub(crate) fn integers(&self, sql: &str, values: &[Value]) -> Result<Vec<i64>, Fault> {
        let integer =
            |row: Row| only(row)?.as_i64().ok_or_else(|| failed("a column is no integer"));
        self.query(sql, values)?.into_iter().map(integer).collect()
    }

    /// Runs one statement. Returns how many rows it has.
    pub(crate) fn count(&self, sql: &str, values: &[Value]) -> Result<usize, Fault> {
        Ok(self.query(sql, values)?.len())
    }

    /// Runs one statement. Returns whether it has a row.
    pub(crate) fn any(&self, sql: &str, values: &[Value]) -> Result<bool, Fault> {
        Ok(self.count(sql, values)? > 0)
    }

    /// Runs one statement.
    pub fn run(&self, sql: &str, values: &[Value]) -> Result<(), Fault> {
        self.query(sql, values).map(|_| ())
    }

    /// Runs one statement that selects one row more than `limit`, each with its `place`. Returns
    /// at most `limit` rows, and the place of the last one if there are more.
    pub(crate) fn page<T: DeserializeOwned>(
        &self,
        sql: &str,
        values: &[Value],
        limit: u32,
    ) -> Result<(Vec<T>, Option<i64>), Fault> {
        let mut rows = self.query(sql, values)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > limit;
        rows.truncate(limit);
        let place = |row: &Row| row.get("place").and_then(Json::as_i64);
        let next = rows.last().filter(|_| is_more).and_then(place);
        Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
    }
}

fn read<T: DeserializeOwned>(row: Row) -> Result<T, Fault> {
    serde_json::from_value(Json::Object(row)).map_err(unreadable)
}

/// The only column of a row.
fn only(row: Row) -> Result<Json, Fault> {
    row.into_iter().next().map(|(_, value)| value).ok_or_else(|| failed("a row has no column"))
}

fn failed(why: &str) -> Fault {
    Fault::LedgerUnreachable(why.to_owned())
}

/// A row or a call that this code cannot read.
pub(crate) fn unreadable(error: serde_json::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}
