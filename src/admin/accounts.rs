//! `/sso/api/v1/accounts`: the list of accounts.
//!
//! The store lists the accounts that have metadata and those that have settings, each by id and
//! from a cursor of its own. This is the merge of the two lists.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::admin::wire::lists;
use crate::admin::wire::lists::ListedAccount;
use crate::admin::wire::paging;
use crate::admin::wire::problem::Problem;
use crate::crypto::mac::MacKeys;
use crate::encoding::{base64url_decode, base64url_encode};
use crate::error::Fault;
use crate::http::answer::{Answer, field};
use crate::model::account_id::AccountId;
use crate::platform::accounts::{AccountPage, Accounts, StoredKind};
use crate::platform::context::{Platform, Service};

/// Returns one page, ordered by id. The store may be stale by a minute.
pub(super) async fn list_accounts(
    cx: &Service<'_, impl Platform>,
    query: Option<&str>,
) -> Result<Answer, Problem> {
    let limit = paging::limit(query)?;
    let cursor_keys = &cx.config.keys.cursor;
    let cursor = match field(query, "cursor") {
        Some(text) => Cursor::parse(&text, cursor_keys).ok_or(Problem::CursorInvalid)?,
        None => Cursor::default(),
    };
    let (accounts, next) = cursor.page(cx.accounts, limit).await?;
    let next_cursor = next.map(|cursor| cursor.to_text(cursor_keys));
    Ok(Answer::json(200, &lists::Accounts { accounts, next_cursor }))
}

/// Where a page begins.
#[derive(Default, Serialize, Deserialize)]
struct Cursor {
    metadata: StoreCursor,
    settings: StoreCursor,
    /// The last id of the previous page.
    after: String,
}

/// Where the store's page begins that holds the next id of one kind.
#[derive(Default, Serialize, Deserialize)]
struct StoreCursor {
    cursor: Option<String>,
    is_over: bool,
}

impl Cursor {
    fn to_text(&self, keys: &MacKeys) -> String {
        let text = base64url_encode(&serde_json::to_vec(self).unwrap_or_default());
        let tag = keys.tag(&text);
        format!("{text}.{tag}")
    }

    /// Reads a cursor that we wrote: the store fails on a cursor that it has not given itself.
    fn parse(text: &str, keys: &MacKeys) -> Option<Self> {
        let (text, tag) = text.split_once('.')?;
        if !keys.holds(text, tag) {
            return None;
        }
        serde_json::from_slice(&base64url_decode(text)?).ok()
    }

    /// Returns at most `limit` accounts from here, and the next cursor if there may be more.
    async fn page(
        self,
        accounts: &impl Accounts,
        limit: u32,
    ) -> Result<(Vec<ListedAccount>, Option<Self>), Fault> {
        let metadata = self.metadata.next_page(StoredKind::Metadata, accounts, limit).await?;
        let settings = self.settings.next_page(StoredKind::Settings, accounts, limit).await?;
        let mut found = BTreeMap::<&str, ListedAccount>::new();
        for (names, is_metadata) in [(&metadata, true), (&settings, false)] {
            for id in names.ids.iter().filter(|id| **id > self.after) {
                let line = ListedAccount { id: id.clone(), metadata: false, settings: false };
                let line = found.entry(id).or_insert(line);
                line.metadata |= is_metadata;
                line.settings |= !is_metadata;
            }
        }
        // An id that one list has not reached yet could precede an id of the other.
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
            metadata: self.metadata.advanced(metadata, &after),
            settings: self.settings.advanced(settings, &after),
            after,
        };
        let is_over = next.metadata.is_over && next.settings.is_over;
        let is_account = |line: &ListedAccount| AccountId::parse(&line.id).is_some();
        Ok((page.into_iter().filter(is_account).collect(), (!is_over).then_some(next)))
    }
}

impl StoreCursor {
    async fn next_page(
        &self,
        kind: StoredKind,
        accounts: &impl Accounts,
        limit: u32,
    ) -> Result<AccountPage, Fault> {
        if self.is_over {
            return Ok(AccountPage::default());
        }
        accounts.list(kind, self.cursor.as_deref(), limit).await
    }

    /// Where the list of one kind goes on after the id `after`.
    fn advanced(self, page: AccountPage, after: &str) -> Self {
        let AccountPage { ids, next } = page;
        if ids.last().is_some_and(|last| last.as_str() > after) {
            return self;
        }
        Self { is_over: next.is_none(), cursor: next }
    }
}
