//! Request bodies: media type, size, and JSON whose faulty field is named.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::admin::wire::problem::Problem;
use crate::error::Error;
use crate::http::request::Request;
use crate::platform::body;
use crate::platform::body::Body;

/// The media type of every body that is not metadata.
pub(in crate::admin) const JSON: &str = "application/json";

/// The media type of a JSON Merge Patch (RFC 7396).
pub(in crate::admin) const MERGE_PATCH: &str = "application/merge-patch+json";

/// The media types of metadata: its own (Metadata §4.1.1), and those that programs give to files.
/// The last is JSON that names the metadata's URL.
pub(in crate::admin) const METADATA: [&str; 4] =
    ["application/samlmetadata+xml", "application/xml", "text/xml", JSON];

/// A JSON object.
pub(in crate::admin) type Object = Map<String, Value>;

/// Returns which of the `accepted` media types the body has, and refuses every other. The only
/// parameter that is accepted is the charset UTF-8.
pub(in crate::admin) fn require_type(
    request: &Request<'_>,
    accepted: &[&'static str],
) -> Result<&'static str, Problem> {
    let unsupported = || Problem::ContentTypeUnsupported { accepted: accepted.join(", ") };
    let content_type = request.content_type.unwrap_or_default().to_ascii_lowercase();
    let (media_type, parameter) = match content_type.split_once(';') {
        Some((media_type, parameter)) => (media_type, parameter.trim()),
        None => (content_type.as_str(), ""),
    };
    let is_utf8 = matches!(parameter, "" | "charset=utf-8" | "charset=\"utf-8\"");
    let found = accepted.iter().find(|it| **it == media_type.trim() && is_utf8);
    found.copied().ok_or_else(unsupported)
}

/// Reads the whole body, which may have up to `limit` octets.
pub(in crate::admin) async fn read(body: impl Body, limit: usize) -> Result<Vec<u8>, Problem> {
    body::read(body, limit).await.map_err(|error| match error {
        Error::Fault(fault) => Problem::Fault(fault),
        Error::Denied(_) | Error::Metadata(_) | Error::Opened(_) | Error::Refused(_) => {
            Problem::BodyTooLarge { limit }
        }
    })
}

/// Parses a JSON object.
pub(in crate::admin) fn object(octets: &[u8]) -> Result<Object, Problem> {
    serde_json::from_slice(octets).map_err(|error| invalid(None, &error))
}

/// Converts an object by `read`. Every field of the result is optional, so each can be read alone,
/// and the error names the first that cannot.
pub(in crate::admin) fn fields<T, E: ToString>(
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

/// Parses a JSON object into `T`, whose fields are all optional.
pub(in crate::admin) fn typed<T: DeserializeOwned>(octets: &[u8]) -> Result<T, Problem> {
    fields(&object(octets)?, serde_json::from_value)
}

fn invalid(field: Option<String>, reason: &impl ToString) -> Problem {
    Problem::JsonInvalid { field, reason: reason.to_string() }
}
