//! Accounts in KV.

use worker::{Env, KvStore};

use crate::service::{AccountId, Accounts, Fault, Stored};

/// The least that KV takes: an upload is seen everywhere within half a minute or so.
const CACHE_SECONDS: u64 = 30;

pub(super) struct Store(KvStore);

impl Store {
    pub(super) fn of(env: &Env) -> Result<Self, Fault> {
        env.kv("ACCOUNTS").map(Self).map_err(|error| Fault::StoreUnreachable(error.to_string()))
    }
}

impl Accounts for Store {
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault> {
        let (metadata, settings) = (format!("metadata:{account}"), format!("account:{account}"));
        let read = self.0.get_bulk(&[&metadata, &settings]).cache_ttl(CACHE_SECONDS).text().await;
        let mut read = read.map_err(|error| Fault::StoreUnreachable(error.to_string()))?;
        Ok(Stored {
            metadata: read.remove(&metadata).flatten(),
            settings: read.remove(&settings).flatten(),
        })
    }
}
