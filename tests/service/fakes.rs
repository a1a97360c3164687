//! A store, a ledger and a body in memory, each with a switch that makes it fail.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use saml_edge::limits::SETUP_LINKS;
use saml_edge::{
    AccountId, Accounts, Answered, AuditEvent, AuditPage, Body, Change, Claim, Ended, Ending, Ends,
    Entry, Erased, Erasure, Event, Expiry, Fault, Fetch, Fetched, Following, Getting, Kind, Known,
    KnownSession, KnownUser, Ledger, Listing, LoggedOut, MetadataUrl, Names, NewSession, Noted,
    Once, PastRefusal, Refused, Renewal, Renewed, SessionPage, SetupLink, Sighting, Sightings,
    Standing, State, Stored, Turn, Unfetched, UserPage,
};
use saml_verify::time::UnixTime;

/// Accounts by id, directory entries by digest, accounts by domain.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) accounts: RefCell<HashMap<String, Stored>>,
    /// What requests read of an account instead, where the store is stale.
    pub(crate) stale: RefCell<HashMap<String, Stored>>,
    pub(crate) directory: RefCell<HashMap<String, String>>,
    pub(crate) domains: RefCell<HashMap<String, String>>,
    pub(crate) broken: Cell<bool>,
    /// Whether the directory alone fails.
    pub(crate) directory_is_broken: Cell<bool>,
    /// How often the directory was written.
    pub(crate) writes: Cell<usize>,
    /// How often it still can be, where there is an end to that.
    pub(crate) writes_left: Cell<Option<usize>>,
    /// For how long what was written last stays.
    pub(crate) lasts: Cell<Option<Duration>>,
}

impl Store {
    /// Counts a write of the directory, of which only so many may succeed.
    fn write(&self) -> Result<(), Fault> {
        if self.directory_is_broken.get() || self.writes_left.get() == Some(0) {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        self.writes_left.set(self.writes_left.get().map(|left| left - 1));
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }

    /// What was written last, as its ledger reads it.
    fn written(&self, account: &AccountId) -> Result<Stored, Fault> {
        if self.broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        Ok(self.accounts.borrow().get(account.as_str()).cloned().unwrap_or_default())
    }
}

impl Accounts for Store {
    async fn stored(&self, account: &AccountId) -> Result<Stored, Fault> {
        let written = self.written(account)?;
        Ok(self.stale.borrow().get(account.as_str()).cloned().unwrap_or(written))
    }

    async fn text(&self, account: &AccountId, kind: Kind) -> Result<Option<String>, Fault> {
        let stored = self.stored(account).await?;
        Ok(match kind {
            Kind::Metadata => stored.metadata,
            Kind::Settings => stored.settings,
        })
    }

    async fn names(&self, kind: Kind, cursor: Option<&str>, limit: u32) -> Result<Names, Fault> {
        if self.broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        let is_stored = |stored: &Stored| match kind {
            Kind::Metadata => stored.metadata.is_some(),
            Kind::Settings => stored.settings.is_some(),
        };
        let accounts = self.accounts.borrow();
        let ids = accounts.iter().filter(|(_, stored)| is_stored(stored));
        let ids: BTreeSet<_> = ids.map(|(id, _)| id.clone()).collect();
        let behind = ids.into_iter().filter(|id| cursor.is_none_or(|cursor| id.as_str() > cursor));
        let mut ids: Vec<_> = behind.collect();
        let limit = usize::try_from(limit).expect("a limit");
        let is_more = ids.len() > limit;
        ids.truncate(limit);
        let next = ids.last().filter(|_| is_more).cloned();
        Ok(Names { ids, next })
    }

    async fn known(&self, digest: &str, domain: Option<&str>) -> Result<Known, Fault> {
        if self.broken.get() || self.directory_is_broken.get() {
            return Err(Fault::StoreUnreachable("switched off".to_owned()));
        }
        let domain = domain.and_then(|domain| self.domains.borrow().get(domain).cloned());
        Ok(Known { directory: self.directory.borrow().get(digest).cloned(), domain })
    }

    async fn enter(&self, digest: &str, directory: &str, lasts: Duration) -> Result<(), Fault> {
        self.write()?;
        self.lasts.set(Some(lasts));
        self.directory.borrow_mut().insert(digest.to_owned(), directory.to_owned());
        Ok(())
    }

    async fn leave(&self, digest: &str) -> Result<(), Fault> {
        self.write()?;
        self.directory.borrow_mut().remove(digest);
        Ok(())
    }
}

/// Servers of others, by address; where there is none, nobody answers.
#[derive(Default)]
pub(crate) struct Web {
    pub(crate) answers: HashMap<String, Result<Fetched, Unfetched>>,
    /// In the order they were asked.
    pub(crate) asked: RefCell<Vec<String>>,
    /// How much was taken of the last answer.
    pub(crate) limit: Cell<usize>,
}

impl Fetch for Web {
    fn get<'a>(&'a self, url: &'a MetadataUrl, limit: usize) -> Getting<'a> {
        self.asked.borrow_mut().push(url.as_str().to_owned());
        self.limit.set(limit);
        let answer = self.answers.get(url.as_str()).cloned();
        Box::pin(async { answer.unwrap_or(Err(Unfetched::Unreachable)) })
    }
}

/// Ledgers of all accounts.
#[derive(Default)]
pub(crate) struct MemoryLedger {
    pub(crate) assertions: RefCell<HashMap<(String, String), UnixTime>>,
    pub(crate) used_requests: RefCell<HashMap<(String, String), UnixTime>>,
    pub(crate) pairs: RefCell<HashMap<String, AccountId>>,
    /// Which keys signed somebody in, by account.
    pub(crate) signers: RefCell<HashMap<String, Vec<String>>>,
    /// In the order of their first logins.
    pub(crate) users: RefCell<Vec<(String, KnownUser)>>,
    /// Oldest first.
    pub(crate) sessions: RefCell<Vec<SessionRow>>,
    /// By account.
    pub(crate) sightings: RefCell<HashMap<String, Sightings>>,
    /// With the account, oldest first.
    pub(crate) setup_links: RefCell<Vec<(String, SetupLink)>>,
    /// What was told of certificates: in how many days they expire.
    pub(crate) expiries: RefCell<HashMap<(String, String), i64>>,
    /// What changes write to.
    pub(crate) store: Rc<Store>,
    /// With the account and, where it is of a change, what was stored then; oldest first.
    pub(crate) audit: RefCell<Vec<(String, AuditEvent, Option<Stored>)>>,
    /// In the order they were written.
    pub(crate) events: RefCell<Vec<Event>>,
    /// Newest first.
    pub(crate) past_refusals: RefCell<HashMap<String, Vec<PastRefusal>>>,
    /// What became of metadata by its address, by account.
    pub(crate) following: RefCell<HashMap<String, Following>>,
    /// How often that was written.
    pub(crate) followed: Cell<usize>,
    /// When turns were taken, by account and kind.
    pub(crate) turns: RefCell<HashMap<(String, &'static str), Vec<UnixTime>>>,
    pub(crate) broken: Cell<bool>,
    /// The account of which no expiry can be noted, and nothing that is done elsewhere.
    pub(crate) broken_for: RefCell<Option<String>>,
}

/// A session of an account.
#[derive(Clone)]
pub(crate) struct SessionRow {
    pub(crate) account: String,
    pub(crate) session: NewSession,
    pub(crate) created: UnixTime,
    pub(crate) seen: UnixTime,
}

impl SessionRow {
    fn stands(&self, idle: Option<i64>, now: UnixTime) -> bool {
        let is_idle = idle.is_some_and(|idle| self.seen.plus(idle) <= now);
        now.seconds() < self.session.expires && !is_idle
    }
}

impl MemoryLedger {
    fn reach(&self) -> Result<(), Fault> {
        match self.broken.get() {
            true => Err(Fault::LedgerUnreachable("switched off".to_owned())),
            false => Ok(()),
        }
    }

    fn reach_list_of(&self, account: &AccountId) -> Result<(), Fault> {
        if self.broken_for.borrow().as_deref() == Some(account.as_str()) {
            return Err(Fault::LedgerUnreachable("switched off".to_owned()));
        }
        self.reach()
    }

    /// As [`Self::reach`]. What comes through JavaScript is no number that it cannot hold.
    fn reach_place(&self, place: i64) -> Result<(), Fault> {
        match place {
            0..=9_007_199_254_740_991 => self.reach(),
            _ => Err(Fault::LedgerUnreachable("cannot be converted".to_owned())),
        }
    }

    fn note(&self, account: &AccountId, Noted { entry, event }: &Noted) {
        self.events.borrow_mut().extend(event.clone());
        let mut audit = self.audit.borrow_mut();
        let id = i64::try_from(audit.len() + 1).expect("a place");
        audit.push((account.to_string(), AuditEvent { id, entry: entry.clone() }, None));
    }
}

/// What is found in the store.
const ELSEWHERE: Cause<'_> = Cause { actor: "elsewhere", reference: "", is_heard: false };

/// Who ends something, and what is told of it.
#[derive(Clone, Copy)]
struct Cause<'a> {
    actor: &'a str,
    reference: &'a str,
    is_heard: bool,
}

impl MemoryLedger {
    /// Does `act` to what was seen of an account, and ends what that ends.
    fn sight(
        &self,
        account: &AccountId,
        act: impl FnOnce(&mut Sightings) -> (String, Ends),
        cause: Cause<'_>,
        now: UnixTime,
    ) -> Ended {
        let (epoch, ends) =
            act(self.sightings.borrow_mut().entry(account.to_string()).or_default());
        let is_ended = |it: &mut SessionRow| {
            let is_meant = match ends {
                Ends::Nothing => false,
                Ends::OthersSessions => it.session.epoch != epoch,
                Ends::Sessions | Ends::Everything => true,
            };
            it.account == account.as_str() && is_meant
        };
        let sessions = self.sessions.borrow_mut().extract_if(.., is_ended).count();
        if ends == Ends::Everything {
            self.switch_off(account, sessions, cause, now)
        } else {
            Ended { sessions, ..Ended::default() }
        }
    }

    fn switch_off(
        &self,
        account: &AccountId,
        sessions: usize,
        cause: Cause<'_>,
        now: UnixTime,
    ) -> Ended {
        let is_meant = |(of, _): &mut (String, SetupLink)| of == account.as_str();
        let revoked: Vec<_> = self.setup_links.borrow_mut().extract_if(.., is_meant).collect();
        let standing = revoked.iter().filter(|(of, link)| stands(of, link, account, now));
        let mut setup_links = 0;
        for (_, link) in standing {
            let Cause { actor, reference, is_heard } = cause;
            let entry = Entry::of_setup_link(&link.id, "revoked", actor, reference, now);
            let event = Event::of_change(account.as_str(), &entry).filter(|_| is_heard);
            self.note(account, &Noted { entry, event });
            setup_links += 1;
        }
        let following = self.following.borrow_mut().remove(account.as_str());
        let staged = following.and_then(|it| it.staged).map_or(0, |_| 1);
        Ended { sessions, setup_links, staged }
    }
}

impl Ledger for MemoryLedger {
    async fn claim(
        &self,
        account: &AccountId,
        once: &Once<'_>,
        now: UnixTime,
    ) -> Result<Claim, Fault> {
        self.reach()?;
        let key = |id: &str| (account.to_string(), id.to_owned());
        if self.assertions.borrow().contains_key(&key(once.assertion)) {
            return Ok(Claim::AssertionSeen);
        }
        if let Some(session) = once.session {
            let mut admitted = false;
            let admit = |it: &mut Sightings| {
                let (is_admitted, ends) = it.admit(&session.epoch, once.trust.cloned(), now);
                admitted = is_admitted;
                (session.epoch.clone(), ends)
            };
            self.sight(account, admit, ELSEWHERE, now);
            if !admitted {
                return Ok(Claim::Narrowed);
            }
        }
        if let Some(Answered { id, until }) = once.request
            && self.used_requests.borrow_mut().insert(key(id), until).is_some()
        {
            return Ok(Claim::RequestUsed);
        }
        self.assertions.borrow_mut().insert(key(once.assertion), once.until);
        let mut signers = self.signers.borrow_mut();
        signers.entry(account.to_string()).or_default().extend_from_slice(once.signed_by);
        if let Some(user) = once.user {
            let mut users = self.users.borrow_mut();
            let mut known = users.iter_mut();
            let known = known.find(|(of, it)| of == account.as_str() && it.sub == user.sub);
            let before = known.as_ref().map(|(_, it)| it);
            let after = KnownUser::after_login(before, user.clone(), now);
            if let Some(origin) = once.origin {
                let events = Event::of_login(origin, once.assertion, before, &after);
                self.events.borrow_mut().extend(events);
            }
            match known {
                Some((_, known)) => *known = after,
                None => users.push((account.to_string(), after)),
            }
        }
        if let Some(session) = once.session {
            let (account, session) = (account.to_string(), session.clone());
            let row = SessionRow { account, session, created: now, seen: now };
            self.sessions.borrow_mut().push(row);
        }
        Ok(Claim::Fresh)
    }

    async fn is_used(&self, account: &AccountId, assertion: &str) -> Result<bool, Fault> {
        self.reach()?;
        let key = (account.to_string(), assertion.to_owned());
        Ok(self.assertions.borrow().contains_key(&key))
    }

    async fn end(&self, account: &AccountId, sid: &str) -> Result<Option<String>, Fault> {
        self.reach()?;
        let mut sessions = self.sessions.borrow_mut();
        let is_meant = |it: &SessionRow| it.account == account.as_str() && it.session.sid == sid;
        let at = sessions.iter().position(is_meant);
        Ok(at.map(|at| sessions.remove(at).session.sealed))
    }

    async fn renew(
        &self,
        account: &AccountId,
        renewal: &Renewal<'_>,
        now: UnixTime,
    ) -> Result<Renewed, Fault> {
        self.reach()?;
        let Renewal { sid, epoch, idle } = *renewal;
        let known = self.sightings.borrow();
        let known = known.get(account.as_str());
        if known.is_none_or(|it| it.standing(epoch, now) == Standing::Unseen) {
            return Ok(Renewed::Unseen);
        }
        let mut sessions = self.sessions.borrow_mut();
        let is_meant =
            |it: &&mut SessionRow| it.account == account.as_str() && it.session.sid == sid;
        let Some(row) = sessions.iter_mut().find(is_meant) else { return Ok(Renewed::Over) };
        if row.stands(idle, now) {
            row.seen = now;
            return Ok(Renewed::Stands);
        }
        sessions.retain(|it| it.session.sid != sid);
        Ok(Renewed::Over)
    }

    async fn see(
        &self,
        account: &AccountId,
        sighting: &Sighting<'_>,
        now: UnixTime,
    ) -> Result<(), Fault> {
        self.reach()?;
        let Sighting { state, is_heard } = *sighting;
        let see = |it: &mut Sightings| (state.epoch.clone(), it.see(state, now));
        self.sight(account, see, Cause { is_heard, ..ELSEWHERE }, now);
        Ok(())
    }

    async fn log_out(
        &self,
        account: &AccountId,
        logged_out: &LoggedOut<'_>,
    ) -> Result<Option<Vec<String>>, Fault> {
        self.reach()?;
        let LoggedOut { request, until, sub, session_indexes, nameless_sessions } = *logged_out;
        let key = request.map(|request| (account.to_string(), format!("logout:{request}")));
        let mut assertions = self.assertions.borrow_mut();
        if key.is_some_and(|key| assertions.insert(key, until).is_some()) {
            return Ok(None);
        }
        let is_meant = |it: &mut SessionRow| {
            let index = it.session.session_index.as_ref();
            let has_index = index.is_none_or(|index| session_indexes.contains(index));
            let is_named = it.session.sub == sub && (session_indexes.is_empty() || has_index);
            let is_nameless = index.is_some_and(|index| nameless_sessions.contains(index));
            it.account == account.as_str() && (is_named || is_nameless)
        };
        let mut sessions = self.sessions.borrow_mut();
        Ok(Some(sessions.extract_if(.., is_meant).map(|it| it.session.sid).collect()))
    }

    async fn take_pair(
        &self,
        pair: &str,
        account: &AccountId,
        from: Option<&AccountId>,
    ) -> Result<AccountId, Fault> {
        self.reach()?;
        let mut pairs = self.pairs.borrow_mut();
        let holder = pairs.entry(pair.to_owned()).or_insert_with(|| account.clone());
        if from == Some(holder) {
            *holder = account.clone();
        }
        Ok(holder.clone())
    }

    async fn write_down(&self, account: &AccountId, noted: &Noted) -> Result<(), Fault> {
        self.reach_list_of(account)?;
        self.note(account, noted);
        Ok(())
    }

    async fn signers(&self, account: &AccountId) -> Result<Vec<String>, Fault> {
        self.reach()?;
        Ok(self.signers.borrow().get(account.as_str()).cloned().unwrap_or_default())
    }

    async fn holder_of(&self, pair: &str) -> Result<Option<AccountId>, Fault> {
        self.reach()?;
        Ok(self.pairs.borrow().get(pair).cloned())
    }

    async fn current(&self, account: &AccountId, now: UnixTime) -> Result<Stored, Fault> {
        self.reach()?;
        let stored = self.store.written(account)?;
        let state = State::of(&stored);
        let see = |it: &mut Sightings| (state.epoch.clone(), it.see(&state, now));
        self.sight(account, see, ELSEWHERE, now);
        Ok(stored)
    }

    async fn change(
        &self,
        account: &AccountId,
        change: &Change<'_>,
        now: UnixTime,
    ) -> Result<Option<Ended>, Fault> {
        let before = self.current(account, now).await?;
        let is_over = |link: &str| {
            let links = self.setup_links.borrow();
            !links.iter().any(|(of, it)| it.id == link && stands(of, it, account, now))
        };
        let link = change.actor.strip_prefix("setup_link:");
        if before.epoch() != change.expected || link.is_some_and(is_over) {
            return Ok(None);
        }
        self.store.accounts.borrow_mut().insert(account.to_string(), change.after.clone());
        let state = State::of(change.after);
        let enter = |it: &mut Sightings| (state.epoch.clone(), it.enter(&state, now));
        let Change { actor, reference, is_heard, .. } = *change;
        let ended = self.sight(account, enter, Cause { actor, reference, is_heard }, now);
        let mut audit = self.audit.borrow_mut();
        let of = |(of, _, stored): &(String, AuditEvent, Option<Stored>)| {
            stored.clone().filter(|_| of == account.as_str())
        };
        let last = audit.iter().rev().find_map(of);
        for (entry, stored) in change.entries(last, &before, ended.sessions, now) {
            if change.is_heard {
                self.events.borrow_mut().extend(Event::of_change(account.as_str(), &entry));
            }
            let id = i64::try_from(audit.len() + 1).expect("a place");
            audit.push((account.to_string(), AuditEvent { id, entry }, Some(stored)));
        }
        Ok(Some(ended))
    }

    async fn standing(
        &self,
        account: &AccountId,
        idle: Option<i64>,
        now: UnixTime,
    ) -> Result<usize, Fault> {
        self.reach()?;
        let sessions = self.sessions.borrow();
        let stand = |it: &&SessionRow| it.account == account.as_str() && it.stands(idle, now);
        Ok(sessions.iter().filter(stand).count())
    }

    async fn take_turn(
        &self,
        account: &AccountId,
        turn: Turn,
        now: UnixTime,
    ) -> Result<Option<i64>, Fault> {
        self.reach()?;
        let (most, within) = turn.limit();
        let mut turns = self.turns.borrow_mut();
        let taken = turns.entry((account.to_string(), turn.as_str())).or_default();
        taken.retain(|at| now < at.plus(within));
        match taken.first() {
            Some(first) if taken.len() >= usize::try_from(most).expect("a limit") => {
                Ok(Some(first.plus(within).seconds() - now.seconds()))
            }
            _ => {
                taken.push(now);
                Ok(None)
            }
        }
    }

    async fn note_expiry(
        &self,
        account: &AccountId,
        expiry: &Expiry,
        noted: &Noted,
    ) -> Result<bool, Fault> {
        self.reach_list_of(account)?;
        let mut told = self.expiries.borrow_mut();
        let key = (account.to_string(), expiry.certificate.clone());
        if told.get(&key).is_some_and(|days| *days <= expiry.days) {
            return Ok(false);
        }
        told.insert(key, expiry.days);
        self.note(account, noted);
        Ok(true)
    }

    async fn following(&self, account: &AccountId) -> Result<Following, Fault> {
        self.reach()?;
        Ok(self.following.borrow().get(account.as_str()).cloned().unwrap_or_default())
    }

    async fn follow(
        &self,
        account: &AccountId,
        following: &Following,
        noted: Option<&Noted>,
    ) -> Result<(), Fault> {
        let kept = self.following(account).await?;
        let (following, is_news) = following.clone().instead_of(&kept);
        noted.iter().filter(|_| is_news).for_each(|noted| self.note(account, noted));
        self.followed.set(self.followed.get() + 1);
        self.following.borrow_mut().insert(account.to_string(), following);
        Ok(())
    }

    async fn audit_events(
        &self,
        account: &AccountId,
        before: i64,
        limit: u32,
    ) -> Result<AuditPage, Fault> {
        self.reach_place(before)?;
        let audit = self.audit.borrow();
        let meant = audit
            .iter()
            .rev()
            .filter(|(of, event, _)| of == account.as_str() && (before == 0 || event.id < before));
        let mut events: Vec<_> = meant.map(|(_, event, _)| event.clone()).collect();
        let limit = usize::try_from(limit).expect("a limit");
        let is_more = events.len() > limit;
        events.truncate(limit);
        let next = events.last().filter(|_| is_more).map(|event| event.id);
        Ok(AuditPage { events, next })
    }

    async fn versions(&self, account: &AccountId) -> Result<Vec<AuditEvent>, Fault> {
        self.reach()?;
        let audit = self.audit.borrow();
        let of_account =
            audit.iter().rev().filter(|(of, _, kept)| of == account.as_str() && kept.is_some());
        Ok(of_account.map(|(_, event, _)| event.clone()).take(20).collect())
    }

    async fn version(&self, account: &AccountId, id: i64) -> Result<Option<Stored>, Fault> {
        self.reach_place(id)?;
        let audit = self.audit.borrow();
        let version = audit.iter().find(|(of, it, _)| of == account.as_str() && it.id == id);
        Ok(version.and_then(|(.., stored)| stored.clone()))
    }

    async fn note_refusal(&self, account: &AccountId, refusal: &PastRefusal) -> Result<(), Fault> {
        self.reach()?;
        let mut all = self.past_refusals.borrow_mut();
        let kept = all.entry(account.to_string()).or_default();
        let is_recent =
            |it: &PastRefusal| it.code == refusal.code && refusal.at < it.at + PastRefusal::PAUSE;
        if !kept.iter().any(is_recent) {
            kept.insert(0, refusal.clone());
        }
        kept.truncate(usize::try_from(PastRefusal::KEPT).expect("a length"));
        Ok(())
    }

    async fn past_refusals(&self, account: &AccountId) -> Result<Vec<PastRefusal>, Fault> {
        self.reach()?;
        Ok(self.past_refusals.borrow().get(account.as_str()).cloned().unwrap_or_default())
    }

    async fn refuse(
        &self,
        _: &AccountId,
        refused: &Refused<'_>,
        now: UnixTime,
    ) -> Result<(), Fault> {
        self.reach()?;
        let Refused { assertion, code, origin, .. } = *refused;
        let event = Event::of_refusal(origin, assertion, code, now).expect("an event");
        let mut events = self.events.borrow_mut();
        if !events.iter().any(|it| it.id == event.id) {
            events.push(event);
        }
        Ok(())
    }

    async fn sessions(
        &self,
        account: &AccountId,
        listing: &Listing<'_>,
        now: UnixTime,
    ) -> Result<SessionPage, Fault> {
        self.reach_place(listing.after)?;
        let Listing { sub, sid, idle, after, limit } = *listing;
        let (after, limit) = (usize::try_from(after), usize::try_from(limit));
        let (after, limit) = (after.expect("a place"), limit.expect("a limit"));
        let all = self.sessions.borrow();
        let meant = all.iter().filter(|it| {
            let is_meant = sub.is_none_or(|sub| it.session.sub == sub)
                && sid.is_none_or(|sid| it.session.sid == sid);
            it.account == account.as_str() && is_meant && it.stands(idle, now)
        });
        let rest: Vec<_> = meant.skip(after).collect();
        let next = (rest.len() > limit).then(|| i64::try_from(after + limit).expect("a place"));
        let known = |it: &SessionRow| KnownSession {
            sid: it.session.sid.clone(),
            sub: it.session.sub.clone(),
            device: it.session.device.clone(),
            created: it.created.seconds(),
            seen: it.seen.seconds(),
            expires: it.session.expires,
        };
        Ok(SessionPage { sessions: rest.into_iter().take(limit).map(known).collect(), next })
    }

    async fn end_sessions(
        &self,
        account: &AccountId,
        ending: &Ending<'_>,
        now: UnixTime,
    ) -> Result<usize, Fault> {
        self.reach()?;
        let Ending { sub, sid, but, idle } = *ending;
        let is_meant = |it: &mut SessionRow| {
            let is_one = sid.is_none_or(|sid| it.session.sid == sid);
            let is_of_user = sub.is_none_or(|sub| it.session.sub == sub);
            let stays = but.is_some_and(|but| it.session.sid == but);
            it.account == account.as_str() && is_one && is_of_user && !stays
        };
        let mut sessions = self.sessions.borrow_mut();
        Ok(sessions.extract_if(.., is_meant).filter(|it| it.stands(idle, now)).count())
    }

    async fn add_setup_link(
        &self,
        account: &AccountId,
        link: &SetupLink,
        noted: &Noted,
    ) -> Result<bool, Fault> {
        let now = UnixTime::from_seconds(link.created);
        if self.setup_links(account, now).await?.len() >= SETUP_LINKS {
            return Ok(false);
        }
        self.setup_links.borrow_mut().push((account.to_string(), link.clone()));
        self.note(account, noted);
        Ok(true)
    }

    async fn setup_links(
        &self,
        account: &AccountId,
        now: UnixTime,
    ) -> Result<Vec<SetupLink>, Fault> {
        self.reach()?;
        let links = self.setup_links.borrow();
        let stand = links.iter().filter(|(of, it)| stands(of, it, account, now));
        Ok(stand.map(|(_, it)| it.clone()).collect())
    }

    async fn open_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> Result<bool, Fault> {
        self.reach()?;
        let mut links = self.setup_links.borrow_mut();
        let mut links = links.iter_mut().filter(|(of, it)| stands(of, it, account, now));
        let Some((_, link)) = links.find(|(_, it)| it.id == id) else { return Ok(false) };
        if link.opened.replace(now.seconds()).is_none() {
            self.note(account, noted);
        }
        Ok(true)
    }

    async fn revoke_setup_link(
        &self,
        account: &AccountId,
        id: &str,
        noted: &Noted,
        now: UnixTime,
    ) -> Result<bool, Fault> {
        self.reach()?;
        let is_meant =
            |(of, it): &mut (String, SetupLink)| it.id == id && stands(of, it, account, now);
        let stood = self.setup_links.borrow_mut().extract_if(.., is_meant).count() > 0;
        if stood {
            self.note(account, noted);
        }
        Ok(stood)
    }

    async fn user(&self, account: &AccountId, sub: &str) -> Result<Option<KnownUser>, Fault> {
        self.reach()?;
        let users = self.users.borrow();
        let user = users.iter().find(|(of, it)| of == account.as_str() && it.sub == sub);
        Ok(user.map(|(_, user)| user.clone()))
    }

    async fn erase(
        &self,
        account: &AccountId,
        erasure: &Erasure<'_>,
        now: UnixTime,
    ) -> Result<Option<Erased>, Fault> {
        self.reach()?;
        let Erasure { subs, is_whole, noted } = *erasure;
        let epoch = Stored::default().epoch();
        let is_deleted = |it: &Sightings| it.standing(&epoch, now) == Standing::InForce;
        if is_whole && !self.sightings.borrow().get(account.as_str()).is_some_and(is_deleted) {
            return Ok(None);
        }
        let of = account.as_str();
        let mut erased = Erased::default();
        let is_meant = |(it, user): &mut (String, KnownUser)| it == of && subs.contains(&user.sub);
        erased.users = self.users.borrow_mut().extract_if(.., is_meant).count();
        let is_meant = |it: &mut SessionRow| it.account == of && subs.contains(&it.session.sub);
        erased.ended.sessions = self.sessions.borrow_mut().extract_if(.., is_meant).count();
        let is_named = |it: &Event| {
            it.body.contains("\"email\"") && it.body.contains(&format!("\"account\":\"{of}\""))
        };
        let is_meant =
            |it: &mut Event| is_named(it) && subs.iter().any(|sub| it.body.contains(sub.as_str()));
        erased.events = self.events.borrow_mut().extract_if(.., is_meant).count();
        if is_whole && !self.users.borrow().iter().any(|(it, _)| it == of) {
            let mut versions = 0;
            for (.., stored) in self.audit.borrow_mut().iter_mut().filter(|it| it.0 == of) {
                if stored.as_ref().is_some_and(|stored| *stored != Stored::default()) {
                    (*stored, versions) = (None, versions + 1);
                }
            }
            erased.versions = versions;
            let refusals = self.past_refusals.borrow_mut().remove(of);
            erased.refusals = refusals.map_or(0, |refusals| refusals.len());
            erased.events += self.events.borrow_mut().extract_if(.., |it| is_named(it)).count();
            self.signers.borrow_mut().remove(of);
            let actor = noted.entry.actor.as_str();
            let (reference, is_heard) = (noted.entry.reference.as_str(), noted.event.is_some());
            let cause = Cause { actor, reference, is_heard };
            erased.ended = self.switch_off(account, erased.ended.sessions, cause, now);
            erased.is_complete = true;
        }
        let is_noted =
            if is_whole { erased.is_complete && erased.is_any() } else { erased.users > 0 };
        if is_noted {
            self.note(account, noted);
        }
        Ok(Some(erased))
    }

    async fn recent_users(&self, account: &AccountId, limit: u32) -> Result<Vec<KnownUser>, Fault> {
        let mut users = self.users(account, 0, 200).await?.users;
        users.sort_by_key(|user| std::cmp::Reverse(user.last_login));
        users.truncate(usize::try_from(limit).expect("a limit"));
        Ok(users)
    }

    async fn users(&self, account: &AccountId, after: i64, limit: u32) -> Result<UserPage, Fault> {
        self.reach_place(after)?;
        let after = usize::try_from(after).expect("a place");
        let limit = usize::try_from(limit).expect("a limit");
        let all = self.users.borrow();
        let all = all.iter().filter(|(of, _)| of == account.as_str()).map(|(_, it)| it.clone());
        let rest: Vec<_> = all.skip(after).collect();
        let next = (rest.len() > limit).then(|| i64::try_from(after + limit).expect("a place"));
        Ok(UserPage { users: rest.into_iter().take(limit).collect(), next })
    }
}

fn stands(of: &str, link: &SetupLink, account: &AccountId, now: UnixTime) -> bool {
    of == account.as_str() && now.seconds() < link.expires
}

/// A body in chunks, which may break off.
pub(crate) struct Octets {
    pub(crate) declared: Option<u64>,
    pub(crate) chunks: VecDeque<Vec<u8>>,
    pub(crate) breaks: bool,
}

impl Octets {
    pub(crate) fn of(text: &str) -> Self {
        let chunks = text.as_bytes().chunks(1000).map(<[u8]>::to_vec).collect();
        Self { declared: None, chunks, breaks: false }
    }
}

impl Body for Octets {
    fn declared_length(&self) -> Option<u64> {
        self.declared
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.chunks.pop_front() {
            None if self.breaks => Err(Fault::BodyUnreadable("broke off".to_owned())),
            chunk => Ok(chunk),
        }
    }

    /// As simple as browsers write it.
    async fn fields(content_type: &str, octets: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
        let (_, boundary) = content_type.split_once("boundary=")?;
        // A character an octet.
        let text: String = octets.iter().copied().map(char::from).collect();
        let (parts, end) = text.rsplit_once(&format!("--{boundary}--"))?;
        let field = |part: &str| {
            let (head, value) =
                part.strip_prefix("\r\n")?.strip_suffix("\r\n")?.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once("; name=\"")?;
            let octets = value.chars().map(u8::try_from).collect::<Result<_, _>>().ok()?;
            Some((name.split('"').next()?.to_owned(), octets))
        };
        let fields = parts.split(&format!("--{boundary}")).skip(1).map(field).collect();
        if end == "\r\n" { fields } else { None }
    }
}
