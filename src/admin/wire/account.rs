//! The JSON that answers a change or a deletion of an account, or of what belongs to it.

use serde::Serialize;

use crate::admin::wire::body::Object;
use crate::ledger::erasure;
use crate::ledger::trust::narrowing::Ended;

/// The settings now in force. Such a change keeps the metadata, so it can end only sessions.
#[derive(Serialize)]
pub(in crate::admin) struct ChangedSettings {
    #[serde(flatten)]
    pub(in crate::admin) settings: Object,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::admin) sessions_ended: Option<usize>,
}

/// What ended with the metadata of an account.
#[derive(Serialize)]
pub(in crate::admin) struct Deleted {
    sessions_ended: usize,
    setup_links_revoked: usize,
    /// Published documents that were waiting for approval.
    staged_dropped: usize,
}

impl Deleted {
    pub(in crate::admin) const fn of(ended: Ended) -> Self {
        let Ended { sessions, setup_links, staged } = ended;
        Self { sessions_ended: sessions, setup_links_revoked: setup_links, staged_dropped: staged }
    }
}

/// What was erased with a deleted account.
#[derive(Serialize)]
pub(in crate::admin) struct Erased {
    #[serde(flatten)]
    deleted: Deleted,
    users_erased: usize,
    versions_erased: usize,
    refusals_erased: usize,
    events_dropped: usize,
    /// Whether nothing is left to erase.
    complete: bool,
}

impl Erased {
    pub(in crate::admin) fn of(deleted: Ended, erased: erasure::Erased) -> Self {
        let erasure::Erased { ended, users, versions, refusals, events, is_complete } = erased;
        let ended = Ended {
            sessions: deleted.sessions.saturating_add(ended.sessions),
            setup_links: deleted.setup_links.saturating_add(ended.setup_links),
            staged: deleted.staged.saturating_add(ended.staged),
        };
        Self {
            deleted: Deleted::of(ended),
            users_erased: users,
            versions_erased: versions,
            refusals_erased: refusals,
            events_dropped: events,
            complete: is_complete,
        }
    }
}

/// What was erased with a user.
#[derive(Serialize)]
pub(in crate::admin) struct ErasedUser {
    pub(in crate::admin) sessions_ended: usize,
    pub(in crate::admin) events_dropped: usize,
}

/// How many sessions ended.
#[derive(Serialize)]
pub(in crate::admin) struct EndedSessions {
    pub(in crate::admin) ended: usize,
}
