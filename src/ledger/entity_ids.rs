//! Which account has a pair of Issuer and entity id. Each pair has a ledger of its own.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::action::Action;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::record::AuditRecord;
use crate::ledger::database::Database;
use crate::ledger::query::{Call, Query};
use crate::model::account_id::AccountId;

fn holder(db: &dyn Database) -> Result<Option<AccountId>, Fault> {
    let holder = db.text("SELECT account FROM pair", &[])?;
    let known = |it: String| AccountId::parse(&it).ok_or_else(|| failed("no account id"));
    holder.map(known).transpose()
}

fn failed(why: &str) -> Fault {
    Fault::LedgerUnreachable(why.to_owned())
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
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
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
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let take = "INSERT INTO pair (only, account) VALUES (1, ?1) \
                    ON CONFLICT (only) DO UPDATE SET account = ?1 WHERE account = ?2";
        db.run(
            take,
            &[self.account.as_str().into(), self.from.as_ref().map(AccountId::as_str).into()],
        )?;
        holder(db)?.ok_or_else(|| failed("no account has the pair"))
    }
}

/// Records in an account's own ledger that an operator gives a pair to it, or takes one from it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RecordPair {
    pub(crate) pair: String,
    pub(crate) is_given: bool,
    pub(crate) record: AuditRecord,
}

impl Call for RecordPair {
    type Reply = ();
    const NAME: &'static str = "record_pair";
    const REPLY: &'static [&'static str] = &["recorded"];
}

impl Query for RecordPair {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { pair, is_given, record } = self;
        let action = if is_given { Action::PairGiven } else { Action::PairTaken };
        record.write(db, |cause| AuditEntry { pair: Some(pair), ..AuditEntry::new(action, cause) })
    }
}
