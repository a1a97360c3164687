//! What becomes of events between a ledger and a queue, whatever the queue does not take (row H16).

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use saml_edge::outbox::{MESSAGE_OCTETS, Outbox, TooLarge, Waiting, carry};

use crate::support::world::ready;

/// An outbox, and a queue that takes nothing while it is down, and some events never.
#[derive(Default)]
struct Events {
    waiting: RefCell<Vec<Waiting>>,
    delivered: RefCell<Vec<String>>,
    aside: RefCell<Vec<String>>,
    is_down: Cell<bool>,
    /// The place of the last one.
    last: Cell<i64>,
    /// How often the queue was asked.
    asked: Cell<usize>,
    log: RefCell<Vec<String>>,
}

/// What the ids of events begin with that the queue never takes, and that no size betrays.
const POISON: &str = "poison";

impl Events {
    fn write(&self, id: &str, octets: usize) {
        self.last.set(self.last.get() + 1);
        let (place, id, body) = (self.last.get(), id.to_owned(), "x".repeat(octets));
        self.waiting.borrow_mut().push(Waiting { place, id, body, tries: 0, refusals: 0 });
    }

    /// What the alarm does. Returns after how many seconds it comes again.
    fn carry(&self) -> Option<u64> {
        let log = |line| self.log.borrow_mut().push(line);
        let Ok(pause) = ready(carry(self, &log));
        assert_eq!(
            pause.is_none(),
            self.waiting.borrow().is_empty(),
            "what is left is tried again"
        );
        pause.map(|it| it.as_secs())
    }

    fn with(&self, place: i64, change: impl FnOnce(&mut Waiting)) -> Result<(), Infallible> {
        let mut waiting = self.waiting.borrow_mut();
        change(waiting.iter_mut().find(|it| it.place == place).expect("an event"));
        Ok(())
    }

    fn take(&self, place: i64) -> String {
        let mut waiting = self.waiting.borrow_mut();
        let at = waiting.iter().position(|it| it.place == place).expect("an event");
        waiting.remove(at).id
    }

    /// How many lines of the log have both.
    fn logged(&self, event: &str, code: &str) -> usize {
        let (event, code) = (format!("\"event\":\"{event}\""), format!("\"code\":\"{code}\""));
        self.log.borrow().iter().filter(|it| it.contains(&event) && it.contains(&code)).count()
    }
}

impl Outbox for Events {
    type Error = Infallible;

    fn too_large(&self, octets: usize) -> Result<Vec<TooLarge>, Infallible> {
        let waiting = self.waiting.borrow();
        let large = waiting.iter().filter(|it| it.body.len() > octets);
        let large =
            large.map(|it| TooLarge { place: it.place, id: it.id.clone(), octets: it.body.len() });
        Ok(large.collect())
    }

    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, Infallible> {
        let mut waiting = self.waiting.borrow().clone();
        waiting.sort_by_key(|it| (it.tries, it.place));
        waiting.truncate(limit);
        Ok(waiting)
    }

    fn taken(&self, place: i64) -> Result<(), Infallible> {
        self.take(place);
        Ok(())
    }

    fn failed(&self, place: i64) -> Result<(), Infallible> {
        self.with(place, |it| it.tries += 1)
    }

    fn refused(&self, place: i64) -> Result<(), Infallible> {
        self.with(place, |it| (it.tries, it.refusals) = (it.tries + 1, it.refusals + 1))
    }

    fn set_aside(&self, place: i64) -> Result<(), Infallible> {
        let id = self.take(place);
        self.aside.borrow_mut().push(id);
        Ok(())
    }

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
    for octets in [MESSAGE_OCTETS + 1, 130_000, 200_001, 1_000_000] {
        let events = Events::default();
        events.write("large", octets);
        for id in ["a", "b"] {
            events.write(id, 500);
        }
        assert_eq!(events.carry(), None, "{octets}");
        assert_eq!(*events.delivered.borrow(), ["a", "b"]);
        assert_eq!((*events.aside.borrow()).clone(), ["large"]);
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
        events.write(id, MESSAGE_OCTETS);
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
        assert_eq!(events.aside.borrow().len(), usize::from(round == 4));
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
    assert_eq!((events.delivered.borrow().len(), events.aside.borrow().len()), (250, 0));
    assert_eq!(events.log.borrow().len(), events.logged("webhook_postponed", "queue_unreachable"));
}

/// Whatever comes in whatever order: what the queue would take, it gets, once and before long; what it never
/// takes ends aside, with one line; and no run ends with something left and no next one.
#[test]
fn whatever_comes_everything_goes_that_can() {
    for seed in 1..200_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let events = Events::default();
        let mut sound = Vec::new();
        for number in 0..40 {
            for nth in 0..random(8) {
                let id = format!("{number}.{nth}");
                match random(12) {
                    0 => events.write(&format!("{POISON} {id}"), 500),
                    1 => events.write(
                        &format!("large {id}"),
                        119_990 + usize::try_from(random(20)).expect("small"),
                    ),
                    2 => events.write(&format!("huge {id}"), 1_000_000),
                    _ => {
                        events.write(&id, 500);
                        sound.push(id);
                    }
                }
            }
            events.is_down.set(random(3) == 0);
            events.carry();
            if !events.is_down.get() && random(2) == 0 {
                // Poison may hold others up, but not for long: each run tries those first that were tried least.
                let left = events.waiting.borrow().len();
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
        let aside = events.aside.borrow();
        assert_eq!(
            aside.len(),
            events.logged("fault", "event_refused") + events.logged("fault", "event_too_large")
        );
        assert!(aside.iter().all(|it| it.contains(' ')), "{aside:?}");
    }
}
