//! What must happen exactly once, one ledger an account. The platform implements it.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::audit::{AuditEvent, AuditPage};
use crate::ledger::change::Change;
use crate::ledger::events::Origin;
use crate::ledger::expiries::Expiry;
use crate::ledger::following::Following;
use crate::ledger::noted::Noted;
use crate::ledger::past_refusals::PastRefusal;
use crate::ledger::sessions::{NewSession, SessionPage};
use crate::ledger::setup_links::SetupLink;
use crate::ledger::sightings::State;
use crate::ledger::turns::Turn;
use crate::ledger::users::{KnownUser, User, UserPage};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::model::trust::Trust;

/// The first and last word on assertions and requests. Whatever it cannot answer is refused.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Ledger {
    /// Uses the assertion and, if it answers one, the request, and remembers the user who is signed
    /// in by it, the session, and the events of that. All in one step or nothing at all: there is no
    /// login without its user and its session, and neither of them without a login.
    async fn claim(
        &self,
        account: &AccountId,
        once: &Once<'_>,
        now: UnixTime,
    ) -> Result<Claim, Fault>;

    /// Whether the assertion was used, by its [`saml_verify::saml::Accepted::replay_key`].
    async fn is_used(&self, account: &AccountId, assertion: &str) -> Result<bool, Fault>;

    /// Ends the session `sid`. Returns what the IdP knows it by, sealed, if there was such a session.
    async fn end(&self, account: &AccountId, sid: &str) -> Result<Option<String>, Fault>;

    /// Whether the session `renewal` is about still stands at `now`. One that does was seen then; one that
    /// does not is ended. Nothing is said of it where what is stored was not seen yet: [`Self::see`].
    async fn renew(
        &self,
        account: &AccountId,
        renewal: &Renewal<'_>,
        now: UnixTime,
    ) -> Result<Renewed, Fault>;

    /// Takes note of what is stored, and ends what began under more than that.
    async fn see(
        &self,
        account: &AccountId,
        sighting: &Sighting<'_>,
        now: UnixTime,
    ) -> Result<(), Fault>;

    /// Uses a LogoutRequest and ends the sessions that it means, in one step. Returns their ids, or
    /// `None` where the request was used before and nothing was done.
    async fn log_out(
        &self,
        account: &AccountId,
        logged_out: &LoggedOut<'_>,
    ) -> Result<Option<Vec<String>>, Fault>;

    /// Writes the event of a refusal, unless it was written before.
    async fn refuse(
        &self,
        account: &AccountId,
        refused: &Refused<'_>,
        now: UnixTime,
    ) -> Result<(), Fault>;

    /// Keeps a refusal among the account's last [`PastRefusal::KEPT`], unless one of its code was kept
    /// within [`PastRefusal::PAUSE`].
    async fn note_refusal(&self, account: &AccountId, refusal: &PastRefusal) -> Result<(), Fault>;

    /// The last refusals, newest first.
    async fn past_refusals(&self, account: &AccountId) -> Result<Vec<PastRefusal>, Fault>;

    /// Gives `pair` to `account` if nobody has it, or if `from` does; in one step. Returns who has
    /// it then.
    async fn take_pair(
        &self,
        pair: &str,
        account: &AccountId,
        from: Option<&AccountId>,
    ) -> Result<AccountId, Fault>;

    /// Writes down what is done to `account` elsewhere than in its ledger.
    async fn write_down(&self, account: &AccountId, noted: &Noted) -> Result<(), Fault>;

    /// The fingerprints of the last keys that signed somebody in to `account`, some tens of them.
    async fn signers(&self, account: &AccountId) -> Result<Vec<String>, Fault>;

    /// Who has `pair`, if anybody has.
    async fn holder_of(&self, pair: &str) -> Result<Option<AccountId>, Fault>;

    /// Everything stored for `account`, its last change included: the store may be a minute stale.
    async fn current(&self, account: &AccountId, now: UnixTime) -> Result<Stored, Fault>;

    /// Writes to the store what `account` is to be, and writes that down, with the events of it. Where
    /// that narrows trust, its sessions end in the same step; where it has no metadata any more, so do
    /// its setup links, and what is staged. Returns `None`, and has done nothing, where anything else
    /// is stored than was expected, another change is under way, or the setup link that asks is over.
    async fn change(
        &self,
        account: &AccountId,
        change: &Change<'_>,
        now: UnixTime,
    ) -> Result<Option<Ended>, Fault>;

    /// How many sessions stand at `now` that were seen within `idle` seconds.
    async fn standing(
        &self,
        account: &AccountId,
        idle: Option<i64>,
        now: UnixTime,
    ) -> Result<usize, Fault>;

    /// Takes a turn of the account's own people. Returns after how many seconds there is one where there were
    /// too many within [`Turn::limit`]; then none is taken.
    async fn take_turn(
        &self,
        account: &AccountId,
        turn: Turn,
        now: UnixTime,
    ) -> Result<Option<i64>, Fault>;

    /// Writes `noted` down, which tells of `expiry`, unless that was told before or is nearer than that.
    /// Returns whether it was written. The last [`Expiry::KEPT`] certificates are remembered.
    async fn note_expiry(
        &self,
        account: &AccountId,
        expiry: &Expiry,
        noted: &Noted,
    ) -> Result<bool, Fault>;

    /// What became of the account's `metadata_url`.
    async fn following(&self, account: &AccountId) -> Result<Following, Fault>;

    /// Keeps what became of it instead of what was kept before. `noted` is written down where something
    /// else is staged, or was dismissed: whoever says the same twice is not heard twice.
    async fn follow(
        &self,
        account: &AccountId,
        following: &Following,
        noted: Option<&Noted>,
    ) -> Result<(), Fault>;

    /// At most `limit` of what was done to `account`, newest first, from before the place `before`;
    /// 0 is behind the last.
    async fn audit_events(
        &self,
        account: &AccountId,
        before: i64,
        limit: u32,
    ) -> Result<AuditPage, Fault>;

    /// Those of the audit events of which [`Self::version`] has the outcome, newest first.
    async fn versions(&self, account: &AccountId) -> Result<Vec<AuditEvent>, Fault>;

    /// What was stored for `account` after the audit event `id`; `None` where that is not kept.
    async fn version(&self, account: &AccountId, id: i64) -> Result<Option<Stored>, Fault>;

    /// The sessions that `listing` asks for and that would be renewed at `now`, oldest first.
    async fn sessions(
        &self,
        account: &AccountId,
        listing: &Listing<'_>,
        now: UnixTime,
    ) -> Result<SessionPage, Fault>;

    /// Ends sessions. Returns how many of them stood at `now`.
    async fn end_sessions(
        &self,
        account: &AccountId,
        ending: &Ending<'_>,
        now: UnixTime,
    ) -> Result<usize, Fault>;

    /// Keeps a new setup link, and writes `noted` down. Returns whether it stands: not where
    /// [`crate::limits::SETUP_LINKS`] do already.
    async fn add_setup_link(
        &self,
        account: &AccountId,
        link: &SetupLink,
        noted: &Noted,
    ) -> Result<bool, Fault>;

    /// The setup links that stand at `now`, oldest first: neither over nor revoked.
    async fn setup_links(
        &self,
        account: &AccountId,
        now: UnixTime,
    ) -> Result<Vec<SetupLink>, Fault>;

    /// Opens the link `id`. Returns whether it stands. `noted` is written down where nobody had opened it:
    /// a holder who opens it all day must not push out what was written down before.
    async fn open_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> Result<bool, Fault>;

    /// Ends the link `id`. Returns whether it stood; only then is `noted` written down.
    async fn revoke_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> Result<bool, Fault>;

    /// What is known of the user `sub`.
    async fn user(&self, account: &AccountId, sub: &str) -> Result<Option<KnownUser>, Fault>;

    /// Erases users, in one step; of a deleted account, with the last of them all that says anything
    /// of its people or its IdP. Returns what is gone. Returns `None`, and has done nothing, where the
    /// account is not deleted. What keeps messages from being used twice stays, and so does who
    /// changed the account.
    async fn erase(
        &self,
        account: &AccountId,
        erasure: &Erasure<'_>,
        now: UnixTime,
    ) -> Result<Option<Erased>, Fault>;

    /// The users who signed in last, at most `limit`, newest first.
    async fn recent_users(&self, account: &AccountId, limit: u32) -> Result<Vec<KnownUser>, Fault>;

    /// At most `limit` users in the order of their first logins, from behind the place `after`.
    async fn users(&self, account: &AccountId, after: i64, limit: u32) -> Result<UserPage, Fault>;
}

/// What a login uses up.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    /// [`saml_verify::saml::Accepted::replay_key`].
    pub assertion: &'a str,
    /// Until when the assertion could be presented again.
    pub until: UnixTime,
    /// The request that it answers; `None` for an unsolicited one.
    pub request: Option<Answered<'a>>,
    /// The fingerprints of the keys that it rests on, which are remembered.
    pub signed_by: &'a [String],
    /// Who is signed in by it; `None` where it ends in no session.
    pub user: Option<&'a User>,
    /// The session that begins with it; `None` where there is none.
    pub session: Option<&'a NewSession>,
    /// What the account trusts in [`NewSession::epoch`]; `None` where there is no session.
    pub trust: Option<&'a Trust>,
    /// Who is named in its events; `None` where nobody hears of them.
    pub origin: Option<&'a Origin>,
}

/// A request of ours that is answered. Nothing is written when it is made: what is known of it comes
/// back sealed in the browser's cookie, and that it was answered is remembered here.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// Its ID.
    pub id: &'a str,
    /// Until when it could be answered again.
    pub until: UnixTime,
}

/// A session that wants to go on.
#[derive(Clone, Copy, Debug)]
pub struct Renewal<'a> {
    /// Names it.
    pub sid: &'a str,
    /// What the store says that the account is ([`crate::model::stored::Stored::epoch`]).
    pub epoch: &'a str,
    /// For how many seconds it may not have been seen.
    pub idle: Option<i64>,
}

/// The ledger's answer to [`Ledger::renew`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It goes on.
    Stands,
    /// It is over.
    Over,
    /// What is stored must be seen first.
    Unseen,
}

/// What the store says, where a request is.
#[derive(Clone, Copy, Debug)]
pub struct Sighting<'a> {
    /// All of it.
    pub state: &'a State,
    /// Whether the product hears of what ends by it.
    pub is_heard: bool,
}

/// What has ended by a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How many sessions.
    pub sessions: usize,
    /// How many setup links.
    pub setup_links: usize,
    /// How many published documents that waited for approval: none or one.
    pub staged: usize,
}

/// What is to be erased.
#[derive(Clone, Copy, Debug)]
pub struct Erasure<'a> {
    /// [`User::sub`] of some users.
    pub subs: &'a [String],
    /// Whether the whole account is meant, and these are some of its users.
    pub is_whole: bool,
    /// Written down where a user is erased, or the last of an account.
    pub noted: &'a Noted,
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// What ended with it.
    pub ended: Ended,
    /// How many users.
    pub users: usize,
    /// How many versions of the account.
    pub versions: usize,
    /// How many of its last refusals.
    pub refusals: usize,
    /// How many events that waited and said what a user is called.
    pub events: usize,
    /// Whether nothing is left of the account.
    pub is_complete: bool,
}

impl Erased {
    /// Whether there was anything to erase or to end.
    pub fn is_any(&self) -> bool {
        let nothing = Self { is_complete: self.is_complete, ..Self::default() };
        *self != nothing
    }
}

/// A page of an account's sessions.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Those of one user alone.
    pub sub: Option<&'a str>,
    /// The one of this id alone.
    pub sid: Option<&'a str>,
    /// As [`Renewal::idle`].
    pub idle: Option<i64>,
    /// Those from behind this place.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// Which sessions of an account end: those for which all of this holds that is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ending<'a> {
    /// Whose they are.
    pub sub: Option<&'a str>,
    /// Its id.
    pub sid: Option<&'a str>,
    /// The id of one that stays.
    pub but: Option<&'a str>,
    /// After how many seconds without a renewal one is over already.
    pub idle: Option<i64>,
}

/// What a LogoutRequest ends.
#[derive(Clone, Copy, Debug)]
pub struct LoggedOut<'a> {
    /// A digest of its Issuer and ID; `None` where it is not signed. Whoever can write one can write another,
    /// so using it up would keep nobody from anything, and leave a row for each.
    pub request: Option<&'a str>,
    /// Until when it could be presented again.
    pub until: UnixTime,
    /// Whose sessions it means.
    pub sub: &'a str,
    /// Digests of the ones it means; all of them where there are none. A session of which the IdP
    /// gave no SessionIndex is always meant.
    pub session_indexes: &'a [String],
    /// Digests of the ones that it means of users without a NameID, whosever they are.
    pub nameless_sessions: &'a [String],
}

/// A login that was refused although its assertion is authentic.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// [`saml_verify::saml::Accepted::replay_key`].
    pub assertion: &'a str,
    /// Until when the assertion could be presented again.
    pub until: UnixTime,
    /// Why.
    pub code: &'a str,
    /// Who is named in the event.
    pub origin: &'a Origin,
}

/// The ledger's answer to [`Ledger::claim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Both were unused and are used now.
    Fresh,
    /// The assertion was used before. Nothing was written.
    AssertionSeen,
    /// The request was answered before. Nothing was written.
    RequestUsed,
    /// Since the login was judged, trust was narrowed. Nothing was written.
    Narrowed,
}
