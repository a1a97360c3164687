//! Every call that a ledger answers.

use serde_json::Value;

use crate::error::Fault;
use crate::ledger::audit::log::ListEntries;
use crate::ledger::audit::record::WriteDown;
use crate::ledger::changes::exclusive::Exclusive;
use crate::ledger::changes::put::{Current, Put};
use crate::ledger::changes::store::AccountStore;
use crate::ledger::changes::turns::TakeTurn;
use crate::ledger::changes::versions::{FindVersion, ListVersions};
use crate::ledger::database::{Database, unreadable};
use crate::ledger::entity_ids::{FindHolder, RecordPair, TakePair};
use crate::ledger::erasure::Erase;
use crate::ledger::logins::claim::{IsUsed, LogOut, LoginClaim, Open, Refuse};
use crate::ledger::logins::past_refusals::{ListRefusals, NoteRefusal};
use crate::ledger::logins::signers::ListSigners;
use crate::ledger::logins::users::{FindUser, ListUsers, RecentUsers};
use crate::ledger::metadata::expiries::NoteExpiry;
use crate::ledger::metadata::refresh_state::{FindRefreshState, Follow};
use crate::ledger::query::{Call, Query, decode, encode_reply};
use crate::ledger::sessions::end::{EndSession, EndSessions};
use crate::ledger::sessions::list::{CountSessions, ListSessions};
use crate::ledger::setup_links::{AddSetupLink, ListLinks, OpenSetupLink, RevokeSetupLink};
use crate::ledger::trust::narrowing::{Renew, See};

/// As Workers of before [`Put`] ended anything ask for it.
const CHANGE: &str = "change";

macro_rules! queries {
    ($($query:ty),* $(,)?) => {
        fn query(db: &dyn Database, name: &str, call: Value) -> Result<Value, Fault> {
            $(if name == <$query>::NAME {
                let reply = read::<$query>(call)?.run(db);
                return encode_reply::<$query>(reply);
            })*
            Err(Fault::LedgerUnreachable(format!("{name} is no call")))
        }
    };
}

queries! {
    AddSetupLink, CountSessions, EndSession, EndSessions, Erase, FindHolder, FindRefreshState,
    FindUser, FindVersion, Follow, IsUsed, ListEntries, ListLinks, ListRefusals, ListSessions,
    ListSigners, ListUsers, ListVersions, LogOut, LoginClaim, NoteExpiry, NoteRefusal, Open,
    OpenSetupLink, RecentUsers, RecordPair, Refuse, Renew, RevokeSetupLink, See, TakePair, TakeTurn,
    WriteDown,
}

/// Answers a call that a Worker has sent. `changing` is the lock of this ledger.
pub async fn answer_call(
    db: &dyn Database,
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
