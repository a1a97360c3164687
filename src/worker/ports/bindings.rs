//! The bindings of a Worker, and the service over them.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use worker::Env;

use crate::config::parse::Config;
use crate::error::Fault;
use crate::platform::context::{Platform, Service};
use crate::platform::metadata_cache::MetadataCache;
use crate::worker::ledger::Ledgers;
use crate::worker::ports::network::Network;
use crate::worker::ports::private_keys::WebCryptoKeys;
use crate::worker::ports::store::Store;

thread_local! {
    /// Vars and secrets of an isolate never change. They are parsed once, which takes one P-256
    /// multiplication for each key.
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
    static METADATA: Rc<MetadataCache> = Rc::default();
}

/// The types of the ports. Keys live as long as one request.
pub(in crate::worker) struct Cloudflare<'a>(PhantomData<&'a ()>);

impl<'a> Platform for Cloudflare<'a> {
    type Accounts = Store;
    type Ledger = Ledgers;
    type Keys = WebCryptoKeys<'a>;
}

/// The parts of a service.
pub(in crate::worker) struct Bindings {
    pub(in crate::worker) config: Rc<Config>,
    accounts: Store,
    ledger: Ledgers,
    metadata: Rc<MetadataCache>,
}

impl Bindings {
    pub(in crate::worker) fn of(env: &Env) -> Result<Self, Fault> {
        Ok(Self {
            config: config(env)?,
            accounts: Store::of(env)?,
            ledger: Ledgers::of(env)?,
            metadata: METADATA.with(Rc::clone),
        })
    }

    pub(in crate::worker) fn service<'a>(
        &'a self,
        private_keys: &'a WebCryptoKeys<'a>,
    ) -> Service<'a, Cloudflare<'a>> {
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

/// The configuration, which the first request of an isolate parses.
pub(in crate::worker) fn config(env: &Env) -> Result<Rc<Config>, Fault> {
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
