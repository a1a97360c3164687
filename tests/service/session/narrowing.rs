//! What ends sessions: what narrows trust does, for good, and nothing else.

use std::cell::Cell;

use saml_edge::limits::STALE;
use saml_edge::{
    AccountId, Claim, Ledger as _, LoginClaim, NewSession, Put, Renew, Renewed, See, State, Stored,
    Trust, settings_go_first,
};

use crate::common::{METADATA, NOW, OTHER_CERTIFICATE};
use crate::ledgers::{Broken, SqliteLedger};
use crate::world::{SESSION, World, answering, form, ready};

/// The test IdP with a second key.
fn two_keys() -> String {
    let second = format!(
        "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
         <X509Data><X509Certificate>{OTHER_CERTIFICATE}</X509Certificate></X509Data></KeyInfo>\
         </KeyDescriptor><KeyDescriptor"
    );
    METADATA.replacen("<KeyDescriptor", &second, 1)
}

fn stored(metadata: &str, settings: &str) -> Stored {
    Stored { metadata: Some(metadata.to_owned()), settings: Some(settings.to_owned()) }
}

fn narrows(before: &Stored, after: &Stored) -> bool {
    Trust::of(before).is_narrowed_by(&Trust::of(after))
}

#[test]
fn what_narrows_trust_and_what_does_not() {
    let idp = |settings: &str| stored(METADATA, settings);
    let less = [
        (r#"{}"#, r#"{"roles":["finance"]}"#),
        (r#"{"roles":["developer","finance"]}"#, r#"{"roles":["finance"]}"#),
        (r#"{}"#, r#"{"domains":["acme.example"]}"#),
        (r#"{"domains":["a.example","b.example"]}"#, r#"{"domains":["a.example"]}"#),
        (r#"{"domains":["a.example"]}"#, r#"{"domains":["b.example"]}"#),
        (r#"{}"#, r#"{"choices":{"domains":["acme.example"]}}"#),
        (r#"{"idp_initiated":"on"}"#, r#"{"idp_initiated":"upgrade"}"#),
        (
            r#"{"idp_initiated":"on"}"#,
            r#"{"idp_initiated":"on","choices":{"idp_initiated":"off"}}"#,
        ),
        (r#"{}"#, r#"{"idp_initiated":"off"}"#),
        (r#"{}"#, r#"{"force_authn":true}"#),
        (r#"{}"#, r#"{"authn_context":["urn:a"]}"#),
        (r#"{"authn_context":["urn:a"]}"#, r#"{"authn_context":["urn:b"]}"#),
        (r#"{"allow_sha1_until":"2027-03-31T00:00:00Z"}"#, r#"{}"#),
        (
            r#"{"allow_sha1_until":"2027-03-31T00:00:00Z"}"#,
            r#"{"allow_sha1_until":"2027-03-30T00:00:00Z"}"#,
        ),
        (r#"{"allow_unsigned_logout":true}"#, r#"{}"#),
    ];
    for (wide, narrow) in less {
        assert!(narrows(&idp(wide), &idp(narrow)), "{wide} to {narrow}");
    }
    // Where one is not more than the other, either way narrows.
    let replaced = |from: &str, to: &str| stored(&METADATA.replace(from, to), "{}");
    let plain = idp("{}");
    let others = [
        (plain.clone(), idp(r#"{"acs":"shared"}"#)),
        (plain.clone(), idp(r#"{"entity_id":"urn:x"}"#)),
        (plain.clone(), idp(r#"{"claims":{"email":"mail"}}"#)),
        (
            plain.clone(),
            idp(r#"{"name_id_format":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}"#),
        ),
        (idp(r#"{"domains":["a.example"]}"#), idp(r#"{"domains":["b.example"]}"#)),
        (plain.clone(), replaced("https://idp.example/metadata", "https://b.example/metadata")),
        (plain.clone(), replaced("/sso\"", "/other\"")),
    ];
    for (one, other) in &others {
        assert!(narrows(one, other), "{one:?} to {other:?}");
        assert!(narrows(other, one), "{other:?} to {one:?}");
    }
    // Nobody is let in any more.
    for gone in [Stored::default(), stored("<html/>", "{}"), idp("{")] {
        assert!(narrows(&plain, &gone), "{gone:?}");
        assert!(!narrows(&gone, &plain), "{gone:?}");
    }
    assert!(narrows(&stored(&two_keys(), "{}"), &plain), "a key goes");
    let as_before = [
        (plain.clone(), stored(&two_keys(), "{}")),
        (plain.clone(), stored(&format!("{METADATA}\n<!-- again -->"), "{}")),
        (plain.clone(), Stored { settings: None, ..plain.clone() }),
        (idp(r#"{"roles":["finance","developer"]}"#), idp(r#"{"roles":["developer","finance"]}"#)),
    ];
    for (one, other) in &as_before {
        assert!(!narrows(one, other), "{one:?} to {other:?}");
    }
    for settings in [
        r#"{"is_passive":true}"#,
        r#"{"login_hint":true}"#,
        r#"{"signed_requests":true}"#,
        r#"{"metadata_url":"https://idp.example/m"}"#,
        r#"{"new_certificates":"accept"}"#,
    ] {
        assert!(!narrows(&plain, &idp(settings)) && !narrows(&idp(settings), &plain), "{settings}");
    }
    for (wide, narrow) in &less[..4] {
        assert!(!narrows(&idp(narrow), &idp(wide)), "{narrow} to {wide}");
    }
}

/// Of every pair of states, where there is an order in which it can be said.
#[test]
fn no_reader_between_two_writes_sees_more_than_before_and_after() {
    let metadata = [None, Some(METADATA.to_owned()), Some(two_keys())];
    let settings =
        [None, Some("{}"), Some(FINANCE), Some(r#"{"roles":["finance","developer"]}"#), Some("{")];
    let states: Vec<_> = metadata
        .iter()
        .flat_map(|metadata| {
            let with = |settings: Option<&str>| settings.map(str::to_owned);
            settings.map(|it| Stored { metadata: metadata.clone(), settings: with(it) })
        })
        .collect();
    let mut orders = [0, 0];
    for before in &states {
        for after in &states {
            let is_settings = settings_go_first(before, after);
            let (metadata, settings) = if is_settings { (before, after) } else { (after, before) };
            let between =
                Stored { metadata: metadata.metadata.clone(), settings: settings.settings.clone() };
            let is_wider = narrows(&between, before) && narrows(&between, after);
            assert!(!is_wider, "{before:?}, {between:?}, {after:?}");
            if before.metadata != after.metadata && before.settings != after.settings {
                orders[usize::from(is_settings)] += 1;
            }
        }
    }
    assert!(orders.iter().all(|count| *count > 20), "{orders:?}");
    for rules in [FINANCE, "{}"] {
        let made = stored(METADATA, rules);
        assert!(settings_go_first(&Stored::default(), &made), "a new account");
        assert!(!settings_go_first(&made, &Stored::default()), "one that goes");
    }
}

const FINANCE: &str = r#"{"roles":["finance"]}"#;
const OTHER_DOMAIN: &str = r#"{"domains":["other.example"]}"#;

fn signed_in() -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

/// What `/sso/session` says so many seconds after the login.
fn after(world: &mut World, seconds: i64) -> u16 {
    world.now = NOW.plus(seconds);
    world.get("/sso/session").answer.status
}

/// The request is closed by the first change, and the second does not open it again.
#[test]
fn a_change_that_is_taken_back_ends_what_it_ended() {
    let mut world = signed_in();
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(METADATA), None);
    assert_eq!(after(&mut world, 299), 200, "as long as its token stands");
    assert_eq!(after(&mut world, 300), 401);
}

#[test]
fn what_widens_or_rewords_signs_nobody_out() {
    let mut world = signed_in();
    world.change("acme", Some(&two_keys()), None);
    world.change("acme", Some(&two_keys()), Some(r#"{"login_hint":true}"#));
    world.change("acme", Some(&format!("{}\n", two_keys())), Some("{}"));
    assert_eq!(after(&mut world, 300), 200);
    // Past the ledger, too.
    world.add("acme", &two_keys(), Some(r#"{"idp_initiated":"on"}"#));
    assert_eq!(after(&mut world, 600), 200);
}

/// Where the request is, the store may be a minute older than the session.
#[test]
fn a_stale_read_ends_nobodys_session() {
    let mut world = World::new();
    let acme = stored(METADATA, FINANCE);
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(METADATA), None);
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world.config = crate::world::config_with(&[("RENEW_SECONDS", "5")]);
    world.store.stale.borrow_mut().insert("acme".to_owned(), acme);
    assert_eq!(after(&mut world, 60), 200, "it reads the narrower rules of before");
    world.store.stale.borrow_mut().clear();
    assert_eq!(after(&mut world, 70), 200);
    // After two minutes nothing is stale any more: somebody has written it.
    world.add("acme", METADATA, Some(FINANCE));
    assert_eq!(after(&mut world, STALE), 401);
}

#[test]
fn what_is_written_past_the_ledger_ends_sessions_at_their_renewal() {
    let gone: [fn(&World); 3] = [
        |world| world.add("acme", METADATA, Some(FINANCE)),
        |world| world.add("acme", "<html/>", None),
        |world| drop(world.store.accounts.borrow_mut().remove("acme")),
    ];
    for gone in gone {
        let mut world = signed_in();
        let copy = world.jar.clone();
        gone(&world);
        assert_eq!(after(&mut world, 300), 401);
        // For good.
        world.add("acme", METADATA, None);
        world.jar = copy;
        assert_eq!(after(&mut world, 599), 401);
    }
}

/// The IdP answers while the rules are narrowed, and the login is judged where the store is stale.
#[test]
fn a_login_under_way_leaves_no_session_under_wider_rules() {
    let mut world = World::new();
    let id = world.start("/media");
    world.store.stale.borrow_mut().insert("acme".to_owned(), stored(METADATA, "{}"));
    world.add("acme", METADATA, Some("{}"));
    world.change("acme", Some(METADATA), Some(FINANCE));
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!((&*seen.refusal(), seen.answer.status), ("account_narrowed", 403));
    assert!(world.ledger.sessions().is_empty() && !world.jar.contains_key(SESSION));
    // Nothing was used up: it is judged anew, by the rules that are in force.
    world.store.stale.borrow_mut().clear();
    world.change("acme", Some(METADATA), Some("{}"));
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
}

/// The store has metadata and settings under two keys, and may be stale in one of them: what is read then was
/// never in force.
#[test]
fn a_login_by_half_a_stale_read_leaves_no_session_under_wider_rules() {
    type Changes = [(Option<String>, Option<&'static str>)];
    let narrowed: &Changes =
        &[(Some(METADATA.to_owned()), Some(FINANCE)), (Some(two_keys()), Some(FINANCE))];
    let deleted: &Changes = &[(None, None)];
    for (settings, changes, read) in [
        ("{}", narrowed, stored(&two_keys(), "{}")),
        (OTHER_DOMAIN, deleted, Stored { settings: None, ..stored(METADATA, "") }),
    ] {
        let mut world = World::new();
        world.change("acme", Some(METADATA), Some(settings));
        let id = world.start("/media");
        world.now = world.now.plus(STALE);
        for (metadata, settings) in changes {
            world.change("acme", metadata.as_deref(), *settings);
        }
        world.store.stale.borrow_mut().insert("acme".to_owned(), read);
        let seen = world.post("acme", &form(&answering(&id)));
        assert_eq!((&*seen.refusal(), seen.answer.status), ("account_narrowed", 403));
        assert!(world.ledger.sessions().is_empty() && !world.jar.contains_key(SESSION));
    }
}

#[test]
fn half_a_stale_read_ends_nobodys_session() {
    let mut world = World::new();
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(&two_keys()), Some(FINANCE));
    world.change("acme", Some(&two_keys()), Some("{}"));
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world.config = crate::world::config_with(&[("RENEW_SECONDS", "5")]);
    let read = stored(METADATA, "{}");
    world.store.stale.borrow_mut().insert("acme".to_owned(), read);
    assert_eq!(after(&mut world, 60), 200, "it reads the fewer keys of before");
    world.store.stale.borrow_mut().clear();
    assert_eq!(after(&mut world, 70), 200);
    // After two minutes nothing is stale any more: somebody has written it.
    world.add("acme", METADATA, Some("{}"));
    assert_eq!(after(&mut world, STALE), 401);
}

/// Of what an earlier release has let in nothing is known but its epoch.
#[test]
fn a_session_from_before_stands_in_its_own_epoch_alone() {
    for (settings, status) in [(None, 200), (Some("{}"), 401)] {
        let mut world = signed_in();
        world.ledger.run("DELETE FROM sightings");
        world.add("acme", METADATA, settings);
        assert_eq!(after(&mut world, 300), status);
    }
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).expect("small")).expect("small")
    }
}

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

    /// What a request reads: metadata and settings that were in force within the last minute, though maybe
    /// not together.
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
        let before = self.states[self.in_force()].0.epoch();
        let put = Put {
            account: self.acme.clone(),
            expected: before,
            after: self.states[to].0.clone(),
            actor: "operator".to_owned(),
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

/// Changes by the ledger and past it, stale reads, logins and renewals, in any order: no session outlives
/// what narrows its account, but for a renewal and for what the store is stale where that was written past
/// the ledger; and nothing else ends one.
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
        let mut dice = Dice(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
        let mut model = Model::new(&states);
        for _ in 0..60 {
            model.turn(&mut dice);
        }
        begun += model.sessions.len();
        over += model.sessions.iter().filter(|it| it.is_over).count();
    }
    assert!(begun > 300 && over > 100 && over < begun, "{begun} sessions, {over} ended");
}
