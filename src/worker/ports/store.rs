//! Accounts in KV.

use std::fmt;
use std::time::Duration;

use worker::{Env, KvStore};

use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::model::trust::settings_go_first;
use crate::platform::accounts::{AccountPage, Accounts, DirectoryHit, StoredKind};

/// The shortest that KV allows: an upload is seen everywhere within about half a minute.
const CACHE_SECONDS: u64 = 30;

pub(in crate::worker) struct Store(KvStore);

impl Store {
    pub(in crate::worker) fn of(env: &Env) -> Result<Self, Fault> {
        env.kv("ACCOUNTS").map(Self).map_err(unreachable)
    }

    /// Replaces what is stored for `account`, in the order that never trusts more in between
    /// ([`settings_go_first`]).
    pub(in crate::worker) async fn write(
        &self,
        account: &AccountId,
        before: &Stored,
        after: &Stored,
    ) -> Result<(), Fault> {
        let mut writes = [
            (StoredKind::Metadata, &before.metadata, &after.metadata),
            (StoredKind::Settings, &before.settings, &after.settings),
        ];
        // The order matters, and is computed, only where both change.
        let is_both = writes.iter().all(|(_, before, after)| before != after);
        if is_both && settings_go_first(before, after) {
            writes.reverse();
        }
        for (kind, before, after) in writes {
            let key = Key::Stored(kind, account).to_string();
            match after {
                _ if before == after => {}
                None => self.0.delete(&key).await.map_err(unreachable)?,
                Some(text) => {
                    let put = self.0.put(&key, text).map_err(unreachable)?;
                    put.execute().await.map_err(unreachable)?;
                }
            }
        }
        Ok(())
    }

    async fn read<const N: usize>(&self, keys: [Key<'_>; N]) -> Result<[Option<String>; N], Fault> {
        let keys = keys.map(|key| key.to_string());
        let read = self.0.get_bulk(&keys).cache_ttl(CACHE_SECONDS).text().await;
        let mut read = read.map_err(unreachable)?;
        Ok(keys.map(|key| read.remove(&key).flatten()))
    }
}

impl Accounts for Store {
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault> {
        let keys = [
            Key::Stored(StoredKind::Metadata, account),
            Key::Stored(StoredKind::Settings, account),
        ];
        let [metadata, settings] = self.read(keys).await?;
        Ok(Stored { metadata, settings })
    }

    async fn text(&self, account: &AccountId, kind: StoredKind) -> Result<Option<String>, Fault> {
        let [text] = self.read([Key::Stored(kind, account)]).await?;
        Ok(text)
    }

    async fn list(
        &self,
        kind: StoredKind,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AccountPage, Fault> {
        let prefix = prefix(kind);
        let mut list = self.0.list().prefix(prefix.to_owned()).limit(limit.into());
        if let Some(cursor) = cursor {
            list = list.cursor(cursor.to_owned());
        }
        let listed = list.execute().await.map_err(unreachable)?;
        let ids = listed.keys.iter().filter_map(|key| key.name.strip_prefix(prefix));
        Ok(AccountPage {
            ids: ids.map(str::to_owned).collect(),
            next: listed.cursor.filter(|_| !listed.list_complete),
        })
    }

    async fn look_up(&self, digest: &str, domain: Option<&str>) -> Result<DirectoryHit, Fault> {
        let user = Key::User(digest);
        let Some(domain) = domain else {
            let [directory] = self.read([user]).await?;
            return Ok(DirectoryHit { directory, domain: None });
        };
        let [directory, domain] = self.read([user, Key::Domain(domain)]).await?;
        Ok(DirectoryHit { directory, domain })
    }

    async fn add_to_directory(
        &self,
        digest: &str,
        directory: &str,
        lasts: Duration,
    ) -> Result<(), Fault> {
        let put = self.0.put(&Key::User(digest).to_string(), directory).map_err(unreachable)?;
        put.expiration_ttl(lasts.as_secs()).execute().await.map_err(unreachable)
    }

    async fn remove_from_directory(&self, digest: &str) -> Result<(), Fault> {
        self.0.delete(&Key::User(digest).to_string()).await.map_err(unreachable)
    }
}

/// A key of the namespace.
enum Key<'a> {
    /// The accounts that an e-mail domain leads to.
    Domain(&'a str),
    /// What is stored for an account.
    Stored(StoredKind, &'a AccountId),
    /// The accounts that an e-mail address leads to, by its digest.
    User(&'a str),
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => write!(formatter, "domain:{domain}"),
            Self::Stored(kind, account) => write!(formatter, "{}{account}", prefix(*kind)),
            Self::User(digest) => write!(formatter, "user:{digest}"),
        }
    }
}

/// What the keys of everything stored of one kind begin with.
const fn prefix(kind: StoredKind) -> &'static str {
    match kind {
        StoredKind::Metadata => "metadata:",
        StoredKind::Settings => "account:",
    }
}

fn unreachable(error: impl fmt::Display) -> Fault {
    Fault::StoreUnreachable(error.to_string())
}
