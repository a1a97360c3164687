//! A request's body, read up to a limit (row H7).

use saml_verify::error::Refusal;

use crate::error::{Error, Fault};

/// A body that arrives in chunks. The platform implements it.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Body {
    /// Content-Length, which may be absent or wrong.
    fn declared_length(&self) -> Option<u64>;

    /// The next octets; `None` after the last.
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault>;

    /// The fields of `multipart/form-data` (RFC 7578), with its files; `None` where `octets` are no
    /// such form. The platform's own parser is used, which is exposed to more attacks than ours.
    async fn fields(content_type: &str, octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>>;
}

/// The whole body, or a refusal as soon as it is known to be longer than `limit` octets.
pub(crate) async fn read(mut body: impl Body, limit: usize) -> Result<Vec<u8>, Error> {
    let fits = |length: u64| usize::try_from(length).is_ok_and(|length| length <= limit);
    if !body.declared_length().is_none_or(fits) {
        return Err(Refusal::MessageTooLarge.into());
    }
    let mut octets = Vec::new();
    while let Some(chunk) = body.chunk().await? {
        if octets.len().saturating_add(chunk.len()) > limit {
            return Err(Refusal::MessageTooLarge.into());
        }
        octets.extend(chunk);
    }
    Ok(octets)
}
