//! How the change that a call makes comes into the audit log.

use saml_verify::time::UnixTime;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::Fault;
use crate::ledger::audit::cause::Cause;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::journal::Journal;
use crate::ledger::audit::log;
use crate::ledger::database::Database;
use crate::ledger::events::event::Event;
use crate::ledger::events::outbox;
use crate::ledger::query::{Call, Query};

/// How a call is recorded.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum AuditRecord {
    /// By the ledger, which makes the entry.
    Journal(Journal),
    /// As a Worker of an earlier release made it. It goes with the release after the next: a
    /// gradual deployment, and a rollback, are by one release.
    Made(Box<WriteDown>),
}

impl<'de> Deserialize<'de> for AuditRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Value::deserialize(deserializer)?;
        let read = match sent.get("entry") {
            Some(_) => serde_json::from_value(sent).map(Self::Made),
            None => serde_json::from_value(sent).map(Self::Journal),
        };
        read.map_err(D::Error::custom)
    }
}

impl AuditRecord {
    /// Writes down what `entry` makes of the cause.
    pub(crate) fn write(
        &self,
        db: &dyn Database,
        entry: impl FnOnce(Cause<'_>) -> AuditEntry,
    ) -> Result<(), Fault> {
        match self {
            Self::Journal(journal) => journal.write(db, &entry(journal.cause())),
            Self::Made(made) => made.write(db),
        }
        .map(|_| ())
    }

    /// The journal of `account` in which more can be written that has the same cause.
    pub(crate) fn journal(&self, account: &str) -> Journal {
        match self {
            Self::Journal(journal) => journal.clone(),
            Self::Made(made) => {
                let AuditEntry { actor, reference, at, .. } = &made.entry;
                let cause = Cause { actor, reference, now: UnixTime::from_seconds(*at) };
                Journal::of(account, cause, made.event.is_some())
            }
        }
    }
}

/// Writes down an entry as a Worker of an earlier release made it ([`AuditRecord::Made`]).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WriteDown {
    entry: AuditEntry,
    /// `None` where none is published.
    event: Option<Event>,
}

impl WriteDown {
    fn write(&self, db: &dyn Database) -> Result<i64, Fault> {
        outbox::write(db, self.event.clone())?;
        log::write(db, &self.entry)
    }
}

impl Call for WriteDown {
    type Reply = ();
    const NAME: &'static str = "write_down";
    const REPLY: &'static [&'static str] = &["noted"];
}

impl Query for WriteDown {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        self.write(db).map(|_| ())
    }
}
