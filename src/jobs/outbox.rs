//! The outbox: events from a ledger to the queue, at least once.
//!
//! An event leaves the ledger only after the queue has accepted it. Without a confirmation it is
//! sent again with the same id. An event that the queue never accepts is set aside with a line in
//! the log, so that it does not block the others (row H16).

use std::time::Duration;

use crate::error::Fault;
use crate::jobs::delivery_error::DeliveryError;
use crate::ledger::database::Database;
use crate::ledger::events::outbox;
pub use crate::ledger::events::outbox::{TooLarge, Waiting, is_due};

/// Most octets of one message. The limit of a queue is 128 KB, which includes its own data.
pub const MESSAGE_OCTETS: i64 = 120_000;

/// Most octets of one batch, below the queue's limit of 256 KB.
const BATCH_OCTETS: usize = 200_000;

/// Most events in one batch, by the queue's limit.
const BATCH: i64 = 100;

/// After how many refusals of an event, while others were accepted, it is set aside.
const REFUSALS: u32 = 5;

/// How many events are tried alone until the queue itself counts as failing.
const ALONE: usize = 3;

/// Longest pause before the next attempt, as a power of two: 512 seconds.
const LONGEST: u32 = 9;

/// The queue. The platform implements it.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future here is ever sent")]
pub trait Queue {
    /// Sends all of the events to the queue, or none. The error is the platform's text.
    async fn send(&self, events: &[Waiting]) -> Result<(), String>;
}

/// Sends all events to the queue, and passes lines to `log`. Returns the pause before the next
/// attempt; `None` where no event is left.
pub async fn carry(
    db: &dyn Database,
    queue: &impl Queue,
    log: &impl Fn(String),
) -> Result<Option<Duration>, Fault> {
    for TooLarge { place, id, octets } in outbox::too_large(db, MESSAGE_OCTETS)? {
        outbox::set_aside(db, place)?;
        log(DeliveryError::EventTooLarge { octets }.set_aside_line(&id));
    }
    loop {
        let events = batch(outbox::waiting(db, BATCH)?);
        if events.is_empty() {
            return Ok(None);
        }
        let Err(error) = queue.send(&events).await else {
            events.iter().try_for_each(|it| outbox::taken(db, it.place))?;
            continue;
        };
        if !carry_alone(db, queue, &events, log).await? {
            let seconds = pause(&events);
            let why = DeliveryError::QueueUnreachable(error);
            log(why.retry_line(None, None, seconds));
            return Ok(Some(Duration::from_secs(seconds.into())));
        }
    }
}

/// The events of one batch, of which there is at least one where there are any.
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

/// The pause in seconds after a batch of which the queue has accepted nothing. It doubles with each
/// attempt. Events that were refused while others were accepted do not count.
fn pause(events: &[Waiting]) -> u32 {
    let tries = |are_refused: bool| {
        let those = events.iter().filter(move |it| (it.refusals > 0) == are_refused);
        those.map(|it| it.tries).max()
    };
    let tries = tries(false).or_else(|| tries(true)).unwrap_or_default();
    2_u32.pow(tries.saturating_add(1).min(LONGEST))
}

/// Sends the events of a failed batch one by one. Returns whether the queue accepted any. If so,
/// the others are counted as refused, and set aside after the last attempt. If not, the queue is
/// failing, and the attempt counts for all of them.
async fn carry_alone(
    db: &dyn Database,
    queue: &impl Queue,
    events: &[Waiting],
    log: &impl Fn(String),
) -> Result<bool, Fault> {
    let (mut takes, mut failed) = (false, Vec::new());
    for event in events {
        if !takes && failed.len() >= ALONE {
            break;
        }
        match queue.send(std::slice::from_ref(event)).await {
            Ok(()) => {
                takes = true;
                outbox::taken(db, event.place)?;
            }
            Err(error) => failed.push((event, error)),
        }
    }
    if !takes {
        events.iter().try_for_each(|it| outbox::failed(db, it.place))?;
        return Ok(false);
    }
    for (event, error) in failed {
        outbox::refused(db, event.place)?;
        if event.refusals.saturating_add(1) >= REFUSALS {
            outbox::set_aside(db, event.place)?;
            let why = DeliveryError::EventRefused(error);
            log(why.set_aside_line(&event.id));
        }
    }
    Ok(true)
}
