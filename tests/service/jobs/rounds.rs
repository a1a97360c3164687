//! Rounds over all accounts, task by task, and what is told in them.

use std::collections::BTreeSet;

use saml_edge::{DeliveryError, Event, Fault, Job, Task};

use crate::account::refresh;
use crate::common::METADATA;
use crate::jobs::expiry::end;
use crate::support::config::config_with;
use crate::support::seen::REFERENCE;
use crate::support::world::World;

pub(crate) const DAY: i64 = 24 * 60 * 60;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const FIRST: Task = Task::Page { job: Job::NotifyExpiry, cursor: None };

pub(crate) fn with_webhook() -> World {
    let config = config_with(&[
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", KEY),
        ("EVENTS", "bound"),
    ]);
    World { config, ..World::new() }
}

impl World {
    /// Does every task of a round, whatever order they come in; returns the accounts that were
    /// handed out, and the fault of those that failed.
    pub(crate) fn round(&self) -> (Vec<String>, Vec<Fault>) {
        let (mut ids, mut faults, mut tasks) = (Vec::new(), Vec::new(), Task::first().to_vec());
        while let Some(task) = tasks.pop() {
            // As it comes out of the queue.
            let task = Task::parse(&task.text().expect("JSON")).expect("a task");
            let worked = self.work(&task);
            assert!(worked.next.len() <= 51, "{}", worked.next.len());
            tasks.extend(worked.next);
            faults.extend(worked.fault);
            if let Task::Accounts { job, ids: accounts } = task {
                assert!(accounts.len() <= 20, "{}", accounts.len());
                ids.extend(accounts.into_iter().filter(|_| job == Job::NotifyExpiry));
            }
        }
        (ids, faults)
    }

    /// What was told so far: the action and the days.
    pub(crate) fn told(&self) -> Vec<(String, i64)> {
        let audit = self.ledger.audit();
        let told = audit.iter().filter_map(|(_, event, _)| {
            let days = event.entry.expiry.as_ref()?.days;
            Some((event.entry.action.as_str().to_owned(), days))
        });
        told.collect()
    }
}

#[test]
fn a_round_hands_out_every_account_once() {
    let world = World::new();
    let long = "x".repeat(60);
    let ids: BTreeSet<_> = (0..2503).map(|it| format!("{long}{it:04}")).collect();
    for id in &ids {
        world.add(id, METADATA, None);
    }
    // Nobody's: an operator may have written anything.
    world.add("not.an.id", METADATA, None);
    let (handed_out, faults) = world.round();
    assert!(faults.is_empty());
    assert_eq!(handed_out.len(), ids.len() + 2);
    let mut distinct: BTreeSet<_> = handed_out.into_iter().collect();
    assert!(distinct.remove("acme") && distinct.remove("not.an.id"));
    assert_eq!(distinct, ids);
    // What one page makes goes into the queue in one step of at most 256 KB.
    let texts = world.work(&FIRST).next.iter().filter_map(Task::text).collect::<String>();
    assert!((60_000..100_000).contains(&texts.len()), "{}", texts.len());
}

#[test]
fn what_is_out_of_reach_is_tried_again_and_nothing_is_lost() {
    let mut world = World::new();
    world.now = end().plus(-DAY);
    world.ledger.broken.set(true);
    let (_, faults) = world.round();
    assert_eq!(faults.iter().map(Fault::code).collect::<Vec<_>>(), ["ledger_unreachable"]);
    world.ledger.broken.set(false);
    world.store.broken.set(true);
    let (_, faults) = world.round();
    assert_eq!(faults.iter().map(Fault::code).collect::<Vec<_>>(), ["store_unreachable"; 2]);
    assert_eq!(world.told(), []);
    world.store.broken.set(false);
    world.round();
    assert_eq!(world.told().len(), 1);
}

#[test]
fn one_account_stands_in_no_other_s_way() {
    let mut world = World::new();
    world.add("broken", METADATA, None);
    world.add("odd", "<x/>", None);
    world.add("zeta", METADATA, None);
    world.now = end().plus(-DAY);
    *world.ledger.broken_for.borrow_mut() = Some("broken".to_owned());
    let (ids, faults) = world.round();
    assert_eq!((ids.len(), faults.len()), (4, 1));
    assert_eq!(world.told().len(), 2);
    *world.ledger.broken_for.borrow_mut() = None;
    world.round();
    assert_eq!(world.told().len(), 3);
}

/// Which is why 100 000 accounts cost little.
#[test]
fn an_account_with_nothing_to_tell_takes_no_ledger() {
    let world = World::new();
    world.ledger.broken.set(true);
    let (ids, faults) = world.round();
    assert_eq!(ids, ["acme"]);
    assert!(faults.is_empty());
}

#[test]
fn tells_tasks_from_events() {
    assert!(Event::parse(FIRST.text().expect("JSON")).is_none());
    let body = r#"{"id":"evt_1","type":"user.created","timestamp":"","data":{}}"#;
    assert!(Event::parse(body.to_owned()).is_some());
    for text in [body, "", "{}", "[]", r#"{"page":{}}"#, r#"{"accounts":{"of":"x","ids":[]}}"#] {
        assert_eq!(Task::parse(text), None, "{text}");
    }
}

#[test]
fn a_task_is_tried_again_after_as_long_as_it_is_old() {
    for (age, pause) in [(-5, 60), (0, 60), (61, 61), (3_599, 3_599), (3_601, 3_600)] {
        assert_eq!(Task::pause(age), pause, "{age}");
    }
    let why = DeliveryError::Fault(Fault::StoreUnreachable("gone".to_owned()));
    assert_eq!(
        why.task_retry_line(Some(60)),
        concat!(
            r#"{"event":"upkeep_postponed","code":"store_unreachable","#,
            r#""detail":"the store cannot be reached: gone","pause":60}"#
        ),
    );
    assert!(!why.task_retry_line(None).contains("pause"));
}

/// Nobody else's server is asked, and nothing in force changes without a yes.
#[test]
fn a_round_looks_at_the_addresses_that_metadata_follows() {
    let mut world = refresh::world(refresh::APPROVE);
    refresh::publish(&mut world, &refresh::rolled_over());
    world.add("plain", METADATA, Some("{}"));
    world.add("unset", METADATA, None);
    world.add("odd", METADATA, Some("{"));
    for rounds in 1..=2 {
        let (_, faults) = world.round();
        assert!(faults.is_empty());
        assert_eq!(*world.web.asked.borrow(), vec![refresh::URL; rounds]);
    }
    let audit = world.ledger.audit();
    let actions: Vec<_> =
        audit.iter().map(|(account, it, _)| (&**account, it.entry.action.as_str())).collect();
    assert_eq!(actions, [("acme", "metadata.staged")]);
}

#[test]
fn what_is_found_at_an_address_is_a_line_of_the_log() {
    let mut world = refresh::world(refresh::APPROVE);
    let task = Task::Accounts { job: Job::RefreshMetadata, ids: vec!["acme".to_owned()] };
    assert_eq!(world.work(&task).lines.len(), 1, "nothing new");
    refresh::publish(&mut world, &refresh::rolled_over());
    let line = |world: &World| world.work(&task).lines.into_iter().next().expect("a line");
    let expected = |code| {
        format!(
            "{{\"event\":\"metadata_refreshed\",\"code\":\"{code}\",\"reference\":\"{REFERENCE}\",\
             \"account\":\"acme\"}}"
        )
    };
    assert_eq!(line(&world), expected("staged"));
    world.web.answers.clear();
    assert_eq!(line(&world), expected("metadata_url_unanswered"));
    world.store.broken.set(true);
    assert_eq!(world.work(&task).fault.expect("a fault").code(), "store_unreachable");
}
