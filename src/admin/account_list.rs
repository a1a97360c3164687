//! The accounts in the store: those with metadata, those with settings, and most with both. The
//! store lists each kind in the order of the ids, and only from where it left off; this is the
//! merge of the two.

use std::collections::BTreeMap;

use saml_verify::encoding::{base64url_decode, base64url_encode};
use serde::{Deserialize, Serialize};

use crate::crypto::mac::MacKeys;
use crate::error::Fault;
use crate::model::account_id::AccountId;
use crate::platform::accounts::{Accounts, Kind, Names};

/// What is stored for an account.
#[derive(Serialize)]
pub(super) struct AccountLine {
    id: String,
    metadata: bool,
    settings: bool,
}

/// Where a page begins.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Place {
    metadata: Source,
    settings: Source,
    /// The last id of the page before.
    after: String,
}

/// Where the store's page begins that holds the next id of one kind.
#[derive(Default, Serialize, Deserialize)]
struct Source {
    cursor: Option<String>,
    is_over: bool,
}

impl Place {
    pub(super) fn to_text(&self, keys: &MacKeys) -> String {
        let text = base64url_encode(&serde_json::to_vec(self).unwrap_or_default());
        let tag = keys.tag(&text);
        format!("{text}.{tag}")
    }

    /// Reads a place that we wrote. The store is asked for no cursor that it has not given: it
    /// fails on others.
    pub(super) fn parse(text: &str, keys: &MacKeys) -> Option<Self> {
        let (text, tag) = text.split_once('.')?;
        if !keys.holds(text, tag) {
            return None;
        }
        serde_json::from_slice(&base64url_decode(text)?).ok()
    }

    /// At most `limit` accounts from here, and the next place if there may be more.
    pub(super) async fn page(
        self,
        accounts: &impl Accounts,
        limit: u32,
    ) -> Result<(Vec<AccountLine>, Option<Self>), Fault> {
        let metadata = self.metadata.names(Kind::Metadata, accounts, limit).await?;
        let settings = self.settings.names(Kind::Settings, accounts, limit).await?;
        let mut found = BTreeMap::<&str, AccountLine>::new();
        for (names, is_metadata) in [(&metadata, true), (&settings, false)] {
            for id in names.ids.iter().filter(|id| **id > self.after) {
                let line = AccountLine { id: id.clone(), metadata: false, settings: false };
                let line = found.entry(id).or_insert(line);
                line.metadata |= is_metadata;
                line.settings |= !is_metadata;
            }
        }
        // What one list has not come to yet could stand before what the other has.
        let is_certain = |id: &str| {
            [&metadata, &settings].iter().all(|it| {
                it.next.is_none() || it.ids.last().is_some_and(|last| id <= last.as_str())
            })
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let page = found.into_iter().take_while(|(id, _)| is_certain(id)).take(limit);
        let page: Vec<_> = page.map(|(_, line)| line).collect();
        let after = page.last().map_or(self.after, |line| line.id.clone());
        let next = Self {
            metadata: self.metadata.behind(metadata, &after),
            settings: self.settings.behind(settings, &after),
            after,
        };
        let is_over = next.metadata.is_over && next.settings.is_over;
        let is_account = |line: &AccountLine| AccountId::parse(&line.id).is_some();
        Ok((page.into_iter().filter(is_account).collect(), (!is_over).then_some(next)))
    }
}

impl Source {
    async fn names(
        &self,
        kind: Kind,
        accounts: &impl Accounts,
        limit: u32,
    ) -> Result<Names, Fault> {
        if self.is_over {
            return Ok(Names::default());
        }
        accounts.names(kind, self.cursor.as_deref(), limit).await
    }

    /// Where to go on once everything up to `after` was told.
    fn behind(self, names: Names, after: &str) -> Self {
        let Names { ids, next } = names;
        if ids.last().is_some_and(|last| last.as_str() > after) {
            return self;
        }
        Self { is_over: next.is_none(), cursor: next }
    }
}
