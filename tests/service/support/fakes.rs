//! A store and a body in memory, each with a switch that makes it fail.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use saml_edge::{
    AccountId, AccountPage, Accounts, Body, DirectoryHit, Fault, Fetch, FetchError, FetchFuture,
    Fetched, MetadataUrl, Stored, StoredKind,
};

/// Accounts by id, directory entries by digest, accounts by domain.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) accounts: RefCell<HashMap<String, Stored>>,
    /// What requests read of an account instead, where the store is stale.
    pub(crate) stale: RefCell<HashMap<String, Stored>>,
    pub(crate) directory: RefCell<HashMap<String, String>>,
    pub(crate) domains: RefCell<HashMap<String, String>>,
    pub(crate) broken: Cell<bool>,
    /// Whether the directory alone fails.
    pub(crate) directory_is_broken: Cell<bool>,
    /// How often the directory was written.
    pub(crate) writes: Cell<usize>,
    /// How often it still can be, where there is an end to that.
    pub(crate) writes_left: Cell<Option<usize>>,
    /// For how long what was written last stays.
    pub(crate) lasts: Cell<Option<Duration>>,
}

impl Store {
    /// Counts a write of the directory, of which only so many may succeed.
    fn write(&self) -> Result<(), Fault> {
        if self.directory_is_broken.get() || self.writes_left.get() == Some(0) {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        self.writes_left.set(self.writes_left.get().map(|left| left - 1));
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }

    /// What was written last, as its ledger reads it.
    pub(crate) fn written(&self, account: &AccountId) -> Result<Stored, Fault> {
        if self.broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        Ok(self.accounts.borrow().get(account.as_str()).cloned().unwrap_or_default())
    }
}

impl Accounts for Store {
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault> {
        let written = self.written(account)?;
        Ok(self.stale.borrow().get(account.as_str()).cloned().unwrap_or(written))
    }

    async fn text(&self, account: &AccountId, kind: StoredKind) -> Result<Option<String>, Fault> {
        let stored = self.stored(account).await?;
        Ok(match kind {
            StoredKind::Metadata => stored.metadata,
            StoredKind::Settings => stored.settings,
        })
    }

    async fn list(
        &self,
        kind: StoredKind,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AccountPage, Fault> {
        if self.broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        let is_stored = |stored: &Stored| match kind {
            StoredKind::Metadata => stored.metadata.is_some(),
            StoredKind::Settings => stored.settings.is_some(),
        };
        let accounts = self.accounts.borrow();
        let ids = accounts.iter().filter(|(_, stored)| is_stored(stored));
        let ids: BTreeSet<_> = ids.map(|(id, _)| id.clone()).collect();
        let behind = ids.into_iter().filter(|id| cursor.is_none_or(|cursor| id.as_str() > cursor));
        let mut ids: Vec<_> = behind.collect();
        let limit = usize::try_from(limit).expect("a limit");
        let is_more = ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().filter(|_| is_more).cloned();
        Ok(AccountPage { ids, next })
    }

    async fn look_up(&self, digest: &str, domain: Option<&str>) -> Result<DirectoryHit, Fault> {
        if self.broken.get() || self.directory_is_broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        let domain = domain.and_then(|domain| self.domains.borrow().get(domain).cloned());
        Ok(DirectoryHit { directory: self.directory.borrow().get(digest).cloned(), domain })
    }

    async fn add_to_directory(
        &self,
        digest: &str,
        directory: &str,
        lasts: Duration,
    ) -> Result<(), Fault> {
        self.write()?;
        self.lasts.set(Some(lasts));
        self.directory.borrow_mut().insert(digest.to_owned(), directory.to_owned());
        Ok(())
    }

    async fn remove_from_directory(&self, digest: &str) -> Result<(), Fault> {
        self.write()?;
        self.directory.borrow_mut().remove(digest);
        Ok(())
    }
}

/// Servers of others, by address; where there is none, nobody answers.
#[derive(Default)]
pub(crate) struct Web {
    pub(crate) answers: HashMap<String, Result<Fetched, FetchError>>,
    /// In the order they were asked.
    pub(crate) asked: RefCell<Vec<String>>,
    /// How much was taken of the last answer.
    pub(crate) limit: Cell<usize>,
}

impl Fetch for Web {
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> FetchFuture<'a> {
        self.asked.borrow_mut().push(url.as_str().to_owned());
        self.limit.set(limit);
        let answer = self.answers.get(url.as_str()).cloned();
        Box::pin(async { answer.unwrap_or(Err(FetchError::Unreachable)) })
    }
}

/// A body in chunks, which may break off.
pub(crate) struct Octets {
    pub(crate) declared: Option<u64>,
    pub(crate) chunks: VecDeque<Vec<u8>>,
    pub(crate) breaks: bool,
}

impl Octets {
    pub(crate) fn of(text: &str) -> Self {
        let chunks = text.as_bytes().chunks(1000).map(<[u8]>::to_vec).collect();
        Self { declared: None, chunks, breaks: false }
    }
}

impl Body for Octets {
    fn declared_length(&self) -> Option<u64> {
        self.declared
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.chunks.pop_front() {
            None if self.breaks => Err(Fault::BodyUnreadable("broke off".to_owned())),
            chunk => Ok(chunk),
        }
    }

    /// As simple as browsers write it.
    async fn fields(content_type: &str, octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        let (_, boundary) = content_type.split_once("boundary=")?;
        // A character an octet.
        let text: String = octets.iter().copied().map(char::from).collect();
        let (parts, end) = text.rsplit_once(&format!("--{boundary}--"))?;
        let field = |part: &str| {
            let (head, value) =
                part.strip_prefix("\r\n")?.strip_suffix("\r\n")?.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once("; name=\"")?;
            let octets = value.chars().map(u8::try_from).collect::<Result<_, _>>().ok()?;
            Some((name.split('"').next()?.to_owned(), octets))
        };
        let fields = parts.split(&format!("--{boundary}")).skip(1).map(field).collect();
        if end == "\r\n" { fields } else { None }
    }
}
