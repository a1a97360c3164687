//! The Cloudflare Worker: clock, entropy and bindings come in here, answers and log lines go out.
//! What they mean is decided one floor below.

mod body;
mod fetch;
mod head;
mod ledger;
mod message;
mod origin;
mod private_keys;
mod queue;
mod rate;
mod received;
pub(crate) mod retry;
mod store;
mod upkeep;
mod webhook;

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use saml_verify::time::UnixTime;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use worker::js_sys::{Date, Promise};
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::web_sys::{Request, Response};
use worker::{Env, Headers, ResponseBuilder, console_log};

use crate::config::parse::Config;
use crate::error::Fault;
use crate::gate::Gate;
use crate::gate::passage::Passage;
use crate::http::answer::Answer;
use crate::http::entropy::Entropy;
use crate::http::failure::fault_reply;
use crate::http::reply::Reply;
use crate::http::routes::Route;
use crate::platform::context::{Platform, Service};
use crate::platform::metadata_cache::MetadataCache;
use crate::worker::body::RequestBody;
use crate::worker::fetch::Network;
use crate::worker::ledger::Ledgers;
use crate::worker::private_keys::WebCryptoKeys;
use crate::worker::received::Received;
use crate::worker::store::Store;

thread_local! {
    /// Vars and secrets of an isolate never change: they are parsed once, which costs a P-256
    /// multiplication for each key.
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
    static METADATA: Rc<MetadataCache> = Rc::default();
}

/// Not `#[event(fetch)]`, which begins a turn of the event loop later, a tenth of what the gate costs: most
/// requests are on their way to the origin when this returns.
#[expect(unreachable_pub, reason = "wasm-bindgen exports what is public")]
#[wasm_bindgen]
pub fn fetch(request: Request, env: Env, _context: JsValue) -> Result<Promise, JsValue> {
    let received = Received::of(request);
    let config = match config(&env) {
        Ok(config) => config,
        Err(fault) => return Ok(future_to_promise(refuse(received, failed(fault)))),
    };
    let route = received.request().route();
    if let Some(passage) = Passage::at_once(&received.request(), route.as_ref(), &config, now()) {
        return origin::forward(received, &env, passage, config);
    }
    Ok(future_to_promise(async move {
        match answer(&received, route, &env).await {
            Ok(passage) => JsFuture::from(origin::forward(received, &env, passage, config)?).await,
            Err(reply) => refuse(received, reply).await,
        }
    }))
}

fn failed(fault: Fault) -> Reply {
    let entropy = draw();
    fault_reply(fault, &entropy.unwrap_or_default())
}

/// Our own answer.
async fn refuse(received: Received, reply: Reply) -> Result<JsValue, JsValue> {
    body::discard(received.raw()).await;
    if let Some(line) = reply.log {
        console_log!("{line}");
    }
    Ok(Response::from(respond(reply.answer)?).into())
}

/// Leave to go on to the origin, or else our answer.
async fn answer(received: &Received, route: Option<Route>, env: &Env) -> Result<Passage, Reply> {
    let entropy = draw().map_err(|fault| fault_reply(fault, &Entropy::default()))?;
    let ready = Ready::of(env).map_err(|fault| fault_reply(fault, &entropy))?;
    let private_keys = WebCryptoKeys(ready.config.sp_keys());
    let service = ready.service(&private_keys);
    let request = received.request();
    match crate::gate::gate(&service, &request, route.as_ref(), &entropy, now()).await {
        Gate::Closed(reply) => Err(reply),
        Gate::Open(passage) => Ok(passage),
        Gate::Own => {
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

/// The ports of a Worker. Keys are those of one request.
struct Cloudflare<'a>(PhantomData<&'a ()>);

impl<'a> Platform for Cloudflare<'a> {
    type Accounts = Store;
    type Ledger = Ledgers;
    type Keys = WebCryptoKeys<'a>;
}

/// All that a service here is over.
struct Ready {
    config: Rc<Config>,
    accounts: Store,
    ledger: Ledgers,
    metadata: Rc<MetadataCache>,
}

impl Ready {
    fn of(env: &Env) -> Result<Self, Fault> {
        Ok(Self {
            config: config(env)?,
            accounts: Store::of(env)?,
            ledger: Ledgers::of(env)?,
            metadata: METADATA.with(Rc::clone),
        })
    }

    fn service<'a>(&'a self, private_keys: &'a WebCryptoKeys<'a>) -> Service<'a, Cloudflare<'a>> {
        Service {
            config: &self.config,
            accounts: &self.accounts,
            ledger: &self.ledger,
            private_keys,
            metadata: &self.metadata,
            network: &Network,
        }
    }
}

fn config(env: &Env) -> Result<Rc<Config>, Fault> {
    CONFIG.with_borrow_mut(|config| {
        if let Some(config) = config {
            return Ok(Rc::clone(config));
        }
        let lookup = |name: &str| match name {
            "EVENTS" => env.queue(name).ok().map(|_| "bound".to_owned()),
            "ORIGIN_SERVICE" => env.service(name).ok().map(|_| "bound".to_owned()),
            _ => env.var(name).ok().map(|value| value.to_string()),
        };
        Ok(Rc::clone(config.insert(Rc::new(Config::parse(lookup)?))))
    })
}

fn now() -> UnixTime {
    let since = Duration::try_from_secs_f64(Date::now() / 1000.0).map(|it| it.as_secs());
    UnixTime::from_seconds(since.ok().and_then(|it| it.try_into().ok()).unwrap_or(i64::MAX))
}

fn draw() -> Result<Entropy, Fault> {
    let mut octets = [0; 36];
    getrandom::fill(&mut octets).map_err(|error| Fault::EntropyUnavailable(error.to_string()))?;
    Ok(Entropy::from(octets))
}

fn respond(answer: Answer) -> worker::Result<worker::Response> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        // Several Set-Cookie headers stay apart.
        headers.append(name, value)?;
    }
    let builder = ResponseBuilder::new().with_status(answer.status).with_headers(headers);
    // The runtime takes no body with this status, not even an empty one.
    if answer.status == 204 {
        return Ok(builder.empty());
    }
    Ok(builder.fixed(answer.body.into_bytes()))
}
