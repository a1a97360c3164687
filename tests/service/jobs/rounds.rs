//! Rounds over all accounts, task by task, and what is told in them.

use std::collections::BTreeSet;

use saml_edge::{DeliveryError, Event, Fault, Job, Task};
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

use crate::common::METADATA;
use crate::account::refresh;
use crate::world::{REFERENCE, World, config_with, sp_certificate, sp_key};

const DAY: i64 = 24 * 60 * 60;
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const FIRST: Task = Task::Page { job: Job::NotifyExpiry, cursor: None };

/// The last second of the certificate in `METADATA`.
fn end() -> UnixTime {
    let idp = IdpMetadata::parse(METADATA).expect("metadata");
    idp.last_certificate().expect("a certificate").not_after()
}

/// The same metadata with a certificate that expires ten years earlier.
fn earlier() -> String {
    let (before, rest) = METADATA.split_once("<X509Certificate>").expect("a certificate");
    let (_, behind) = rest.split_once("</X509Certificate>").expect("an end");
    format!("{before}<X509Certificate>{}</X509Certificate>{behind}", sp_certificate())
}

fn heard() -> World {
    let config = config_with(&[
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", KEY),
        ("EVENTS", "bound"),
    ]);
    World { config, ..World::new() }
}

impl World {
    /// Does every task of a round, whatever order they come in; returns the accounts that were handed
    /// out, and the fault of those that failed.
    fn round(&self) -> (Vec<String>, Vec<Fault>) {
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
    fn told(&self) -> Vec<(String, i64)> {
        let audit = self.ledger.audit();
        let told = audit.iter().filter_map(|(_, event, _)| {
            let days = event.entry.expiry.as_ref()?.days;
            Some((event.entry.action.clone(), days))
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
fn an_expiry_is_told_once_at_60_30_7_and_1_days_and_in_the_end() {
    let mut world = World::new();
    let mut expected = Vec::new();
    for (at, action, days) in [
        (-60 * DAY, "certificate.expiring", 60),
        (-30 * DAY, "certificate.expiring", 30),
        (-7 * DAY, "certificate.expiring", 7),
        (-DAY, "certificate.expiring", 1),
        (1, "certificate.expired", 0),
    ] {
        world.now = end().plus(at - 1);
        world.round();
        assert_eq!(world.told(), expected, "not yet: {days}");
        expected.push((action.to_owned(), days));
        for later in [0, 0, 1, 6 * 60 * 60] {
            world.now = end().plus(at + later);
            world.round();
            assert_eq!(world.told(), expected, "{days}");
        }
    }
}

/// Whatever was missed: it is no news that sixty days are over.
#[test]
fn of_an_expiry_only_the_nearest_notice_is_told() {
    for (at, days) in [(-5 * DAY, Some(7)), (1, Some(0)), (30 * DAY, Some(0)), (30 * DAY + 1, None)]
    {
        let mut world = World::new();
        world.now = end().plus(at);
        world.round();
        world.round();
        let told: Vec<_> = world.told().into_iter().map(|(_, days)| days).collect();
        assert_eq!(told, days.into_iter().collect::<Vec<_>>(), "{at}");
    }
}

#[test]
fn of_several_certificates_the_last_to_expire_counts() {
    let mut world = World::new();
    let earlier = earlier();
    let first = IdpMetadata::parse(&earlier).expect("metadata");
    let first_end = first.last_certificate().expect("a certificate").not_after();
    let (_, key) = earlier.split_once("<KeyDescriptor").expect("a key");
    let (key, _) = key.split_once("</KeyDescriptor>").expect("an end");
    let both = METADATA.replacen(
        "<KeyDescriptor",
        &format!("<KeyDescriptor{key}</KeyDescriptor>\n<KeyDescriptor"),
        1,
    );
    assert_eq!(IdpMetadata::parse(&both).expect("metadata").certificates().len(), 2);
    world.now = first_end.plus(-3 * DAY);
    world.add("acme", &both, None);
    world.round();
    assert_eq!(world.told(), []);
    world.add("acme", &earlier, None);
    world.round();
    assert_eq!(world.told(), [("certificate.expiring".to_owned(), 7)]);
}

/// A certificate that comes back is not told of again, and another one is.
#[test]
fn each_certificate_is_told_of_by_itself() {
    let mut world = World::new();
    world.now = end().plus(-DAY);
    world.round();
    world.add("acme", &earlier(), None);
    world.round();
    world.add("acme", METADATA, None);
    world.round();
    assert_eq!(world.told(), [("certificate.expiring".to_owned(), 1)]);
    world.add("other", METADATA, None);
    world.round();
    assert_eq!(world.told().len(), 2, "each account is told");
}

#[test]
fn the_product_hears_of_an_expiry() {
    let mut world = heard();
    world.now = end().plus(-30 * DAY);
    world.round();
    world.round();
    let events = world.ledger.events();
    let [Event { id, body }] = events.try_into().expect("one event");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let idp = IdpMetadata::parse(METADATA).expect("metadata");
    let fingerprint = idp.last_certificate().expect("a certificate").fingerprint();
    let fingerprint: String = fingerprint.iter().map(|octet| format!("{octet:02x}")).collect();
    let expiry = json!({ "certificate": fingerprint, "not_after": end().seconds(), "days": 30 });
    let change = json!({
        "at": world.now.seconds(), "actor": "upkeep", "action": "certificate.expiring",
        "reference": REFERENCE, "expiry": expiry,
    });
    let data = json!({ "account": "acme", "reference": REFERENCE, "change": change });
    let time = world.now.to_xml();
    let kind = "certificate.expiring";
    assert_eq!(body, json!({ "id": id, "type": kind, "timestamp": time, "data": data }));
    // A ledger that has forgotten makes the same event anew, under the same id, once it was carried.
    world.ledger.run("DELETE FROM expiries");
    world.ledger.run("DELETE FROM outbox");
    world.now = world.now.plus(DAY);
    world.round();
    let ids: Vec<_> = world.ledger.events().iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids, [id]);
}

#[test]
fn nobody_hears_of_an_expiry_without_a_webhook() {
    let mut world = World::new();
    world.now = end().plus(-DAY);
    world.round();
    assert_eq!(world.told().len(), 1);
    assert!(world.ledger.events().is_empty());
}

#[test]
fn a_line_of_the_log_tells_it_as_well() {
    let mut world = World::new();
    for (at, event) in [(-7 * DAY, "certificate_expiring"), (1, "certificate_expired")] {
        world.now = end().plus(at);
        let task = Task::Accounts { job: Job::NotifyExpiry, ids: vec!["acme".to_owned()] };
        let [line, done] = world.work(&task).lines.try_into().expect("two lines");
        let line: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&line["event"], &line["account"]), (&json!(event), &json!("acme")));
        assert_eq!(line["reference"], REFERENCE);
        let expected = format!(
            r#"{{"event":"upkeep_done","task":"accounts","of":"metadata","accounts":1,"reference":"{REFERENCE}"}}"#
        );
        assert_eq!(done, expected);
        assert_eq!(world.work(&task).lines, [expected]);
        world.ledger.broken.set(true);
        assert!(world.work(&task).lines.is_empty(), "and is to be tried again");
        world.ledger.broken.set(false);
    }
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

/// It is no account's.
#[test]
fn our_own_certificate_is_told_of_in_every_round() {
    let own = IdpMetadata::parse(&earlier()).expect("metadata");
    let end = own.last_certificate().expect("a certificate").not_after();
    let config = config_with(&[("SP_KEYS", &sp_key())]);
    for (at, is_told) in [(-60 * DAY - 1, false), (-60 * DAY, true), (0, true), (90 * DAY, true)] {
        let line = saml_edge::own_certificate(&config, end.plus(at));
        assert_eq!(line.is_some(), is_told, "{at}");
        assert!(line.is_none_or(|line| line.contains("2036-11-23")));
    }
    assert_eq!(saml_edge::own_certificate(&config_with(&[]), end), None);
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
        audit.iter().map(|(account, it, _)| (&**account, &*it.entry.action)).collect();
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
            r#"{{"event":"metadata_refreshed","code":"{code}","reference":"{REFERENCE}","account":"acme"}}"#
        )
    };
    assert_eq!(line(&world), expected("staged"));
    world.web.answers.clear();
    assert_eq!(line(&world), expected("metadata_url_unanswered"));
    world.store.broken.set(true);
    assert_eq!(world.work(&task).fault.expect("a fault").code(), "store_unreachable");
}
