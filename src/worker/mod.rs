//! The Cloudflare Worker: clock, entropy and bindings come in here, answers and log lines go out.
//! What they mean is decided one floor below.

mod body;
mod ledger;
mod private_keys;
mod queue;
mod rate;
mod store;

use std::cell::RefCell;
use std::rc::Rc;

use worker::{Context, Date, Env, Headers, Request, Response, ResponseBuilder, console_log, event};

use crate::service::{Answer, Config, Entropy, Fault, MetadataCache, Reply, Service};
use crate::time::UnixTime;
use body::RequestBody;
use ledger::Ledgers;
use private_keys::WebCryptoKeys;
use store::Store;

thread_local! {
    /// Vars and secrets of an isolate never change: they are parsed once, which costs a P-256
    /// multiplication for each key.
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
    static METADATA: Rc<MetadataCache> = Rc::default();
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let reply = reply(&request, &env).await;
    body::discard(&request).await;
    if let Some(line) = reply.log {
        console_log!("{line}");
    }
    respond(reply.answer)
}

async fn reply(request: &Request, env: &Env) -> Reply {
    let entropy = match draw() {
        Ok(entropy) => entropy,
        Err(fault) => return Reply::fault(fault, &Entropy::default()),
    };
    let ready = config(env).and_then(|config| Ok((config, Store::of(env)?, Ledgers::of(env)?)));
    let (config, accounts, ledger) = match ready {
        Ok(ready) => ready,
        Err(fault) => return Reply::fault(fault, &entropy),
    };
    let metadata = METADATA.with(Rc::clone);
    let service = Service {
        config: &config,
        accounts: &accounts,
        ledger: &ledger,
        private_keys: &WebCryptoKeys(config.sp_keys()),
        metadata: &metadata,
    };
    // The raw method and address: `worker::Method` takes what it does not know for GET.
    let (method, url) = (request.inner().method(), request.inner().url());
    let query = url.split_once('?').map(|(_, query)| query);
    let header = |name| request.headers().get(name).ok().flatten();
    let (authorization, content_type, cookies) =
        (header("authorization"), header("content-type"), header("cookie"));
    let (fetch_site, origin) = (header("sec-fetch-site"), header("origin"));
    let user_agent = header("user-agent");
    let posted = crate::service::Request {
        method: &method,
        path: &request.path(),
        query,
        authorization: authorization.as_deref(),
        content_type: content_type.as_deref(),
        cookies: cookies.as_deref(),
        fetch_site: fetch_site.as_deref(),
        origin: origin.as_deref(),
        user_agent: user_agent.as_deref(),
    };
    if posted.begins_login() && rate::is_exceeded(request, env).await {
        return service.too_many_logins(&entropy);
    }
    service.answer(&posted, RequestBody::of(request), entropy, now()).await
}

fn config(env: &Env) -> Result<Rc<Config>, Fault> {
    CONFIG.with_borrow_mut(|config| {
        if let Some(config) = config {
            return Ok(Rc::clone(config));
        }
        let lookup = |name: &str| match name {
            "EVENTS" => env.queue(name).ok().map(|_| "bound".to_owned()),
            _ => env.var(name).ok().map(|value| value.to_string()),
        };
        Ok(Rc::clone(config.insert(Rc::new(Config::parse(lookup)?))))
    })
}

fn now() -> UnixTime {
    UnixTime::from_seconds(i64::try_from(Date::now().as_millis() / 1000).unwrap_or(i64::MAX))
}

fn draw() -> Result<Entropy, Fault> {
    let mut entropy = Entropy::default();
    for octets in [&mut entropy.reference[..], &mut entropy.id, &mut entropy.nonce] {
        getrandom::fill(octets).map_err(|error| Fault::EntropyUnavailable(error.to_string()))?;
    }
    Ok(entropy)
}

fn respond(answer: Answer) -> worker::Result<Response> {
    let headers = Headers::new();
    for (name, value) in &answer.headers {
        // Several Set-Cookie headers stay apart.
        headers.append(name, value)?;
    }
    let builder = ResponseBuilder::new().with_status(answer.status).with_headers(headers);
    Ok(builder.fixed(answer.body.into_bytes()))
}
