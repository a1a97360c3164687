//! An account is erased with all that is known of its users.

use saml_edge::encoding::hex;
use saml_edge::limits::ERASED_USERS;
use saml_edge::{KnownUser, PastRefusal, Stored};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::admin::erasure::{
    ACME, ADA, ERASE, delete, entry, everything, response, sign_in, types, world,
};
use crate::admin::metadata::{call, json, problem, see};
use crate::common::{METADATA, NOW};
use crate::support::world::World;

/// Users as they are after their logins.
fn add_users(world: &World, count: u32) {
    for number in 0..count {
        let email = format!("user{number}@acme.example");
        let user = KnownUser {
            sub: format!("{number:043}"),
            email: email.clone(),
            name: email.clone(),
            role: "developer".to_owned(),
            first_login: NOW.seconds(),
            last_login: NOW.seconds(),
        };
        world.ledger.add_user("acme", user);
        let line = json!([{ "account": "acme", "seen": NOW.seconds() }]).to_string();
        world.store.directory.borrow_mut().insert(hex(&Sha256::digest(email)), line);
    }
}

fn refusal() -> PastRefusal {
    let text = |text: &str| text.to_owned();
    PastRefusal {
        at: NOW.seconds(),
        code: text("role_missing"),
        detail: text("the claim role is missing"),
        reference: text("0707070707070707"),
    }
}

#[test]
fn an_account_is_erased_with_all_that_is_known_of_its_users() {
    let mut world = world();
    sign_in(&mut world, "_1", ADA);
    world.note(&refusal());
    world.jar.clear();
    world.post("acme", &response("_1", ADA));
    call(&mut world, "POST", &format!("{ACME}/setup-links"), "");
    see(&mut world);
    let seen = delete(&mut world, ERASE);
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    let gone = json!({
        "sessions_ended": 1, "setup_links_revoked": 1, "staged_dropped": 0, "users_erased": 1,
        "versions_erased": 1, "refusals_erased": 2, "events_dropped": 2, "complete": true,
    });
    assert_eq!(json(&seen), gone);
    let left = everything(&world);
    for trace in [ADA, "Lovelace", "idp.example", &hex(&Sha256::digest(ADA))] {
        assert!(!left.contains(trace), "{trace}: {left}");
    }
    assert!(world.ledger.signers().is_empty());
    assert_eq!(world.ledger.assertions().len(), 1, "nothing is used twice");
    let heard = types(&world);
    let kinds = ["login.refused", "setup_link.created", "setup_link.revoked"];
    assert_eq!(heard[..3], kinds);
    // The store itself was written to before anything was noted.
    assert_eq!(heard[3..], ["metadata.changed", "metadata.deleted", "account.erased"]);
    let events = json(&world.get(&format!("{ACME}/audit-events?limit=1")));
    assert_eq!(events["audit_events"][0]["action"], "account.erased");
    // Once more, and nothing is left to be done, or written down.
    let (events, noted) = (types(&world), world.ledger.audit().len());
    let again = delete(&mut world, ERASE);
    assert_eq!(
        (&json(&again)["complete"], &json(&again)["users_erased"]),
        (&json!(true), &json!(0))
    );
    assert_eq!((types(&world), world.ledger.audit().len()), (events, noted));
    // Row F5: the account begins again, and what was used stays used.
    world.change("acme", Some(METADATA), Some(r#"{"idp_initiated":"on"}"#));
    world.jar.clear();
    assert_eq!(world.post("acme", &response("_1", ADA)).refusal(), "assertion_replayed");
    assert_eq!(sign_in(&mut world, "_2", ADA).first_login, NOW.seconds());
}

#[test]
fn an_account_is_erased_only_where_that_is_asked_for() {
    let mut world = world();
    sign_in(&mut world, "_1", ADA);
    see(&mut world);
    for query in ["erase=", "erase=false", "erase=1", "erase=TRUE", "erase"] {
        let seen = delete(&mut world, &format!("{ACME}?{query}"));
        assert_eq!(problem(&seen), (400, "erase_invalid".to_owned()), "{query}");
        assert_eq!(json(&seen)["field"], "erase");
    }
    let gone = json!({ "sessions_ended": 1, "setup_links_revoked": 0, "staged_dropped": 0 });
    assert_eq!(json(&delete(&mut world, ACME)), gone);
    assert_eq!(world.ledger.users().len(), 1);
    assert!(entry(&world, ADA).is_some());
    assert_eq!(problem(&delete(&mut world, ACME)), (404, "account_absent".to_owned()));
    // Later, as it was asked for before.
    let seen = delete(&mut world, ERASE);
    assert_eq!((seen.answer.status, &json(&seen)["users_erased"]), (200, &json!(1)));
    assert_eq!(entry(&world, ADA), None);
}

#[test]
fn an_account_is_erased_by_who_has_seen_it() {
    let mut world = world();
    add_users(&world, 1);
    assert_eq!(problem(&delete(&mut world, ERASE)), (428, "if_match_missing".to_owned()));
    world.if_match = Some("\"x\"".to_owned());
    assert_eq!(problem(&delete(&mut world, ERASE)), (412, "account_changed".to_owned()));
    assert_eq!(world.ledger.users().len(), 1);
}

#[test]
fn a_large_account_is_erased_in_several_calls() {
    let mut world = world();
    add_users(&world, 2 * ERASED_USERS + 1);
    world.note(&refusal());
    see(&mut world);
    let mut erased = Vec::new();
    loop {
        // The very same call, with the tag of what is there no more.
        let seen = delete(&mut world, ERASE);
        assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
        let gone = json(&seen);
        erased.push(gone["users_erased"].as_u64().expect("a count"));
        let is_last = gone["complete"] == json!(true);
        assert_eq!(gone["refusals_erased"], json!(u8::from(is_last)));
        if is_last {
            break;
        }
    }
    assert_eq!(erased, [u64::from(ERASED_USERS), u64::from(ERASED_USERS), 1]);
    assert!(world.store.directory.borrow().is_empty());
    let audit = world.ledger.audit();
    let noted =
        audit.iter().filter(|(_, event, _)| event.entry.action.as_str() == "account.erased");
    assert_eq!(noted.count(), 1);
}

#[test]
fn what_fails_half_way_goes_on() {
    let mut world = world();
    add_users(&world, 7);
    see(&mut world);
    world.store.writes_left.set(Some(3));
    let seen = delete(&mut world, ERASE);
    assert_eq!(problem(&seen), (503, "store_unreachable".to_owned()));
    assert_eq!(world.ledger.users().len(), 7, "who is known can be tried again");
    assert_eq!(world.store.directory.borrow().len(), 4);
    world.store.writes_left.set(None);
    world.ledger.broken.set(true);
    assert_eq!(problem(&delete(&mut world, ERASE)).0, 503);
    world.ledger.broken.set(false);
    let gone = json(&delete(&mut world, ERASE));
    assert_eq!((&gone["users_erased"], &gone["complete"]), (&json!(7), &json!(true)));
    assert!(world.store.directory.borrow().is_empty());
    assert!(world.ledger.users().is_empty());
}

/// Somebody sets the account up again, while it is being erased.
#[test]
fn an_account_that_is_back_is_not_erased() {
    let mut world = world();
    see(&mut world);
    delete(&mut world, ACME);
    add_users(&world, 1);
    world.change("acme", Some(METADATA), None);
    assert_eq!(problem(&delete(&mut world, ERASE)), (412, "account_changed".to_owned()));
    assert_eq!(world.ledger.users().len(), 1);
    assert_ne!(world.store.accounts.borrow()["acme"], Stored::default());
}
