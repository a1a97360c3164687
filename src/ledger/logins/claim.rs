//! What is used up once: assertions, the requests that they answer, and LogoutRequests.

use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::ledger::database::Database;
use crate::ledger::events::event::{Event, Origin};
use crate::ledger::events::outbox;
use crate::ledger::logins::signers;
use crate::ledger::logins::users;
use crate::ledger::logins::users::User;
use crate::ledger::query::{Call, Query};
use crate::ledger::sessions::end;
use crate::ledger::sessions::session;
use crate::ledger::sessions::session::NewSession;
use crate::ledger::trust::narrowing;
use crate::model::trust::Trust;

/// For how long a request can be answered, of which an older Worker does not say it.
const REQUEST_SECONDS: i64 = 600;

/// Uses the assertion and, if it answers one, the request, and remembers the user who is signed in
/// by it, the session, and the events of that. All in one step or nothing at all: there is no login
/// without its user and its session, and neither of them without a login.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoginClaim {
    /// [`saml_verify::saml::Accepted::replay_key`].
    pub assertion: String,
    /// Until when the assertion could be presented again.
    pub until: i64,
    /// The request that it answers; `None` for an unsolicited one.
    pub request_id: Option<String>,
    /// Until when the request could be answered again. Older Workers do not say it.
    pub request_until: Option<i64>,
    /// The fingerprints of the keys that it rests on, which are remembered.
    #[serde(default)]
    pub signed_by: Vec<String>,
    /// When it is, in Unix seconds.
    pub now: i64,
    /// Who is signed in by it; `None` where it ends in no session.
    pub user: Option<User>,
    /// The session that begins with it; `None` where there is none.
    pub session: Option<NewSession>,
    /// What the account trusts in [`NewSession::epoch`]; `None` where there is no session.
    pub trust: Option<Trust>,
    /// Who is named in its events; `None` where they are not published.
    pub origin: Option<Origin>,
}

/// The ledger's answer to [`LoginClaim`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Both were unused and are used now.
    Fresh,
    /// The assertion was used before. Nothing was written.
    AssertionSeen,
    /// The request was answered before. Nothing was written.
    #[serde(rename = "request_unknown")]
    RequestUsed,
    /// Since the login was judged, trust was narrowed. Nothing was written.
    Narrowed,
}

impl Call for LoginClaim {
    type Reply = Claim;
    const NAME: &'static str = "claim";
    const REPLY: &'static [&'static str] = &[];
}

impl Query for LoginClaim {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { assertion, until, request_id, request_until, signed_by, now, .. } = self;
        let Self { user, session, trust, origin, .. } = self;
        if is_used(db, &assertion)? {
            return Ok(Claim::AssertionSeen);
        }
        if let Some(session) = &session
            && !narrowing::admit(db, &session.epoch, trust, now)?
        {
            return Ok(Claim::Narrowed);
        }
        if let Some(id) = request_id {
            let until = request_until.unwrap_or_else(|| now.saturating_add(REQUEST_SECONDS));
            if !use_up(db, "used_requests (id, until)", id, until)? {
                return Ok(Claim::RequestUsed);
            }
        }
        use_up(db, "assertions (key, until)", assertion.clone(), until)?;
        signers::note(db, &signed_by)?;
        if let Some(user) = user {
            let (before, after) = users::sign_in(db, user, UnixTime::from_seconds(now))?;
            if let Some(origin) = origin {
                let events = Event::of_login(&origin, &assertion, before.as_ref(), &after);
                outbox::write(db, events)?;
            }
        }
        if let Some(session) = session {
            session::begin(db, session, now)?;
        }
        Ok(Claim::Fresh)
    }
}

fn is_used(db: &dyn Database, assertion: &str) -> Result<bool, Fault> {
    db.any("SELECT 1 FROM assertions WHERE key = ?", &[assertion.into()])
}

/// Writes `key` to `table`. Returns whether it was not there.
fn use_up(db: &dyn Database, table: &str, key: String, until: i64) -> Result<bool, Fault> {
    let insert = format!("INSERT INTO {table} VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1");
    db.any(&insert, &[key.into(), until.into()])
}

/// Asks whether the assertion was used.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IsUsed {
    /// [`saml_verify::saml::Accepted::replay_key`].
    pub(crate) assertion: String,
}

impl Call for IsUsed {
    type Reply = bool;
    const NAME: &'static str = "is_used";
    const REPLY: &'static [&'static str] = &["used", "is_used"];
}

impl Query for IsUsed {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        is_used(db, &self.assertion)
    }
}

/// Uses a LogoutRequest and ends the sessions that it means, in one step. Answers their ids, or
/// nothing where the request was used before and nothing was done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LogOut {
    /// A digest of its Issuer and ID; `None` where it is not signed. Whoever can write one can
    /// write another, so using it up would keep nobody from anything, and leave a row for each.
    pub(crate) request: Option<String>,
    /// Until when it could be presented again.
    pub(crate) until: i64,
    /// Whose sessions it means.
    pub(crate) sub: String,
    /// Digests of the ones it means; all of them where there are none. A session of which the IdP
    /// gave no SessionIndex is always meant.
    pub(crate) session_indexes: Vec<String>,
    /// Digests of the ones that it means of users without a NameID, whosever they are. Older
    /// objects pass over it, and have such sessions for as long as a release takes.
    #[serde(default)]
    pub(crate) nameless_sessions: Vec<String>,
}

impl Call for LogOut {
    type Reply = Option<Vec<String>>;
    const NAME: &'static str = "log_out";
    const REPLY: &'static [&'static str] = &["logged_out", "sids"];
}

impl Query for LogOut {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { request, until, sub, session_indexes, nameless_sessions } = self;
        if let Some(request) = request {
            // Among the assertions, which are digests too: no two kinds of digest share one.
            let key = format!("logout:{request}");
            if !use_up(db, "assertions (key, until)", key, until)? {
                return Ok(None);
            }
        }
        end::end_all(db, sub, &session_indexes, &nameless_sessions).map(Some)
    }
}

/// Writes the event of a login that was refused although its assertion is authentic, unless it was
/// written before.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refuse {
    /// [`saml_verify::saml::Accepted::replay_key`].
    pub(crate) assertion: String,
    /// Until when the assertion could be presented again.
    pub(crate) until: i64,
    /// Why.
    pub(crate) code: String,
    pub(crate) now: i64,
    /// Who is named in the event.
    pub(crate) origin: Origin,
}

impl Call for Refuse {
    type Reply = ();
    const NAME: &'static str = "refuse";
    const REPLY: &'static [&'static str] = &["heard"];
}

impl Query for Refuse {
    fn run(self, db: &dyn Database) -> Result<Self::Reply, Fault> {
        let Self { assertion, until, code, now, origin } = self;
        let event = Event::of_refusal(&origin, &assertion, &code, UnixTime::from_seconds(now));
        let Some(event) = event else { return Ok(()) };
        if use_up(db, "refusals (id, until)", event.id.clone(), until)? {
            outbox::write(db, [event])?;
        }
        Ok(())
    }
}

/// Asked by Workers of before requests were remembered when they are answered. Nothing is written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Open {}

impl Call for Open {
    type Reply = ();
    const NAME: &'static str = "open";
    const REPLY: &'static [&'static str] = &["opened"];
}

impl Query for Open {
    fn run(self, _: &dyn Database) -> Result<Self::Reply, Fault> {
        Ok(())
    }
}
