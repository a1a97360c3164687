//! A request's body, chunk by chunk.

use futures_util::StreamExt;
use worker::ByteStream;
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{ReadableStream, Request, WritableStream};

use super::received::Received;
use crate::service::{Body, Fault};

pub(super) struct RequestBody {
    declared_length: Option<u64>,
    unread: Option<ReadableStream>,
    stream: Option<ByteStream>,
}

impl RequestBody {
    /// Nothing is read yet.
    pub(super) fn of(received: &Received<'_>) -> Self {
        Self { declared_length: received.content_length(), unread: received.body(), stream: None }
    }
}

impl Body for RequestBody {
    fn declared_length(&self) -> Option<u64> {
        self.declared_length
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        self.stream = self.stream.take().or_else(|| self.unread.take().map(ByteStream::from));
        let Some(stream) = &mut self.stream else {
            return Ok(None);
        };
        let chunk = stream.next().await.transpose();
        chunk.map_err(|error| Fault::BodyUnreadable(error.to_string()))
    }
}

/// Takes what nobody read off the client's hands; none of it reaches this code. The runtime resets
/// the connection under a client that is still sending, which then never sees the answer.
pub(super) async fn discard(request: &Request) {
    let unread = request.body().filter(|body| !body.locked());
    if let (Some(body), Ok(nowhere)) = (unread, WritableStream::new()) {
        // A client that has gone away needs no answer.
        let _ = JsFuture::from(body.pipe_to(&nowhere)).await;
    }
}
