//! A model of changes, stale reads, sign-ins and renewals in any order.

use std::cell::Cell;

use saml_edge::limits::STALE;
use saml_edge::{
    AccountId, Actor, Claim, Ledger as _, LoginClaim, NewSession, Put, Renew, Renewed, See, State,
    Stored, Trust,
};

use crate::common::METADATA;
use crate::ledgers::{Broken, SqliteLedger};
use crate::session::narrowing::{FINANCE, two_keys};
use crate::support::dice::Dice;
use crate::support::world::ready;

const RENEW: i64 = 300;

/// For how long the store is stale, as Cloudflare has it.
const KV: i64 = 60;

struct Begun {
    sid: String,
    at: i64,
    seen: i64,
    is_over: bool,
}

/// An account, what was stored for it at any time, and sessions.
struct Model {
    states: Vec<(Stored, State)>,
    ledger: Broken<SqliteLedger>,
    acme: AccountId,
    now: i64,
    /// What was stored from when on, and whether it was written past the ledger.
    writes: Vec<(i64, usize, bool)>,
    sessions: Vec<Begun>,
    drawn: Cell<u32>,
}

impl Model {
    fn new(states: &[(Stored, State)]) -> Self {
        let model = Self {
            states: states.to_vec(),
            ledger: Broken::default(),
            acme: AccountId::parse("acme").expect("an id"),
            now: 1_000_000,
            writes: vec![(0, 0, true)],
            sessions: Vec::new(),
            drawn: Cell::new(0),
        };
        model.store(0);
        model
    }

    fn store(&self, state: usize) {
        let stored = self.states[state].0.clone();
        self.ledger.store.accounts.borrow_mut().insert("acme".to_owned(), stored);
    }

    fn in_force(&self) -> usize {
        self.writes.last().expect("a state").1
    }

    /// What a request reads: metadata and settings that were in force within the last minute,
    /// though maybe not together.
    fn read(&self, dice: &mut Dice) -> usize {
        let mut may = vec![self.in_force()];
        for pair in self.writes.windows(2) {
            if pair[1].0 + KV > self.now {
                may.push(pair[0].1);
            }
        }
        let mut one = || &self.states[may[dice.below(may.len())]].0;
        let (metadata, settings) = (&one().metadata, &one().settings);
        let is_read = |it: &Stored| it.metadata == *metadata && it.settings == *settings;
        self.states
            .iter()
            .position(|(stored, _)| is_read(stored))
            .expect("every state there may be")
    }

    /// Whether the rules were narrowed after `since`, and not later than `until`.
    fn is_narrowed(&self, since: i64, until: i64) -> bool {
        self.writes.windows(2).any(|pair| {
            let trust = |at: usize| &self.states[pair[at].1].1.trust;
            since < pair[1].0 && pair[1].0 <= until && trust(0).is_narrowed_by(trust(1))
        })
    }

    fn change(&mut self, to: usize) {
        let before = self.states[self.in_force()].0.revision();
        let put = Put {
            account: self.acme.clone(),
            expected: before,
            after: self.states[to].0.clone(),
            actor: Actor::Operator,
            reference: String::new(),
            is_heard: false,
            now: self.now,
        };
        assert!(ready(self.ledger.ask(&self.acme, &put)).expect("a ledger").made);
        self.writes.push((self.now, to, false));
    }

    fn show(&self, state: usize) {
        let (state, account) = (self.states[state].1.clone(), self.acme.clone());
        let see = See { state, account, is_heard: false, now: self.now };
        ready(self.ledger.ask(&self.acme, &see)).expect("a ledger");
    }

    fn sign_in(&mut self, dice: &mut Dice) {
        let (_, state) = &self.states[self.read(dice)];
        if state.trust == Trust::of(&Stored::default()) {
            return;
        }
        self.drawn.set(self.drawn.get() + 1);
        let sid = format!("{}", self.drawn.get());
        let session = NewSession {
            sid: sid.clone(),
            sub: "ada".to_owned(),
            session_index: None,
            device: String::new(),
            epoch: state.epoch.clone(),
            sealed: String::new(),
            expires: 1 << 52,
        };
        let claim = LoginClaim {
            assertion: sid.clone(),
            until: self.now + 60,
            request_id: None,
            request_until: None,
            signed_by: Vec::new(),
            now: self.now,
            user: None,
            session: Some(session),
            trust: Some(state.trust.clone()),
            origin: None,
        };
        match ready(self.ledger.ask(&self.acme, &claim)).expect("a ledger") {
            Claim::Fresh => {
                self.sessions.push(Begun { sid, at: self.now, seen: self.now, is_over: false });
            }
            Claim::Narrowed => {
                assert!(self.is_narrowed(self.now - 2 * STALE - RENEW, self.now), "refused");
            }
            other => panic!("{other:?}"),
        }
    }

    fn renew(&mut self, at: usize, dice: &mut Dice) {
        let state = self.read(dice);
        let epoch = self.states[state].1.epoch.clone();
        let sid = self.sessions[at].sid.clone();
        let renew = Renew { sid: sid.clone(), epoch, idle: None, now: self.now };
        let ask = || ready(self.ledger.ask(&self.acme, &renew)).expect("a ledger");
        let mut word = ask();
        if word == Renewed::Unseen {
            self.show(state);
            word = ask();
        }
        let Begun { at: begun, is_over, .. } = self.sessions[at];
        match word {
            Renewed::Seen { stands: true } => {
                assert!(!is_over, "{sid} comes back");
                let narrowed = self.writes.windows(2).any(|pair| {
                    let trust = |at: usize| &self.states[pair[at].1].1.trust;
                    let grace = if pair[1].2 { STALE + RENEW } else { 0 };
                    pair[1].0 > begun
                        && pair[1].0 + grace <= self.now
                        && trust(0).is_narrowed_by(trust(1))
                });
                assert!(!narrowed, "{sid} outlives what narrowed its account");
                self.sessions[at].seen = self.now;
            }
            Renewed::Seen { stands: false } => {
                assert!(self.is_narrowed(begun - KV, self.now), "{sid} ended for nothing");
                self.sessions[at].is_over = true;
            }
            Renewed::Unseen => panic!("it was shown"),
        }
    }

    fn wait(&mut self, seconds: i64, dice: &mut Dice) {
        let end = self.now + seconds;
        // Every session is renewed in its time.
        while self.now < end {
            self.now = (self.now + 30).min(end);
            for at in 0..self.sessions.len() {
                if !self.sessions[at].is_over && self.sessions[at].seen + RENEW <= self.now {
                    self.renew(at, dice);
                }
            }
        }
    }

    fn turn(&mut self, dice: &mut Dice) {
        match dice.below(6) {
            0 => {
                let to = dice.below(self.states.len());
                if to != self.in_force() {
                    self.change(to);
                }
            }
            // Nobody can tell two writes past the ledger apart that come within a minute.
            1 => {
                self.wait(STALE + RENEW, dice);
                let to = dice.below(self.states.len());
                if to != self.in_force() {
                    self.store(to);
                    self.writes.push((self.now, to, true));
                    // Somebody is always there to see it.
                    self.wait(STALE + KV, dice);
                    self.show(to);
                    self.wait(RENEW, dice);
                }
            }
            2 | 3 => self.sign_in(dice),
            4 if !self.sessions.is_empty() => {
                let at = dice.below(self.sessions.len());
                self.renew(at, dice);
            }
            _ => {
                let seconds = i64::try_from(dice.below(400)).expect("small");
                self.wait(seconds, dice);
            }
        }
    }
}

/// Changes by the ledger and past it, stale reads, logins and renewals, in any order: no session
/// outlives what narrows its account, but for a renewal and for what the store is stale where that
/// was written past the ledger; and nothing else ends one.
#[test]
fn in_any_order_what_narrows_ends_sessions_and_nothing_else_does() {
    let two = two_keys();
    let all_settings = [
        None,
        Some("{}"),
        Some(FINANCE),
        Some(r#"{"roles":["finance","developer"]}"#),
        Some(r#"{"login_hint":true}"#),
    ];
    let with = |metadata: Option<&str>| {
        let stored = all_settings.map(|settings| Stored {
            metadata: metadata.map(str::to_owned),
            settings: settings.map(str::to_owned),
        });
        stored.map(|stored| (stored.clone(), State::of(&stored)))
    };
    let states = [Some(METADATA), Some(&*two), None].map(with).concat();
    let (mut begun, mut over) = (0, 0);
    for seed in 1..=60 {
        let mut dice = Dice::of(seed);
        let mut model = Model::new(&states);
        for _ in 0..60 {
            model.turn(&mut dice);
        }
        begun += model.sessions.len();
        over += model.sessions.iter().filter(|it| it.is_over).count();
    }
    assert!(begun > 300 && over > 100 && over < begun, "{begun} sessions, {over} ended");
}
