//! A request's body, chunk by chunk.

use futures_util::StreamExt;
use worker::{ByteStream, Request};

use crate::service::{Body, Fault};

pub(super) struct RequestBody {
    declared_length: Option<u64>,
    stream: Option<ByteStream>,
}

impl RequestBody {
    /// Nothing is read yet.
    pub(super) fn of(request: &Request) -> Self {
        let length = request.headers().get("content-length").ok().flatten();
        Self {
            declared_length: length.and_then(|length| length.parse().ok()),
            stream: request.inner().body().map(ByteStream::from),
        }
    }
}

impl Body for RequestBody {
    fn declared_length(&self) -> Option<u64> {
        self.declared_length
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        let chunk = stream.next().await.transpose();
        chunk.map_err(|error| Fault::BodyUnreadable(error.to_string()))
    }
}
