//! The one way into the audit log, and into the outbox for what is published of it.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::actor::Actor;
use crate::ledger::audit::cause::Cause;
use crate::ledger::audit::entry::AuditEntry;
use crate::ledger::audit::log;
use crate::ledger::database::Database;
use crate::ledger::events::event::Event;
use crate::ledger::events::outbox;

/// Writes down changes of one account that have one cause. A Worker sends it with a call: the
/// ledger makes the entry and its event from what the call does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    account: String,
    actor: Actor,
    reference: String,
    /// Whether changes are published by webhook.
    #[serde(rename = "is_heard")]
    webhook_enabled: bool,
    now: i64,
}

impl Journal {
    pub(crate) fn of(account: &str, cause: Cause<'_>, webhook_enabled: bool) -> Self {
        let Cause { actor, reference, now } = cause;
        let (account, actor) = (account.to_owned(), actor.clone());
        let (reference, now) = (reference.to_owned(), now.seconds());
        Self { account, actor, reference, webhook_enabled, now }
    }

    /// The journal of changes that were made past this service, in KV itself.
    pub(crate) fn elsewhere(account: &str, webhook_enabled: bool, now: i64) -> Self {
        let now = UnixTime::from_seconds(now);
        Self::of(account, Cause { actor: &Actor::Elsewhere, reference: "", now }, webhook_enabled)
    }

    pub(crate) fn cause(&self) -> Cause<'_> {
        let Self { actor, reference, now, .. } = self;
        Cause { actor, reference, now: UnixTime::from_seconds(*now) }
    }

    /// Writes `entry` to the audit log, and its event to the outbox. Returns the entry's place.
    pub(crate) fn write(&self, db: &dyn Database, entry: &AuditEntry) -> Result<i64, Fault> {
        self.write_with(db, entry, Event::of_change(&self.account, entry))
    }

    /// Writes `entry` to the audit log, and to the outbox that the user `sub` was erased.
    pub(crate) fn write_deletion(
        &self,
        db: &dyn Database,
        entry: &AuditEntry,
        sub: &str,
    ) -> Result<i64, Fault> {
        self.write_with(db, entry, Event::of_deletion(&self.account, entry, sub))
    }

    fn write_with(
        &self,
        db: &dyn Database,
        entry: &AuditEntry,
        event: Option<Event>,
    ) -> Result<i64, Fault> {
        outbox::write(db, event.filter(|_| self.webhook_enabled))?;
        log::write(db, entry)
    }
}
