//! How the change that a call makes comes into the audit log.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

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
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum AuditRecord {
    /// By the ledger, which makes the entry.
    Journal(Journal),
    /// As a Worker of an earlier release made it. It goes with the release after the next: a
    /// gradual deployment, and a rollback, are by one release.
    Made {
        /// The entry.
        entry: AuditEntry,
        /// Its event; `None` where none is published.
        event: Option<Event>,
    },
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
            Self::Made { entry, event } => {
                outbox::write(db, event.clone())?;
                log::write(db, entry)
            }
        }
        .map(|_| ())
    }

    /// The journal of `account` in which more can be written that has the same cause.
    pub(crate) fn journal(&self, account: &str) -> Journal {
        match self {
            Self::Journal(journal) => journal.clone(),
            Self::Made { entry: AuditEntry { actor, reference, at, .. }, event } => {
                let cause = Cause { actor, reference, now: UnixTime::from_seconds(*at) };
                Journal::of(account, cause, event.is_some())
            }
        }
    }
}

/// Writes down an entry as a Worker of an earlier release made it ([`AuditRecord::Made`]).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WriteDown {
    entry: AuditEntry,
    event: Option<Event>,
}

impl Call for WriteDown {
    type Reply = ();
    const NAME: &'static str = "write_down";
    const REPLY: &'static [&'static str] = &["noted"];
}

impl Query for WriteDown {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        outbox::write(db, self.event)?;
        log::write(db, &self.entry).map(|_| ())
    }
}
