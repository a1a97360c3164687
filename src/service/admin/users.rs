//! `GET /sso/api/v1/accounts/{account}/users`.

use serde::Serialize;

use super::problem::Problem;
use crate::service::Service;
use crate::service::account::AccountId;
use crate::service::answer::{Answer, field};
use crate::service::ledger::Ledger;
use crate::service::private_keys::PrivateKeys;
use crate::service::store::Accounts;
use crate::service::users::KnownUser;

/// Users on a page where nothing else is asked for, and the most there are.
const LIMIT: u32 = 100;
const MOST: u32 = 200;

#[derive(Serialize)]
struct Users {
    users: Vec<KnownUser>,
    next_cursor: Option<String>,
}

impl<A: Accounts, L: Ledger, K: PrivateKeys> Service<'_, A, L, K> {
    /// One page. An account without users is an empty list, whether it exists or not: users outlast
    /// the metadata, and their ledger knows nothing of it.
    pub(super) async fn users(
        &self,
        account: &AccountId,
        query: Option<&str>,
    ) -> Result<Answer, Problem> {
        let limit = match field(query, "limit") {
            Some(text) => text.parse().ok().filter(|limit| (1..=MOST).contains(limit)),
            None => Some(LIMIT),
        };
        let limit = limit.ok_or(Problem::LimitInvalid)?;
        let after = match field(query, "cursor") {
            Some(text) => cursor(&text).ok_or(Problem::CursorInvalid)?,
            None => 0,
        };
        let page = self.ledger.users(account, after, limit).await?;
        let next_cursor = page.next.map(|next| next.to_string());
        Ok(Answer::json(200, &Users { users: page.users, next_cursor }))
    }
}

/// The place of the last user of the page before, as we write it.
fn cursor(text: &str) -> Option<i64> {
    let place = text.parse().ok().filter(|place| (1..1 << 53).contains(place))?;
    (i64::to_string(&place) == text).then_some(place)
}
