//! What a body is, before anything of it is read.

use crate::admin::json::JSON;
use crate::admin::problem::Problem;
use crate::error::Error;
use crate::http::request::Request;
use crate::platform::body;
use crate::platform::body::Body;

/// Media types of metadata: its own (Metadata §4.1.1), and those that programs give to files.
/// The last says where it is instead.
pub(super) const METADATA: [&str; 4] =
    ["application/samlmetadata+xml", "application/xml", "text/xml", JSON];

/// Refuses a body of another type than is accepted, and says of which it is. A parameter must be
/// the one charset that there is.
pub(super) fn require_type(
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

/// The whole body, of up to `limit` octets.
pub(super) async fn read(body: impl Body, limit: usize) -> Result<Vec<u8>, Problem> {
    body::read(body, limit).await.map_err(|error| match error {
        Error::Fault(fault) => Problem::Fault(fault),
        Error::Denied(_) | Error::Metadata(_) | Error::Opened(_) | Error::Refused(_) => {
            Problem::BodyTooLarge { limit }
        }
    })
}
