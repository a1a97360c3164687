//! The Cloudflare Worker. Clock, entropy and bindings come in here, answers and log lines go out.
//! The rooms below decide what they mean.

mod http;
mod ledger;
mod ports;
mod queue;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::Env;
use worker::js_sys::Promise;
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::web_sys::Request;

use crate::gate::Decision;
use crate::gate::forwarded::ForwardedRequest;
use crate::http::entropy::Entropy;
use crate::http::failure::fault_reply;
use crate::http::reply::Reply;
use crate::http::routes::Route;
use crate::worker::http::body::RequestBody;
use crate::worker::http::origin;
use crate::worker::http::received::Received;
use crate::worker::http::respond::{failed, respond};
use crate::worker::ports::bindings::{Bindings, config};
use crate::worker::ports::clock::{draw, now};
use crate::worker::ports::private_keys::WebCryptoKeys;
use crate::worker::ports::rate;

/// Not `#[event(fetch)]`, which begins a turn of the event loop later, a tenth of what the gate
/// costs: most requests are on their way to the origin when this returns.
#[expect(unreachable_pub, reason = "wasm-bindgen exports what is public")]
#[wasm_bindgen]
pub fn fetch(request: Request, env: Env, _context: JsValue) -> Result<Promise, JsValue> {
    let received = Received::of(request);
    let config = match config(&env) {
        Ok(config) => config,
        Err(fault) => return Ok(future_to_promise(respond(received, failed(fault)))),
    };
    let request = received.request();
    let route = request.route();
    if let Some(forwarded) =
        ForwardedRequest::without_renewal(&request, route.as_ref(), &config, now())
    {
        return origin::forward(received, &env, forwarded, config);
    }
    Ok(future_to_promise(async move {
        match answer(&received, route, &env).await {
            Ok(forwarded) => {
                JsFuture::from(origin::forward(received, &env, forwarded, config)?).await
            }
            Err(reply) => respond(received, reply).await,
        }
    }))
}

/// The request to forward to the origin, or else the service's own answer.
async fn answer(
    received: &Received,
    route: Option<Route>,
    env: &Env,
) -> Result<ForwardedRequest, Reply> {
    let entropy = draw().map_err(|fault| fault_reply(fault, &Entropy::default()))?;
    let ready = Bindings::of(env).map_err(|fault| fault_reply(fault, &entropy))?;
    let private_keys = WebCryptoKeys(ready.config.sp_keys());
    let service = ready.service(&private_keys);
    let request = received.request();
    match crate::gate::gate(&service, &request, route.as_ref(), &entropy, now()).await {
        Decision::Respond(reply) => Err(reply),
        Decision::Forward(forwarded) => Ok(forwarded),
        Decision::Own => {
            let counts = crate::rate::counts(&service, &request, route.as_ref(), now());
            if let Some(limiter) = rate::exceeded(counts, env).await {
                return Err(crate::rate::too_many(&service, limiter, route.as_ref(), &entropy));
            }
            Err(crate::router::answer(
                &service,
                &request,
                route,
                RequestBody::of(received),
                entropy,
                now(),
            )
            .await)
        }
    }
}
