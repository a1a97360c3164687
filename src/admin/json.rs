//! A body of JSON, with the field that is wrong with it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::admin::problem::Problem;

/// The type of every body that is no metadata.
pub(super) const JSON: &str = "application/json";

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// Reads a JSON object.
pub(super) fn object(octets: &[u8]) -> Result<Object, Problem> {
    serde_json::from_slice(octets).map_err(|error| invalid(None, &error))
}

/// What the object says, by `read`, of which every field is optional: so each can be read alone,
/// and the first that cannot is named.
pub(super) fn fields<T, E: ToString>(
    object: &Object,
    read: impl Fn(Value) -> Result<T, E>,
) -> Result<T, Problem> {
    let alone = |(name, value): (&String, &Value)| {
        let alone = Object::from_iter([(name.clone(), value.clone())]);
        let error = read(Value::Object(alone)).err()?;
        Some(invalid(Some(name.clone()), &error))
    };
    read(Value::Object(object.clone()))
        .map_err(|error| object.iter().find_map(alone).unwrap_or_else(|| invalid(None, &error)))
}

/// [`fields`] by their types alone.
pub(super) fn typed<T: DeserializeOwned>(octets: &[u8]) -> Result<T, Problem> {
    fields(&object(octets)?, serde_json::from_value)
}

fn invalid(field: Option<String>, reason: &impl ToString) -> Problem {
    Problem::JsonInvalid { field, reason: reason.to_string() }
}
