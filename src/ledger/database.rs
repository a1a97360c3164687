//! The SQLite database of one ledger, as its queries see it.

use serde::de::{DeserializeOwned, IgnoredAny};

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

/// A SQLite database. The platform implements it: the Worker by its Durable Object, tests by SQLite
/// itself.
pub trait Database {
    /// Runs one statement. Returns its rows, by the names of their columns.
    fn rows<T: DeserializeOwned>(&self, sql: &str, values: &[Value]) -> Result<Vec<T>, Fault>;

    /// Runs statements without parameters.
    fn batch(&self, statements: &str) -> Result<(), Fault>;

    /// Runs `steps` in one transaction, which is rolled back where they fail.
    fn transaction<T>(&self, steps: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault>;

    /// Runs one statement. Returns its first row.
    fn row<T: DeserializeOwned>(&self, sql: &str, values: &[Value]) -> Result<Option<T>, Fault> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Runs one statement. Returns how many rows it has.
    fn count(&self, sql: &str, values: &[Value]) -> Result<usize, Fault> {
        Ok(self.rows::<IgnoredAny>(sql, values)?.len())
    }

    /// Runs one statement. Returns whether it has a row.
    fn any(&self, sql: &str, values: &[Value]) -> Result<bool, Fault> {
        Ok(self.count(sql, values)? > 0)
    }

    /// Runs one statement.
    fn run(&self, sql: &str, values: &[Value]) -> Result<(), Fault> {
        self.count(sql, values).map(|_| ())
    }
}

/// That what a ledger holds, or is asked, is not what this code writes.
pub(crate) fn unreadable(error: serde_json::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}

/// Cuts `rows`, of which one more was read than asked for, to a page of `limit`. Returns the place
/// of its last row where there is more.
pub(crate) fn page<T>(rows: &mut Vec<T>, limit: u32, place: impl Fn(&T) -> i64) -> Option<i64> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    rows.last().filter(|_| is_more).map(place)
}
