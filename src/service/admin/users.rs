//! `GET /sso/api/v1/accounts/{account}/users`.

use serde::Serialize;

use super::page::{cursor, limit};
use super::problem::Problem;
use crate::service::Service;
use crate::service::account::AccountId;
use crate::service::answer::Answer;
use crate::service::ledger::Ledger;
use crate::service::private_keys::PrivateKeys;
use crate::service::store::Accounts;
use crate::service::users::KnownUser;

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
        let (after, limit) = (cursor(query)?, limit(query)?);
        let page = self.ledger.users(account, after, limit).await?;
        let next_cursor = page.next.map(|next| next.to_string());
        Ok(Answer::json(200, &Users { users: page.users, next_cursor }))
    }
}
