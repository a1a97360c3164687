//! The ledger's own side: what is asked, and what an alarm does.

use std::cell::Cell;
use std::time::Duration;

use saml_verify::time::UnixTime;
use serde::Deserialize;
use serde::de::IgnoredAny;
use worker::{
    DurableObject, Env, Queue, Request, Response, Result, SqlStorage, SqlStorageValue, State,
    durable_object,
};

use crate::ledger::events::Event;
use crate::ledger::exclusive::Exclusive;
use crate::worker::ledger::call::{Call, Claim, LogOut, Outcome, Refusal};
use crate::worker::ledger::sightings::Cause;
use crate::worker::ledger::transaction::transaction;
use crate::worker::ledger::{
    audit_log, changes, erasure, expiries, following, outbox, past_refusals, schema, sessions,
    setup_links, sightings, signers, turns, users,
};

/// How often what has expired is removed.
const SWEEP: Duration = Duration::from_secs(10 * 60);

/// For how long a request can be answered, of which an older Worker does not say it.
const REQUEST_SECONDS: i64 = 600;

/// How far an object's tables have come.
#[derive(Deserialize)]
struct Schema {
    version: usize,
}

/// Who has a pair.
#[derive(Deserialize)]
struct Holder {
    account: String,
}

/// One account's ledger; or, for one pair of Issuer and entity id, who has it.
///
/// The runtime delivers one event at a time to this object and lets no other in while a statement
/// runs (the input gate), and no answer leaves before its writes are on disk (the output gate).
/// [`Self::answer`] is free of `await`, which makes looking and then writing one step, and runs in a
/// transaction, which makes it all or nothing. What awaits the store is in [`changes`].
#[durable_object(alarm)]
#[expect(unnameable_types, reason = "JavaScript names it, by the export that the macro writes")]
pub struct AccountLedger {
    state: State,
    sql: SqlStorage,
    env: Env,
    /// Whether the tables are those of this code.
    is_migrated: Cell<bool>,
    /// Taken while a change of the account is under way.
    changing: Exclusive,
    /// Where events go, if they go anywhere.
    events: Option<Queue>,
}

impl DurableObject for AccountLedger {
    fn new(state: State, env: Env) -> Self {
        let sql = state.storage().sql();
        let events = env.queue("EVENTS").ok();
        let (is_migrated, changing) = (Cell::new(false), Exclusive::default());
        Self { state, sql, env, is_migrated, changing, events }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let call = request.json().await?;
        // Not in `new`, which could tell nobody that it failed.
        self.migrate()?;
        let outcome = match call {
            Call::Change(change) | Call::Put(change) => {
                let storage = self.state.storage();
                changes::change(&storage, &self.sql, &self.env, &self.changing, change).await?
            }
            Call::Current { account, now } => {
                let storage = self.state.storage();
                changes::current(&storage, &self.sql, &self.env, &account, now).await?
            }
            call => transaction(&self.state.storage(), || self.answer(call))?,
        };
        let storage = self.state.storage();
        // Carrying events is for the alarm: no login waits for the queue. It is set in the same
        // transaction as they are written.
        if outbox::is_due(&self.sql)? {
            storage.set_alarm(Duration::ZERO).await?;
        } else if storage.get_alarm().await?.is_none() {
            storage.set_alarm(SWEEP).await?;
        }
        Response::from_json(&outcome)
    }

    /// Removes what has expired, carries events to the queue, and comes back while anything is left.
    async fn alarm(&self) -> Result<Response> {
        self.migrate()?;
        let now = crate::worker::now().seconds();
        for table in ["assertions", "refusals", "used_requests"] {
            self.sql.exec(&format!("DELETE FROM {table} WHERE until <= ?"), vec![now.into()])?;
        }
        for table in ["sessions", "setup_links"] {
            self.sql.exec(&format!("DELETE FROM {table} WHERE expires <= ?"), vec![now.into()])?;
        }
        let wait = match &self.events {
            Some(queue) => outbox::carry(&self.sql, queue).await?,
            None => None,
        };
        let left = "SELECT 1 FROM assertions UNION ALL SELECT 1 FROM refusals \
                    UNION ALL SELECT 1 FROM used_requests \
                    UNION ALL SELECT 1 FROM outbox WHERE is_aside = 0 \
                    UNION ALL SELECT 1 FROM sessions UNION ALL SELECT 1 FROM setup_links LIMIT 1";
        let next = if self.any(left, vec![])? { wait.or(Some(SWEEP)) } else { None };
        let storage = self.state.storage();
        // While the queue was asked, a login may have set an alarm of its own, and that is sooner.
        if let (Some(next), None) = (next, storage.get_alarm().await?) {
            storage.set_alarm(next).await?;
        }
        Response::empty()
    }
}

impl AccountLedger {
    /// Brings the tables up to date, once after a start.
    fn migrate(&self) -> Result<()> {
        if self.is_migrated.get() {
            return Ok(());
        }
        transaction(&self.state.storage(), || {
            self.sql.exec(schema::VERSION, None)?;
            let Schema { version } = self.sql.exec("SELECT version FROM schema", None)?.one()?;
            for step in schema::due(version).ok_or("a newer version has the ledger")? {
                self.sql.exec(step, None)?;
                self.sql.exec("UPDATE schema SET version = version + 1", None)?;
            }
            Ok(())
        })?;
        self.is_migrated.set(true);
        Ok(())
    }

    fn answer(&self, call: Call) -> Result<Outcome> {
        match call {
            Call::AuditEvents { before, limit } => {
                changes::page(&self.sql, before, limit).map(Outcome::AuditEvents)
            }
            Call::Change(_) | Call::Current { .. } | Call::Put(_) => {
                Err("asked in the wrong place".into())
            }
            Call::HolderOf => {
                let holder = self.sql.exec("SELECT account FROM pair", None)?.to_array()?.pop();
                Ok(Outcome::Holder { account: holder.map(|Holder { account }| account) })
            }
            Call::IsUsed { assertion } => {
                self.is_used(assertion).map(|is_used| Outcome::Used { is_used })
            }
            Call::NoteExpiry { expiry, noted } => expiries::note(&self.sql, expiry, noted)
                .map(|is_new| Outcome::ExpiryNoted { is_new }),
            Call::Version { id } => {
                changes::version(&self.sql, id).map(|stored| Outcome::Version { stored })
            }
            Call::Versions => {
                changes::versions(&self.sql).map(|events| Outcome::Versions { events })
            }
            Call::Note(refusal) => past_refusals::keep(&self.sql, refusal).map(|()| Outcome::Noted),
            Call::PastRefusals => {
                past_refusals::all(&self.sql).map(|refusals| Outcome::PastRefusals { refusals })
            }
            // A request is sealed in the browser, and nothing is written when it is made.
            Call::Open {} => Ok(Outcome::Opened),
            Call::AddSetupLink(added) => {
                setup_links::add(&self.sql, added).map(|stands| Outcome::SetupLink { stands })
            }
            Call::OpenSetupLink { id, noted, now } => setup_links::open(&self.sql, id, noted, now)
                .map(|stands| Outcome::SetupLink { stands }),
            Call::RevokeSetupLink { id, noted, now } => {
                setup_links::revoke(&self.sql, id, noted, now)
                    .map(|stands| Outcome::SetupLink { stands })
            }
            Call::SetupLinks { now } => {
                setup_links::all(&self.sql, now).map(|links| Outcome::SetupLinks { links })
            }
            Call::Claim(claim) => self.claim(claim),
            Call::End { sid } => {
                sessions::end(&self.sql, sid).map(|sealed| Outcome::Ended { sealed })
            }
            Call::EndSessions(ending) => {
                sessions::end_those(&self.sql, ending).map(|count| Outcome::EndedSessions { count })
            }
            Call::Erase(erase) => {
                erasure::erase(&self.sql, erase).map(|erased| Outcome::Erased { erased })
            }
            Call::Follow { following, noted } => {
                following::keep(&self.sql, following, noted).map(|()| Outcome::Followed)
            }
            Call::Following => following::kept(&self.sql).map(Outcome::Following),
            Call::LogOut(log_out) => self.log_out(log_out).map(|sids| Outcome::LoggedOut { sids }),
            Call::Refuse(refusal) => self.refuse(refusal),
            Call::Renew(renew) => sightings::renew(&self.sql, renew)
                .map(|stands| stands.map_or(Outcome::Unseen, |stands| Outcome::Renewed { stands })),
            Call::See { state, account, is_heard, now } => {
                let cause = Cause::elsewhere(&account, is_heard, now);
                sightings::see(&self.sql, &state, cause).map(|_| Outcome::Seen)
            }
            Call::Standing { idle, now } => {
                sessions::standing(&self.sql, idle, now).map(|count| Outcome::Standing { count })
            }
            Call::Sessions(listing) => sessions::page(&self.sql, listing).map(Outcome::Sessions),
            Call::RecentUsers { limit } => users::recent(&self.sql, limit).map(Outcome::Users),
            Call::User { sub } => users::known(&self.sql, &sub).map(|user| Outcome::User { user }),
            Call::Users { after, limit } => {
                users::page(&self.sql, after, limit).map(Outcome::Users)
            }
            Call::Signers => signers::all(&self.sql).map(|keys| Outcome::Signers { keys }),
            Call::TakeTurn { turn, now } => {
                turns::take(&self.sql, turn, now).map(|wait| Outcome::Turn { wait })
            }
            Call::WriteDown(noted) => {
                audit_log::note(&self.sql, Some(noted)).map(|()| Outcome::Noted)
            }
            Call::TakePair { account, from } => {
                let take = "INSERT INTO pair (only, account) VALUES (1, ?1) \
                            ON CONFLICT (only) DO UPDATE SET account = ?1 WHERE account = ?2";
                self.sql.exec(take, vec![account.into(), from.into()])?;
                let mut holders = self.sql.exec("SELECT account FROM pair", None)?.to_array()?;
                let Holder { account } = holders.pop().ok_or("nobody has the pair")?;
                Ok(Outcome::PairOf { account })
            }
        }
    }

    fn claim(&self, claim: Claim) -> Result<Outcome> {
        let Claim {
            assertion,
            until,
            request_id,
            request_until,
            signed_by,
            now,
            user,
            session,
            trust,
            origin,
        } = claim;
        if self.is_used(assertion.clone())? {
            return Ok(Outcome::AssertionSeen);
        }
        if let Some(session) = &session
            && !sightings::admit(&self.sql, &session.epoch, trust, now)?
        {
            return Ok(Outcome::Narrowed);
        }
        if let Some(id) = request_id {
            let until = request_until.unwrap_or_else(|| now.saturating_add(REQUEST_SECONDS));
            let insert = "INSERT INTO used_requests (id, until) VALUES (?, ?) \
                          ON CONFLICT DO NOTHING RETURNING 1";
            if !self.any(insert, vec![id.into(), until.into()])? {
                return Ok(Outcome::RequestUnknown);
            }
        }
        let row = vec![assertion.clone().into(), until.into()];
        self.sql.exec("INSERT INTO assertions (key, until) VALUES (?, ?)", row)?;
        signers::note(&self.sql, signed_by)?;
        if let Some(user) = user {
            let (before, after) = users::sign_in(&self.sql, user, UnixTime::from_seconds(now))?;
            if let Some(origin) = origin {
                let events = Event::of_login(&origin, &assertion, before.as_ref(), &after);
                outbox::write(&self.sql, events)?;
            }
        }
        if let Some(session) = session {
            sessions::begin(&self.sql, session, now)?;
        }
        Ok(Outcome::Fresh)
    }

    fn is_used(&self, assertion: String) -> Result<bool> {
        self.any("SELECT 1 FROM assertions WHERE key = ?", vec![assertion.into()])
    }

    fn log_out(&self, log_out: LogOut) -> Result<Option<Vec<String>>> {
        let LogOut { request, until, sub, session_indexes, nameless_sessions } = log_out;
        if let Some(request) = request {
            // Among the assertions, which are digests too: no two kinds of digest share one.
            let key = format!("logout:{request}");
            let insert = "INSERT INTO assertions (key, until) VALUES (?, ?) \
                          ON CONFLICT DO NOTHING RETURNING 1";
            if !self.any(insert, vec![key.into(), until.into()])? {
                return Ok(None);
            }
        }
        sessions::end_all(&self.sql, sub, &session_indexes, &nameless_sessions).map(Some)
    }

    fn refuse(&self, refusal: Refusal) -> Result<Outcome> {
        let Refusal { assertion, until, code, now, origin } = refusal;
        let event = Event::of_refusal(&origin, &assertion, &code, UnixTime::from_seconds(now));
        let Some(event) = event else { return Ok(Outcome::Heard) };
        let insert = "INSERT INTO refusals (id, until) VALUES (?, ?) \
                      ON CONFLICT DO NOTHING RETURNING 1";
        if self.any(insert, vec![event.id.clone().into(), until.into()])? {
            outbox::write(&self.sql, [event])?;
        }
        Ok(Outcome::Heard)
    }

    fn any(&self, query: &str, bindings: Vec<SqlStorageValue>) -> Result<bool> {
        Ok(!self.sql.exec(query, bindings)?.to_array::<IgnoredAny>()?.is_empty())
    }
}
