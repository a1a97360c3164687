//! Which account has a pair of Issuer and entity id. Each pair has a ledger of its own.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::model::account_id::AccountId;

#[derive(Deserialize)]
struct Holder {
    account: AccountId,
}

fn holder(db: &impl Database) -> Result<Option<AccountId>, Fault> {
    let holder = db.row::<Holder>("SELECT account FROM pair", &[])?;
    Ok(holder.map(|it| it.account))
}

/// Asks which account has the pair, if one has.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FindHolder;

impl Call for FindHolder {
    type Reply = Option<AccountId>;
    const NAME: &'static str = "holder_of";
    const REPLY: &'static [&'static str] = &["holder", "account"];
}

impl Query for FindHolder {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        holder(db)
    }
}

/// Gives the pair to `account` if no account has it, or if `from` does. Answers which has it then.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TakePair {
    pub(crate) account: AccountId,
    pub(crate) from: Option<AccountId>,
}

impl Call for TakePair {
    type Reply = AccountId;
    const NAME: &'static str = "take_pair";
    const REPLY: &'static [&'static str] = &["pair_of", "account"];
}

impl Query for TakePair {
    fn run(self, db: &impl Database) -> Result<Self::Reply, Fault> {
        let take = "INSERT INTO pair (only, account) VALUES (1, ?1) \
                    ON CONFLICT (only) DO UPDATE SET account = ?1 WHERE account = ?2";
        db.run(
            take,
            &[self.account.as_str().into(), self.from.as_ref().map(AccountId::as_str).into()],
        )?;
        holder(db)?.ok_or_else(|| Fault::LedgerUnreachable("no account has the pair".to_owned()))
    }
}
