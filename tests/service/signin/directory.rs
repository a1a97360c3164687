//! What the directory keeps of e-mail addresses, and for how long.

use saml_edge::limits::{ENTRY_AGE, ENTRY_RENEWAL};
use saml_verify::time::UnixTime;

use crate::common::NOW;
use crate::signin::discovery::{ADA, DAY, digest, is_at_idp, says_where_to_begin, submit};
use crate::support::world::World;

#[test]
fn an_address_keeps_its_eight_latest_accounts() {
    let mut world = World::new();
    // As they were written before they had a time.
    let undated = r#"["a","b","c","d","e","f","g","h"]"#.to_owned();
    world.store.directory.borrow_mut().insert(digest(ADA), undated);
    world.sign_in(|scenario| scenario);
    let kept = ["b", "c", "d", "e", "f", "g", "h", "acme"].map(|account| (account, NOW));
    assert_eq!(stored(&world, ADA), entry(&kept));
}

/// An entry as it is written.
pub(crate) fn entry(lines: &[(&str, UnixTime)]) -> String {
    let line = |(account, seen): &(&str, UnixTime)| {
        format!(r#"{{"account":"{account}","seen":{}}}"#, seen.seconds())
    };
    format!("[{}]", lines.iter().map(line).collect::<Vec<_>>().join(","))
}

pub(crate) fn stored(world: &World, email: &str) -> String {
    world.store.directory.borrow().get(&digest(email)).cloned().unwrap_or_default()
}

fn store(world: &World, lines: &[(&str, UnixTime)]) {
    world.store.directory.borrow_mut().insert(digest(ADA), entry(lines));
}

/// Whoever signs in once a year is known, and whoever does not is forgotten.
#[test]
fn an_address_is_forgotten_a_year_after_its_last_login() {
    let mut world = World::new();
    world.sign_in(|scenario| scenario);
    let lasts = world.store.lasts.get().expect("an end").as_secs();
    assert_eq!(i64::try_from(lasts), Ok(ENTRY_AGE));
    // The last login that does not write is a month later at most.
    world.now = NOW.plus(ENTRY_RENEWAL + 365 * DAY - 60);
    is_at_idp(&submit(&mut world, ADA));
    world.now = NOW.plus(ENTRY_AGE);
    says_where_to_begin(&submit(&mut world, ADA));
}

#[test]
fn a_login_writes_its_entry_once_a_month() {
    for (seen, writes) in [(0, 0), (DAY - ENTRY_RENEWAL, 0), (-ENTRY_RENEWAL, 1)] {
        let mut world = World::new();
        store(&world, &[("acme", NOW.plus(seen)), ("beta", NOW)]);
        world.sign_in(|scenario| scenario);
        assert_eq!(world.store.writes.get(), writes, "{seen}");
        let renewed = entry(&[("beta", NOW), ("acme", NOW)]);
        assert_eq!(stored(&world, ADA) == renewed, writes > 0, "{seen}");
    }
}

/// One account keeps no other in an entry.
#[test]
fn what_is_over_goes_with_the_next_write() {
    let mut world = World::new();
    let old = NOW.plus(-ENTRY_AGE);
    store(&world, &[("over", old), ("beta", old.plus(DAY))]);
    world.sign_in(|scenario| scenario);
    assert_eq!(stored(&world, ADA), entry(&[("beta", old.plus(DAY)), ("acme", NOW)]));
}
