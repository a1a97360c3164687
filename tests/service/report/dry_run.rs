//! A response that an administrator pastes: inspected, and not used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::common::Scenario;
use crate::report::scenario::{BREAKS, administrator, assert_report, inspect, steps};
use crate::support::form::{answering_with, form};
use crate::support::world::World;

/// What is there of the ledger.
fn ledger(world: &World) -> [usize; 7] {
    let it = &world.ledger;
    [
        it.assertions().len(),
        it.used_requests().len(),
        it.pairs().len(),
        it.users().len(),
        it.sessions().len(),
        it.events().len(),
        it.past_refusals().len(),
    ]
}

#[test]
fn a_dry_run_stores_nothing_and_uses_nothing_up() {
    let mut world = administrator(World::new());
    let id = world.start("/media");
    let before = ledger(&world);
    let xml = answering_with(&id, "_1").xml();
    for response in [xml.clone(), STANDARD.encode(&xml), format!("\u{feff}\n {xml}")] {
        let seen = inspect(&mut world, &response, "");
        assert_report(&seen);
        let open: Vec<_> = steps(&seen).into_iter().filter(|(_, it)| it != "passed").collect();
        let not_judged = ["Request (InResponseTo)", "Used once"];
        assert!(open.iter().map(|(title, _)| title).eq(not_judged.iter()), "{open:?}");
        assert_eq!(seen.headers("set-cookie").count(), 0);
    }
    assert_eq!(ledger(&world), before);
    let seen = world.post("acme", &form(&answering_with(&id, "_1")));
    assert_eq!(seen.answer.status, 303, "it still is what it was");
}

#[test]
fn a_dry_run_finds_what_is_broken() {
    let mut world = administrator(World::new());
    for (step, code, change) in BREAKS {
        // Which request it answers is not judged here.
        if code == "in_response_to_unknown" {
            continue;
        }
        let seen = inspect(&mut world, &change(Scenario::valid()).xml(), "");
        assert_report(&seen);
        assert_eq!(seen.logged("code"), code);
        assert!(steps(&seen).contains(&(step.to_owned(), "failed".to_owned())), "{code}");
    }
    let seen = inspect(&mut world, "no response", "");
    assert_eq!(seen.logged("code"), "base64_malformed");
}

#[test]
fn a_dry_run_judges_at_a_time_that_is_given() {
    let mut world = administrator(World::new());
    let xml = Scenario::valid().xml();
    world.now = world.now.plus(3600);
    assert_eq!(inspect(&mut world, &xml, "").logged("code"), "confirmation_expired");
    assert_eq!(inspect(&mut world, &xml, "2026-11-24T10:00:00Z").logged("event"), "test_passed");
    let seen = inspect(&mut world, &xml, "an hour ago");
    assert_eq!(seen.answer.status, 400);
    assert!(seen.answer.body.contains("This is not a time."));
}
