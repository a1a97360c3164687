//! Requests of the service to other servers.

use futures_util::StreamExt as _;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{
    AbortSignal, Headers, Method, Request, RequestInit, RequestRedirect, Response, web_sys,
};

use crate::platform::metadata_url::MetadataUrl;
use crate::platform::network::{Fetch, FetchError, FetchFuture, Fetched};

/// Longest time for an answer, its body included.
const TIMEOUT_MILLISECONDS: u32 = 10_000;

/// The network, as `fetch` reaches it.
pub(in crate::worker) struct Network;

impl Fetch for Network {
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> FetchFuture<'a> {
        Box::pin(async move {
            let response = get(url).await.map_err(|_| FetchError::Unreachable)?;
            let status = response.status_code();
            let location = response.headers().get("location").ok().flatten();
            let octets = if status == 200 {
                read(response, limit).await?
            } else {
                discard(response).await;
                Vec::new()
            };
            Ok(Fetched { status, location, octets })
        })
    }
}

async fn get(url: &MetadataUrl) -> worker::Result<Response> {
    let headers = Headers::new();
    headers.set("accept", "application/samlmetadata+xml, application/xml, text/xml")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Get).with_headers(headers);
    send(url.as_str(), &mut init).await
}

/// One request and its answer, which may be a redirect.
pub(in crate::worker) async fn send(url: &str, init: &mut RequestInit) -> worker::Result<Response> {
    let request = Request::new_with_init(url, init.with_redirect(RequestRedirect::Manual))?;
    let timeout = web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MILLISECONDS);
    worker::Fetch::Request(request).send_with_signal(&AbortSignal::from(timeout)).await
}

/// Cancels a body that is not read: it would keep one of the six connections of a request busy.
pub(in crate::worker) async fn discard(response: Response) {
    if let Some(body) = web_sys::Response::from(response).body() {
        let _ = JsFuture::from(body.cancel()).await;
    }
}

/// The body, up to the limit: the length that a server declares may be wrong.
async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    let mut stream = response.stream().map_err(|_| FetchError::Unreachable)?;
    let mut octets = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| FetchError::Unreachable)?;
        if octets.len().saturating_add(chunk.len()) > limit {
            return Err(FetchError::TooLarge);
        }
        octets.extend(chunk);
    }
    Ok(octets)
}
