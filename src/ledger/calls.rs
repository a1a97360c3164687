//! Every call that a ledger answers.

use serde_json::Value;

use crate::error::Fault;
use crate::ledger::audit_log::{ListEntries, WriteDown};
use crate::ledger::change::{Current, Put};
use crate::ledger::database::{Database, unreadable};
use crate::ledger::entity_ids::{FindHolder, TakePair};
use crate::ledger::erasure::Erase;
use crate::ledger::exclusive::Exclusive;
use crate::ledger::expiry_notices::NoteExpiry;
use crate::ledger::followed::{FindFollowing, Follow};
use crate::ledger::logins::{IsUsed, LogOut, LoginClaim, Open, Refuse};
use crate::ledger::narrowing::{Renew, See};
use crate::ledger::past_refusals::{ListRefusals, NoteRefusal};
use crate::ledger::query::{Call, Query, decode, encode_reply};
use crate::ledger::sessions::{CountSessions, EndSession, EndSessions, ListSessions};
use crate::ledger::setup_links::{AddSetupLink, ListLinks, OpenSetupLink, RevokeSetupLink};
use crate::ledger::signers::ListSigners;
use crate::ledger::store::AccountStore;
use crate::ledger::turns::TakeTurn;
use crate::ledger::users::{FindUser, ListUsers, RecentUsers};
use crate::ledger::versions::{FindVersion, ListVersions};

/// As Workers of before [`Put`] ended anything ask for it.
const CHANGE: &str = "change";

macro_rules! queries {
    ($($query:ty),* $(,)?) => {
        fn query(db: &impl Database, name: &str, call: Value) -> Result<Value, Fault> {
            $(if name == <$query>::NAME {
                let reply = read::<$query>(call)?.run(db);
                return encode_reply::<$query>(reply);
            })*
            Err(Fault::LedgerUnreachable(format!("{name} is no call")))
        }
    };
}

queries! {
    AddSetupLink, CountSessions, EndSession, EndSessions, Erase, FindFollowing, FindHolder, FindUser,
    FindVersion, Follow, IsUsed, ListEntries, ListLinks, ListRefusals, ListSessions, ListSigners,
    ListUsers, ListVersions, LogOut, LoginClaim, NoteExpiry, NoteRefusal, Open, OpenSetupLink,
    RecentUsers, Refuse, Renew, RevokeSetupLink, See, TakePair, TakeTurn, WriteDown,
}

/// Answers a call that a Worker has sent. `changing` is the lock of this ledger.
pub async fn answer_call(
    db: &impl Database,
    store: &impl AccountStore,
    changing: &Exclusive,
    call: Value,
) -> Result<Value, Fault> {
    let (name, call) = decode(call)?;
    match name.as_str() {
        Put::NAME | CHANGE => {
            encode_reply::<Put>(read::<Put>(call)?.make(db, store, changing).await)
        }
        Current::NAME => encode_reply::<Current>(read::<Current>(call)?.read(db, store).await),
        name => db.transaction(|| query(db, name, call)),
    }
}

fn read<C: Call>(call: Value) -> Result<C, Fault> {
    serde_json::from_value(call).map_err(unreadable)
}
