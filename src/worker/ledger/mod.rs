//! The account's ledger: a Durable Object with SQLite, and here the Worker's side of talking to it.

pub(crate) mod audit_log;
mod call;
mod changes;
mod erasure;
mod expiries;
mod following;
mod object;
mod outbox;
mod past_refusals;
mod personal_events;
mod retention;
mod schema;
mod sessions;
mod setup_links;
mod sightings;
mod signers;
mod transaction;
mod turns;
mod users;

use saml_verify::time::UnixTime;
use wasm_bindgen::JsValue;
use worker::{Env, Method, ObjectNamespace, Request, RequestInit, Result};

use crate::error::Fault;
use crate::ledger::audit::{AuditEvent, AuditPage};
use crate::ledger::change::Change;
use crate::ledger::expiries::Expiry;
use crate::ledger::following::Following;
use crate::ledger::noted::Noted;
use crate::ledger::past_refusals::PastRefusal;
use crate::ledger::port::{
    Claim, Ended, Ending, Erased, Erasure, Ledger, Listing, LoggedOut, Once, Refused, Renewal,
    Renewed, Sighting,
};
use crate::ledger::sessions::SessionPage;
use crate::ledger::setup_links::SetupLink;
use crate::ledger::turns::Turn;
use crate::ledger::users::{KnownUser, UserPage};
use crate::model::account_id::AccountId;
use crate::model::stored::Stored;
use crate::worker::ledger::call::{Call, Outcome};

pub(super) struct Ledgers(ObjectNamespace);

impl Ledgers {
    pub(super) fn of(env: &Env) -> std::result::Result<Self, Fault> {
        env.durable_object("LEDGER").map(Self).map_err(unreachable)
    }

    /// Objects are named by an account's id, or by `pair:` and a digest: no id has a colon.
    async fn ask(&self, name: &str, call: &Call) -> std::result::Result<Outcome, Fault> {
        self.post(name, call).await.map_err(unreachable)
    }

    async fn post(&self, name: &str, call: &Call) -> Result<Outcome> {
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(JsValue::from(serde_json::to_string(call)?)));
        let request = Request::new_with_init("https://ledger/", &init)?;
        let ledger = self.0.get_by_name(name)?;
        ledger.fetch_with_request(request).await?.json().await
    }
}

fn unreachable(error: worker::Error) -> Fault {
    Fault::LedgerUnreachable(error.to_string())
}

impl Ledger for Ledgers {
    async fn claim(
        &self,
        account: &AccountId,
        once: &Once<'_>,
        now: UnixTime,
    ) -> std::result::Result<Claim, Fault> {
        let call = Call::Claim(call::Claim {
            assertion: once.assertion.to_owned(),
            until: once.until.seconds(),
            request_id: once.request.map(|it| it.id.to_owned()),
            request_until: once.request.map(|it| it.until.seconds()),
            signed_by: once.signed_by.to_vec(),
            now: now.seconds(),
            user: once.user.cloned(),
            session: once.session.cloned(),
            trust: once.trust.cloned(),
            origin: once.origin.cloned(),
        });
        match self.ask(account.as_str(), &call).await? {
            Outcome::Fresh => Ok(Claim::Fresh),
            Outcome::AssertionSeen => Ok(Claim::AssertionSeen),
            Outcome::RequestUnknown => Ok(Claim::RequestUsed),
            Outcome::Narrowed => Ok(Claim::Narrowed),
            Outcome::AuditEvents(_)
            | Outcome::Changed { .. }
            | Outcome::Current(_)
            | Outcome::Ended { .. }
            | Outcome::EndedSessions { .. }
            | Outcome::Erased { .. }
            | Outcome::ExpiryNoted { .. }
            | Outcome::Followed
            | Outcome::Following(_)
            | Outcome::Heard
            | Outcome::Holder { .. }
            | Outcome::LoggedOut { .. }
            | Outcome::Noted
            | Outcome::Opened
            | Outcome::PastRefusals { .. }
            | Outcome::PairOf { .. }
            | Outcome::Renewed { .. }
            | Outcome::Seen
            | Outcome::Sessions(_)
            | Outcome::Standing { .. }
            | Outcome::SetupLinks { .. }
            | Outcome::SetupLink { .. }
            | Outcome::Signers { .. }
            | Outcome::StoreUnreachable { .. }
            | Outcome::Turn { .. }
            | Outcome::Unseen
            | Outcome::Used { .. }
            | Outcome::User { .. }
            | Outcome::Users(_)
            | Outcome::Version { .. }
            | Outcome::Versions { .. } => Err(confused()),
        }
    }

    async fn is_used(
        &self,
        account: &AccountId,
        assertion: &str,
    ) -> std::result::Result<bool, Fault> {
        let call = Call::IsUsed { assertion: assertion.to_owned() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Used { is_used } = outcome else { return Err(confused()) };
        Ok(is_used)
    }

    async fn end(
        &self,
        account: &AccountId,
        sid: &str,
    ) -> std::result::Result<Option<String>, Fault> {
        let call = Call::End { sid: sid.to_owned() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Ended { sealed } = outcome else { return Err(confused()) };
        Ok(sealed)
    }

    async fn log_out(
        &self,
        account: &AccountId,
        logged_out: &LoggedOut<'_>,
    ) -> std::result::Result<Option<Vec<String>>, Fault> {
        let call = Call::LogOut(call::LogOut {
            request: logged_out.request.map(str::to_owned),
            until: logged_out.until.seconds(),
            sub: logged_out.sub.to_owned(),
            session_indexes: logged_out.session_indexes.to_owned(),
            nameless_sessions: logged_out.nameless_sessions.to_owned(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::LoggedOut { sids } = outcome else { return Err(confused()) };
        Ok(sids)
    }

    async fn renew(
        &self,
        account: &AccountId,
        renewal: &Renewal<'_>,
        now: UnixTime,
    ) -> std::result::Result<Renewed, Fault> {
        let call = Call::Renew(call::Renew {
            sid: renewal.sid.to_owned(),
            epoch: renewal.epoch.to_owned(),
            idle: renewal.idle,
            now: now.seconds(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        if let Outcome::Unseen = outcome {
            return Ok(Renewed::Unseen);
        }
        let Outcome::Renewed { stands } = outcome else { return Err(confused()) };
        Ok(if stands { Renewed::Stands } else { Renewed::Over })
    }

    async fn see(
        &self,
        account: &AccountId,
        sighting: &Sighting<'_>,
        now: UnixTime,
    ) -> std::result::Result<(), Fault> {
        let Sighting { state, is_heard } = *sighting;
        let (state, now) = (state.clone(), now.seconds());
        let call = Call::See { state, account: account.to_string(), is_heard, now };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Seen = outcome else { return Err(confused()) };
        Ok(())
    }

    async fn take_pair(
        &self,
        pair: &str,
        account: &AccountId,
        from: Option<&AccountId>,
    ) -> std::result::Result<AccountId, Fault> {
        let from = from.map(ToString::to_string);
        let call = Call::TakePair { account: account.to_string(), from };
        let outcome = self.ask(&format!("pair:{pair}"), &call).await?;
        let Outcome::PairOf { account } = outcome else { return Err(confused()) };
        AccountId::parse(&account).ok_or_else(confused)
    }

    async fn write_down(
        &self,
        account: &AccountId,
        noted: &Noted,
    ) -> std::result::Result<(), Fault> {
        let outcome = self.ask(account.as_str(), &Call::WriteDown(noted.clone())).await?;
        let Outcome::Noted = outcome else { return Err(confused()) };
        Ok(())
    }

    async fn signers(&self, account: &AccountId) -> std::result::Result<Vec<String>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::Signers).await?;
        let Outcome::Signers { keys } = outcome else { return Err(confused()) };
        Ok(keys)
    }

    async fn holder_of(&self, pair: &str) -> std::result::Result<Option<AccountId>, Fault> {
        let outcome = self.ask(&format!("pair:{pair}"), &Call::HolderOf).await?;
        let Outcome::Holder { account } = outcome else { return Err(confused()) };
        account.map(|account| AccountId::parse(&account).ok_or_else(confused)).transpose()
    }

    async fn current(
        &self,
        account: &AccountId,
        now: UnixTime,
    ) -> std::result::Result<Stored, Fault> {
        let call = Call::Current { account: account.to_string(), now: now.seconds() };
        let outcome = reached(self.ask(account.as_str(), &call).await?)?;
        let Outcome::Current(stored) = outcome else { return Err(confused()) };
        Ok(stored)
    }

    async fn change(
        &self,
        account: &AccountId,
        change: &Change<'_>,
        now: UnixTime,
    ) -> std::result::Result<Option<Ended>, Fault> {
        let call = Call::Put(call::Change {
            account: account.to_string(),
            expected: change.expected.to_owned(),
            after: change.after.clone(),
            actor: change.actor.to_owned(),
            reference: change.reference.to_owned(),
            is_heard: change.is_heard,
            now: now.seconds(),
        });
        let outcome = reached(self.ask(account.as_str(), &call).await?)?;
        let Outcome::Changed { made, ended } = outcome else { return Err(confused()) };
        Ok(made.then_some(ended))
    }

    async fn standing(
        &self,
        account: &AccountId,
        idle: Option<i64>,
        now: UnixTime,
    ) -> std::result::Result<usize, Fault> {
        let call = Call::Standing { idle, now: now.seconds() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Standing { count } = outcome else { return Err(confused()) };
        Ok(count)
    }

    async fn take_turn(
        &self,
        account: &AccountId,
        turn: Turn,
        now: UnixTime,
    ) -> std::result::Result<Option<i64>, Fault> {
        let call = Call::TakeTurn { turn, now: now.seconds() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Turn { wait } = outcome else { return Err(confused()) };
        Ok(wait)
    }

    async fn note_expiry(
        &self,
        account: &AccountId,
        expiry: &Expiry,
        noted: &Noted,
    ) -> std::result::Result<bool, Fault> {
        let call = Call::NoteExpiry { expiry: expiry.clone(), noted: noted.clone() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::ExpiryNoted { is_new } = outcome else { return Err(confused()) };
        Ok(is_new)
    }

    async fn audit_events(
        &self,
        account: &AccountId,
        before: i64,
        limit: u32,
    ) -> std::result::Result<AuditPage, Fault> {
        let outcome = self.ask(account.as_str(), &Call::AuditEvents { before, limit }).await?;
        let Outcome::AuditEvents(page) = outcome else { return Err(confused()) };
        Ok(page)
    }

    async fn versions(&self, account: &AccountId) -> std::result::Result<Vec<AuditEvent>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::Versions).await?;
        let Outcome::Versions { events } = outcome else { return Err(confused()) };
        Ok(events)
    }

    async fn version(
        &self,
        account: &AccountId,
        id: i64,
    ) -> std::result::Result<Option<Stored>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::Version { id }).await?;
        let Outcome::Version { stored } = outcome else { return Err(confused()) };
        Ok(stored)
    }

    async fn note_refusal(
        &self,
        account: &AccountId,
        refusal: &PastRefusal,
    ) -> std::result::Result<(), Fault> {
        let outcome = self.ask(account.as_str(), &Call::Note(refusal.clone())).await?;
        let Outcome::Noted = outcome else { return Err(confused()) };
        Ok(())
    }

    async fn past_refusals(
        &self,
        account: &AccountId,
    ) -> std::result::Result<Vec<PastRefusal>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::PastRefusals).await?;
        let Outcome::PastRefusals { refusals } = outcome else { return Err(confused()) };
        Ok(refusals)
    }

    async fn refuse(
        &self,
        account: &AccountId,
        refused: &Refused<'_>,
        now: UnixTime,
    ) -> std::result::Result<(), Fault> {
        let call = Call::Refuse(call::Refusal {
            assertion: refused.assertion.to_owned(),
            until: refused.until.seconds(),
            code: refused.code.to_owned(),
            now: now.seconds(),
            origin: refused.origin.clone(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Heard = outcome else { return Err(confused()) };
        Ok(())
    }

    async fn sessions(
        &self,
        account: &AccountId,
        listing: &Listing<'_>,
        now: UnixTime,
    ) -> std::result::Result<SessionPage, Fault> {
        let call = Call::Sessions(call::Sessions {
            sub: listing.sub.map(str::to_owned),
            sid: listing.sid.map(str::to_owned),
            epoch: String::new(),
            idle: listing.idle,
            after: listing.after,
            limit: listing.limit,
            now: now.seconds(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Sessions(page) = outcome else { return Err(confused()) };
        Ok(page)
    }

    async fn end_sessions(
        &self,
        account: &AccountId,
        ending: &Ending<'_>,
        now: UnixTime,
    ) -> std::result::Result<usize, Fault> {
        let call = Call::EndSessions(call::EndSessions {
            sub: ending.sub.map(str::to_owned),
            sid: ending.sid.map(str::to_owned),
            but: ending.but.map(str::to_owned),
            idle: ending.idle,
            now: now.seconds(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::EndedSessions { count } = outcome else { return Err(confused()) };
        Ok(count)
    }

    async fn following(&self, account: &AccountId) -> std::result::Result<Following, Fault> {
        let outcome = self.ask(account.as_str(), &Call::Following).await?;
        let Outcome::Following(following) = outcome else { return Err(confused()) };
        Ok(following)
    }

    async fn follow(
        &self,
        account: &AccountId,
        following: &Following,
        noted: Option<&Noted>,
    ) -> std::result::Result<(), Fault> {
        let call = Call::Follow { following: following.clone(), noted: noted.cloned() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Followed = outcome else { return Err(confused()) };
        Ok(())
    }

    async fn add_setup_link(
        &self,
        account: &AccountId,
        link: &SetupLink,
        noted: &Noted,
    ) -> std::result::Result<bool, Fault> {
        let SetupLink { id, note, created, expires, opened: _ } = link.clone();
        let noted = Some(noted.clone());
        let call = Call::AddSetupLink(call::AddSetupLink { id, note, created, expires, noted });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::SetupLink { stands } = outcome else { return Err(confused()) };
        Ok(stands)
    }

    async fn setup_links(
        &self,
        account: &AccountId,
        now: UnixTime,
    ) -> std::result::Result<Vec<SetupLink>, Fault> {
        let call = Call::SetupLinks { now: now.seconds() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::SetupLinks { links } = outcome else { return Err(confused()) };
        Ok(links)
    }

    async fn open_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> std::result::Result<bool, Fault> {
        let (id, noted) = (id.to_owned(), Some(noted.clone()));
        let call = Call::OpenSetupLink { id, noted, now: now.seconds() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::SetupLink { stands } = outcome else { return Err(confused()) };
        Ok(stands)
    }

    async fn revoke_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> std::result::Result<bool, Fault> {
        let (id, noted) = (id.to_owned(), Some(noted.clone()));
        let call = Call::RevokeSetupLink { id, noted, now: now.seconds() };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::SetupLink { stands } = outcome else { return Err(confused()) };
        Ok(stands)
    }

    async fn user(
        &self,
        account: &AccountId,
        sub: &str,
    ) -> std::result::Result<Option<KnownUser>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::User { sub: sub.to_owned() }).await?;
        let Outcome::User { user } = outcome else { return Err(confused()) };
        Ok(user)
    }

    async fn erase(
        &self,
        account: &AccountId,
        erasure: &Erasure<'_>,
        now: UnixTime,
    ) -> std::result::Result<Option<Erased>, Fault> {
        let call = Call::Erase(call::Erase {
            account: account.to_string(),
            subs: erasure.subs.to_vec(),
            is_whole: erasure.is_whole,
            noted: erasure.noted.clone(),
            now: now.seconds(),
        });
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Erased { erased } = outcome else { return Err(confused()) };
        Ok(erased)
    }

    async fn recent_users(
        &self,
        account: &AccountId,
        limit: u32,
    ) -> std::result::Result<Vec<KnownUser>, Fault> {
        let outcome = self.ask(account.as_str(), &Call::RecentUsers { limit }).await?;
        let Outcome::Users(UserPage { users, .. }) = outcome else { return Err(confused()) };
        Ok(users)
    }

    async fn users(
        &self,
        account: &AccountId,
        after: i64,
        limit: u32,
    ) -> std::result::Result<UserPage, Fault> {
        let call = Call::Users { after, limit };
        let outcome = self.ask(account.as_str(), &call).await?;
        let Outcome::Users(page) = outcome else { return Err(confused()) };
        Ok(page)
    }
}

/// An object reaches for the store itself, and says when that fails.
fn reached(outcome: Outcome) -> std::result::Result<Outcome, Fault> {
    match outcome {
        Outcome::StoreUnreachable { detail } => Err(Fault::StoreUnreachable(detail)),
        outcome => Ok(outcome),
    }
}

fn confused() -> Fault {
    Fault::LedgerUnreachable("an answer to another question".to_owned())
}
