//! What becomes of events between a ledger and a queue, whatever the queue does not take (row H16).

use std::cell::{Cell, RefCell};

use saml_edge::outbox::{MESSAGE_OCTETS, Queue, Waiting, carry, is_due};
use saml_edge::{Database, migrate};
use serde::Deserialize;

use crate::sqlite::Sqlite;
use crate::support::dice::Dice;
use crate::support::world::ready;

/// A ledger, and a queue that takes nothing while it is down, and some events never.
struct Events {
    ledger: Sqlite,
    delivered: RefCell<Vec<String>>,
    is_down: Cell<bool>,
    /// How often the queue was asked.
    asked: Cell<usize>,
    log: RefCell<Vec<String>>,
}

/// What the ids of events begin with that the queue never takes, and that no size betrays.
const POISON: &str = "poison";

/// As large as an event may be.
fn largest() -> usize {
    usize::try_from(MESSAGE_OCTETS).expect("a size")
}

impl Default for Events {
    fn default() -> Self {
        let ledger = Sqlite::new();
        migrate(&ledger).expect("a ledger");
        let (delivered, is_down, asked, log) = Default::default();
        Self { ledger, delivered, is_down, asked, log }
    }
}

impl Events {
    fn write(&self, id: &str, octets: usize) {
        let insert = "INSERT INTO outbox (id, body) VALUES (?, ?)";
        let row = [id.into(), "x".repeat(octets).into()];
        self.db().run(insert, &row).expect("an event");
    }

    /// What the alarm does. Returns after how many seconds it comes again.
    fn carry(&self) -> Option<u64> {
        let log = |line| self.log.borrow_mut().push(line);
        let pause = ready(carry(&self.ledger, self, &log)).expect("a ledger");
        assert_eq!(pause.is_none(), self.waiting() == 0, "what is left is tried again");
        pause.map(|it| it.as_secs())
    }

    fn db(&self) -> &dyn Database {
        &self.ledger
    }

    fn ids(&self, select: &str) -> Vec<String> {
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let rows = self.db().rows::<Row>(select, &[]).expect("rows");
        rows.into_iter().map(|row| row.id).collect()
    }

    fn waiting(&self) -> usize {
        self.ids("SELECT id FROM outbox WHERE is_aside = 0").len()
    }

    /// The last ones that were set aside.
    fn aside(&self) -> Vec<String> {
        self.ids("SELECT id FROM outbox WHERE is_aside = 1 ORDER BY place")
    }

    /// How many lines of the log have both.
    fn logged(&self, event: &str, code: &str) -> usize {
        let (event, code) = (format!("\"event\":\"{event}\""), format!("\"code\":\"{code}\""));
        self.log.borrow().iter().filter(|it| it.contains(&event) && it.contains(&code)).count()
    }
}

impl Queue for Events {
    /// By the limits of Cloudflare's.
    async fn send(&self, events: &[Waiting]) -> Result<(), String> {
        self.asked.set(self.asked.get() + 1);
        let octets =
            |events: &[Waiting]| events.iter().map(|it| it.body.len() + 100).sum::<usize>();
        assert!(!events.is_empty());
        let fits = events.len() <= 100 && octets(events) <= 256_000;
        let takes = |it: &Waiting| it.body.len() + 100 <= 128_000 && !it.id.starts_with(POISON);
        if self.is_down.get() || !fits || !events.iter().all(takes) {
            return Err("not taken".to_owned());
        }
        self.delivered.borrow_mut().extend(events.iter().map(|it| it.id.clone()));
        Ok(())
    }
}

#[test]
fn an_event_that_is_too_large_keeps_no_other_from_going() {
    for octets in [largest() + 1, 130_000, 200_001, 1_000_000] {
        let events = Events::default();
        events.write("large", octets);
        for id in ["a", "b"] {
            events.write(id, 500);
        }
        assert_eq!(events.carry(), None, "{octets}");
        assert_eq!(*events.delivered.borrow(), ["a", "b"]);
        assert_eq!(events.aside(), ["large"]);
        assert_eq!(events.logged("fault", "event_too_large"), 1);
        let line = events.log.borrow().concat();
        assert!(line.contains(&octets.to_string()) && line.contains("\"webhook_id\":\"large\""));
        // And only once.
        events.carry();
        assert_eq!(events.log.borrow().len(), 1);
    }
    // As large as may be.
    let events = Events::default();
    for id in ["a", "b", "c"] {
        events.write(id, largest());
    }
    assert_eq!((events.carry(), events.asked.get()), (None, 3));
    assert_eq!(events.delivered.borrow().len(), 3);
}

#[test]
fn an_event_that_the_queue_never_takes_is_set_aside_in_the_end() {
    let events = Events::default();
    events.write("poison", 500);
    for round in 0..5 {
        let id = format!("sound {round}");
        events.write(&id, 500);
        events.carry();
        assert_eq!(events.delivered.borrow().last(), Some(&id), "nothing waits behind it");
        assert_eq!(events.aside().len(), usize::from(round == 4));
    }
    assert_eq!(events.logged("fault", "event_refused"), 1);
    assert_eq!(events.carry(), None);
}

/// While the queue is down nothing is set aside, however long that lasts, and it is left in peace.
#[test]
fn a_queue_that_is_down_loses_nothing_and_is_asked_ever_more_rarely() {
    let events = Events::default();
    events.is_down.set(true);
    for number in 0..250 {
        events.write(&number.to_string(), 500);
    }
    let pauses: Vec<_> = (0..8).map(|_| events.carry().expect("a pause")).collect();
    assert!(pauses.is_sorted() && pauses.first() == Some(&2), "{pauses:?}");
    assert_eq!(events.asked.get(), 8 * 4, "all together, and three alone");
    for _ in 0..40 {
        events.carry();
    }
    assert_eq!(events.carry(), Some(512));
    events.is_down.set(false);
    assert_eq!(events.carry(), None);
    assert_eq!((events.delivered.borrow().len(), events.aside().len()), (250, 0));
    assert_eq!(events.log.borrow().len(), events.logged("webhook_postponed", "queue_unreachable"));
}

/// An event that has just been written is due, but not while the queue is failing.
#[test]
fn events_are_due_at_once_unless_the_queue_is_failing() {
    let events = Events::default();
    let is_due = || is_due(&events.ledger).expect("a ledger");
    assert!(!is_due());
    events.write("a", 500);
    assert!(is_due());
    events.is_down.set(true);
    events.carry();
    assert!(!is_due(), "it was tried");
    events.write("b", 500);
    assert!(!is_due(), "an alarm is set already");
    events.is_down.set(false);
    events.carry();
    events.write("c", 500);
    assert!(is_due());
}

/// Whatever comes in whatever order: what the queue would take, it gets, once and before long; what
/// it never takes ends aside, with one line; and no run ends with something left and no next one.
#[test]
fn whatever_comes_everything_goes_that_can() {
    for seed in 1..200_u64 {
        let mut dice = Dice::of(seed);
        let events = Events::default();
        let mut sound = Vec::new();
        for number in 0..40 {
            for nth in 0..dice.below(8) {
                let id = format!("{number}.{nth}");
                match dice.below(12) {
                    0 => events.write(&format!("{POISON} {id}"), 500),
                    1 => events.write(&format!("large {id}"), 119_990 + dice.below(20)),
                    2 => events.write(&format!("huge {id}"), 1_000_000),
                    _ => {
                        events.write(&id, 500);
                        sound.push(id);
                    }
                }
            }
            events.is_down.set(dice.below(3) == 0);
            events.carry();
            if !events.is_down.get() && dice.below(2) == 0 {
                // Poison may hold others up, but not for long: each run tries those first that were
                // tried least.
                let left = events.waiting();
                for _ in 0..left {
                    events.carry();
                }
                assert!(sound.iter().all(|it| events.delivered.borrow().contains(it)), "{seed}");
            }
        }
        events.is_down.set(false);
        // The last poison goes aside only while others go.
        for number in 0..200 {
            let id = format!("end {number}");
            events.write(&id, 500);
            sound.push(id);
            events.carry();
        }
        assert_eq!(events.carry(), None, "{seed}");
        let mut delivered = events.delivered.take();
        delivered.retain(|it| !it.starts_with("large"));
        delivered.sort();
        sound.sort();
        assert_eq!(delivered, sound, "{seed}");
        let aside = events.aside();
        let told =
            events.logged("fault", "event_refused") + events.logged("fault", "event_too_large");
        assert_eq!(aside.len(), told.min(20), "the last twenty are kept");
        assert!(aside.iter().all(|it| it.contains(' ')), "{aside:?}");
    }
}
