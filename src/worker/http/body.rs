//! A request's body, chunk by chunk, and the form in it.

use futures_util::StreamExt;
use worker::ByteStream;
use worker::js_sys::{Array, Uint8Array};
use worker::wasm_bindgen::{JsCast as _, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::{
    Blob, FormData, Headers, ReadableStream, Request, Response, ResponseInit, WritableStream,
};

use crate::error::Fault;
use crate::platform::body::Body;
use crate::worker::http::received::Received;

pub(in crate::worker) struct RequestBody {
    declared_length: Option<u64>,
    unread: Option<ReadableStream>,
    stream: Option<ByteStream>,
}

impl RequestBody {
    /// Nothing is read yet.
    pub(in crate::worker) fn of(received: &Received) -> Self {
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

    async fn fields(content_type: &str, octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        form_data(content_type, octets).await.ok()
    }
}

/// The fields of a form, by the runtime's own parser, which a response offers as well.
async fn form_data(content_type: &str, octets: &[u8]) -> Result<Vec<(String, Vec<u8>)>, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", content_type)?;
    let init = ResponseInit::new();
    init.set_headers(&headers);
    let body = Uint8Array::from(octets);
    let carrier = Response::new_with_opt_js_u8_array_and_init(Some(&body), &init)?;
    let data: FormData = JsFuture::from(carrier.form_data()?).await?.unchecked_into();
    let mut fields = Vec::new();
    for entry in data.entries() {
        let entry: Array = entry?.unchecked_into();
        let name = entry.get(0).as_string().unwrap_or_default();
        let octets = match entry.get(1).dyn_into::<Blob>() {
            Ok(file) => Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec(),
            Err(text) => text.as_string().unwrap_or_default().into_bytes(),
        };
        fields.push((name, octets));
    }
    Ok(fields)
}

/// Drains what was not read of the body, without copying it to this code. The runtime resets the
/// connection of a client that is still sending, which then never sees the answer.
pub(in crate::worker) async fn discard(request: &Request) {
    let unread = request.body().filter(|body| !body.locked());
    if let (Some(body), Ok(nowhere)) = (unread, WritableStream::new()) {
        // A client that has gone away needs no answer.
        let _ = JsFuture::from(body.pipe_to(&nowhere)).await;
    }
}
