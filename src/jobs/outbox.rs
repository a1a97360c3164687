//! Events on their way from a ledger to the queue.
//!
//! They leave the ledger only after the queue has taken them. Where that is not heard of, they are
//! carried again, under the same ids. One that the queue will never take is set aside, with a line
//! in the log, so that it keeps no other from going (row H16).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::jobs::delivery_error::Undelivered;
use crate::jobs::webhook;

/// Most octets of one message: the limit of a queue is 128 KB, some of which is its own.
pub const MESSAGE_OCTETS: usize = 120_000;

/// Most octets of one batch, of which the limit is 256 KB.
const BATCH_OCTETS: usize = 200_000;

/// Most events in one batch, by the queue's limit.
const BATCH: usize = 100;

/// How often the queue may take others and not this one, until it is set aside.
const REFUSALS: u32 = 5;

/// How many are tried alone before it is the queue that counts as failing.
const ALONE: usize = 3;

/// Longest pause before the queue is asked again, as a power of two: 512 seconds.
const LONGEST: u32 = 9;

/// An event that waits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Waiting {
    /// Greater than that of every event before.
    pub place: i64,
    /// [`crate::ledger::events::Event::id`].
    pub id: String,
    /// [`crate::ledger::events::Event::body`].
    pub body: String,
    /// How often it was tried.
    pub tries: u32,
    /// How often of these the queue took others.
    pub refusals: u32,
}

/// An event that is too large for the queue, without its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TooLarge {
    /// As [`Waiting::place`].
    pub place: i64,
    /// As [`Waiting::id`].
    pub id: String,
    /// Of how many octets its body is.
    pub octets: usize,
}

/// Where events wait, and the queue that they go to. The platform implements it.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Outbox {
    /// Why what waits cannot be read or written.
    type Error;

    /// Those whose body has more than `octets`.
    fn too_large(&self, octets: usize) -> Result<Vec<TooLarge>, Self::Error>;

    /// At most `limit` of those that wait: the ones that were tried least, and of these the oldest
    /// first.
    fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, Self::Error>;

    /// Forgets one that the queue has taken.
    fn taken(&self, place: i64) -> Result<(), Self::Error>;

    /// Counts a try at which the queue took nothing.
    fn failed(&self, place: i64) -> Result<(), Self::Error>;

    /// Counts a try at which it took others.
    fn refused(&self, place: i64) -> Result<(), Self::Error>;

    /// Lets one wait no more.
    fn set_aside(&self, place: i64) -> Result<(), Self::Error>;

    /// Gives all of them to the queue, or none; the error is the platform's text.
    async fn send(&self, events: &[Waiting]) -> Result<(), String>;
}

/// Carries all that waits to the queue, and hands lines to `log`. Returns after how long to try
/// again; `None` where nothing waits any more.
pub async fn carry<O: Outbox>(
    outbox: &O,
    log: &impl Fn(String),
) -> Result<Option<Duration>, O::Error> {
    for TooLarge { place, id, octets } in outbox.too_large(MESSAGE_OCTETS)? {
        outbox.set_aside(place)?;
        webhook::set_aside(&Undelivered::EventTooLarge { octets }, &id).into_iter().for_each(log);
    }
    loop {
        let events = batch(outbox.waiting(BATCH)?);
        if events.is_empty() {
            return Ok(None);
        }
        let Err(error) = outbox.send(&events).await else {
            events.iter().try_for_each(|it| outbox.taken(it.place))?;
            continue;
        };
        if !carry_alone(outbox, &events, log).await? {
            let seconds = pause(&events);
            let why = Undelivered::QueueUnreachable(error);
            webhook::postponed(&why, None, None, seconds).into_iter().for_each(log);
            return Ok(Some(Duration::from_secs(seconds.into())));
        }
    }
}

/// As many as the queue takes at once; at least one, where there is one.
fn batch(mut events: Vec<Waiting>) -> Vec<Waiting> {
    let mut octets = 0_usize;
    let fits = events.iter().take_while(|it| {
        octets = octets.saturating_add(it.body.len());
        octets <= BATCH_OCTETS
    });
    let count = fits.count().max(1);
    events.truncate(count);
    events
}

/// After how many seconds the queue is asked again that has taken none of these: twice as many each
/// time. What it did not take while it took others says nothing of it.
fn pause(events: &[Waiting]) -> u32 {
    let tries = |are_refused: bool| {
        let those = events.iter().filter(move |it| (it.refusals > 0) == are_refused);
        those.map(|it| it.tries).max()
    };
    let tries = tries(false).or_else(|| tries(true)).unwrap_or_default();
    2_u32.pow(tries.saturating_add(1).min(LONGEST))
}

/// Carries one by one what did not go together. Returns whether the queue took any: then what it
/// did not take is to blame itself, and is tried again until it has had its chances. Else it is the
/// queue, and every one of them has failed.
async fn carry_alone<O: Outbox>(
    outbox: &O,
    events: &[Waiting],
    log: &impl Fn(String),
) -> Result<bool, O::Error> {
    let (mut takes, mut failed) = (false, Vec::new());
    for event in events {
        if !takes && failed.len() >= ALONE {
            break;
        }
        match outbox.send(std::slice::from_ref(event)).await {
            Ok(()) => {
                takes = true;
                outbox.taken(event.place)?;
            }
            Err(error) => failed.push((event, error)),
        }
    }
    if !takes {
        events.iter().try_for_each(|it| outbox.failed(it.place))?;
        return Ok(false);
    }
    for (event, error) in failed {
        outbox.refused(event.place)?;
        if event.refusals.saturating_add(1) >= REFUSALS {
            outbox.set_aside(event.place)?;
            let why = Undelivered::EventRefused(error);
            webhook::set_aside(&why, &event.id).into_iter().for_each(log);
        }
    }
    Ok(true)
}
