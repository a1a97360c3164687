//! What must happen exactly once, one ledger an account. The platform implements it.

use std::fmt;

use crate::error::Fault;
use crate::ledger::query::Call;
use crate::model::account_id::AccountId;

/// The first and last word on assertions and requests. Whatever it cannot answer is refused.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Ledger {
    /// Asks the ledger that is named. Each call is done in one step, or not at all.
    async fn ask<'a, C: Call>(
        &self,
        name: impl Into<LedgerName<'a>>,
        call: &C,
    ) -> Result<C::Reply, Fault>;
}

/// Names a ledger.
#[derive(Clone, Copy, Debug)]
pub enum LedgerName<'a> {
    /// That of an account.
    Account(&'a AccountId),
    /// That of a pair of Issuer and entity id, by its digest: it knows which account has the pair.
    Pair(&'a str),
}

impl<'a> From<&'a AccountId> for LedgerName<'a> {
    fn from(account: &'a AccountId) -> Self {
        Self::Account(account)
    }
}

/// As objects are named: no id of an account has a colon.
impl fmt::Display for LedgerName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(account) => account.fmt(formatter),
            Self::Pair(pair) => write!(formatter, "pair:{pair}"),
        }
    }
}
