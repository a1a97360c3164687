//! What a Worker asks a ledger, and what it answers: one POST of JSON a call.

use serde::{Deserialize, Serialize};

use crate::ledger::audit::{AuditEvent, AuditPage};
use crate::ledger::events::Origin;
use crate::ledger::expiries::Expiry;
use crate::ledger::following::Following;
use crate::ledger::noted::Noted;
use crate::ledger::past_refusals::PastRefusal;
use crate::ledger::port::{Ended, Erased};
use crate::ledger::sessions::{NewSession, SessionPage};
use crate::ledger::setup_links::SetupLink;
use crate::ledger::sightings::State;
use crate::ledger::turns::Turn;
use crate::ledger::users::{KnownUser, User, UserPage};
use crate::model::stored::Stored;
use crate::model::trust::Trust;

/// What a Worker asks. A Worker of one version may talk to an object of another: fields are only
/// ever added, and optional. What an older object would do by halves has a name that it does not
/// know, so that it does nothing: it answers with an error, and so does an older Worker that does not
/// know an answer. Either is a ledger out of reach, which closes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Call {
    AddSetupLink(AddSetupLink),
    AuditEvents {
        before: i64,
        limit: u32,
    },
    /// As older Workers ask for [`Self::Put`].
    Change(Change),
    Current {
        account: String,
        now: i64,
    },
    Note(PastRefusal),
    PastRefusals,
    /// Asked by Workers of before requests were remembered when they are answered.
    Open {},
    Claim(Claim),
    End {
        sid: String,
    },
    HolderOf,
    IsUsed {
        assertion: String,
    },
    NoteExpiry {
        expiry: Expiry,
        noted: Noted,
    },
    EndSessions(EndSessions),
    Erase(Erase),
    Follow {
        following: Following,
        noted: Option<Noted>,
    },
    Following,
    LogOut(LogOut),
    /// Changes the account, and ends what that ends.
    Put(Change),
    OpenSetupLink {
        id: String,
        noted: Option<Noted>,
        now: i64,
    },
    RecentUsers {
        limit: u32,
    },
    Refuse(Refusal),
    Renew(Renew),
    See {
        state: State,
        account: String,
        is_heard: bool,
        now: i64,
    },
    Standing {
        idle: Option<i64>,
        now: i64,
    },
    Sessions(Sessions),
    RevokeSetupLink {
        id: String,
        noted: Option<Noted>,
        now: i64,
    },
    SetupLinks {
        now: i64,
    },
    Signers,
    TakePair {
        account: String,
        from: Option<String>,
    },
    TakeTurn {
        turn: Turn,
        now: i64,
    },
    User {
        sub: String,
    },
    Users {
        after: i64,
        limit: u32,
    },
    Version {
        id: i64,
    },
    Versions,
    WriteDown(Noted),
}

/// A new setup link.
#[derive(Serialize, Deserialize)]
pub(super) struct AddSetupLink {
    pub(super) id: String,
    pub(super) note: Option<String>,
    pub(super) created: i64,
    pub(super) expires: i64,
    pub(super) noted: Option<Noted>,
}

/// A change of an account.
#[derive(Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) account: String,
    pub(super) expected: String,
    pub(super) after: Stored,
    pub(super) actor: String,
    pub(super) reference: String,
    pub(super) is_heard: bool,
    pub(super) now: i64,
}

/// One login.
#[derive(Serialize, Deserialize)]
pub(super) struct Claim {
    pub(super) assertion: String,
    pub(super) until: i64,
    pub(super) request_id: Option<String>,
    /// Until when the request could be answered again. Older Workers do not say it.
    pub(super) request_until: Option<i64>,
    /// The fingerprints of the keys that it rests on.
    #[serde(default)]
    pub(super) signed_by: Vec<String>,
    pub(super) now: i64,
    /// Who is signed in by it.
    pub(super) user: Option<User>,
    /// The session that begins with it.
    pub(super) session: Option<NewSession>,
    /// What the account trusted where it was judged, in the session's epoch.
    pub(super) trust: Option<Trust>,
    /// Who is named in its events.
    pub(super) origin: Option<Origin>,
}

/// A session that wants to go on.
#[derive(Serialize, Deserialize)]
pub(super) struct Renew {
    pub(super) sid: String,
    pub(super) epoch: String,
    pub(super) idle: Option<i64>,
    pub(super) now: i64,
}

/// Which sessions end.
#[derive(Serialize, Deserialize)]
pub(super) struct EndSessions {
    pub(super) sub: Option<String>,
    pub(super) sid: Option<String>,
    pub(super) but: Option<String>,
    #[serde(default)]
    pub(super) idle: Option<i64>,
    #[serde(default)]
    pub(super) now: i64,
}

/// Whom to erase.
#[derive(Serialize, Deserialize)]
pub(super) struct Erase {
    pub(super) account: String,
    pub(super) subs: Vec<String>,
    pub(super) is_whole: bool,
    pub(super) noted: Noted,
    pub(super) now: i64,
}

/// A page of sessions.
#[derive(Serialize, Deserialize)]
pub(super) struct Sessions {
    pub(super) sub: Option<String>,
    /// Older objects list those of any id.
    #[serde(default)]
    pub(super) sid: Option<String>,
    /// Older objects list the sessions of one epoch.
    #[serde(default)]
    pub(super) epoch: String,
    pub(super) idle: Option<i64>,
    pub(super) after: i64,
    pub(super) limit: u32,
    pub(super) now: i64,
}

/// What a LogoutRequest ends.
#[derive(Serialize, Deserialize)]
pub(super) struct LogOut {
    pub(super) request: Option<String>,
    pub(super) until: i64,
    pub(super) sub: String,
    pub(super) session_indexes: Vec<String>,
    /// Older objects pass over it, and have such sessions for as long as a release takes.
    #[serde(default)]
    pub(super) nameless_sessions: Vec<String>,
}

/// A login that was refused.
#[derive(Serialize, Deserialize)]
pub(super) struct Refusal {
    pub(super) assertion: String,
    pub(super) until: i64,
    pub(super) code: String,
    pub(super) now: i64,
    pub(super) origin: Origin,
}

/// What the object answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    AuditEvents(AuditPage),
    Changed {
        made: bool,
        #[serde(default)]
        ended: Ended,
    },
    Current(Stored),
    Ended {
        sealed: Option<String>,
    },
    ExpiryNoted {
        is_new: bool,
    },
    EndedSessions {
        count: usize,
    },
    Erased {
        erased: Option<Erased>,
    },
    Followed,
    Following(Following),
    Noted,
    Opened,
    PastRefusals {
        refusals: Vec<PastRefusal>,
    },
    Heard,
    LoggedOut {
        sids: Option<Vec<String>>,
    },
    Fresh,
    AssertionSeen,
    Narrowed,
    Renewed {
        stands: bool,
    },
    RequestUnknown,
    Seen,
    SetupLink {
        stands: bool,
    },
    SetupLinks {
        links: Vec<SetupLink>,
    },
    Signers {
        keys: Vec<String>,
    },
    PairOf {
        account: String,
    },
    Holder {
        account: Option<String>,
    },
    Sessions(SessionPage),
    Standing {
        count: usize,
    },
    StoreUnreachable {
        detail: String,
    },
    Unseen,
    Used {
        is_used: bool,
    },
    Turn {
        wait: Option<i64>,
    },
    User {
        user: Option<KnownUser>,
    },
    Users(UserPage),
    Version {
        stored: Option<Stored>,
    },
    Versions {
        events: Vec<AuditEvent>,
    },
}
