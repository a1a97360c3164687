//! What is known of users is erased everywhere, and what keeps messages from being used twice stays.

use saml_edge::encoding::hex;
use saml_edge::limits::ERASED_USERS;
use saml_edge::{KnownUser, PastRefusal, Stored};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::common::{METADATA, NOW};
use crate::admin::metadata::{call, json, operated, problem, see};
use crate::world::{Seen, World, answering_with, form};

const ACME: &str = "/sso/api/v1/accounts/acme";
const ERASE: &str = "/sso/api/v1/accounts/acme?erase=true";
const ADA: &str = "ada@acme.example";
const BOB: &str = "bob@acme.example";

/// A deployment whose operator calls; the account's IdP starts logins.
fn world() -> World {
    operated(World::with_settings(r#"{"idp_initiated":"on"}"#))
}

/// A response of `email` that answers no request.
fn response(assertion: &str, email: &str) -> String {
    let unsolicited = answering_with("", assertion)
        .in_response(" InResponseTo=\"\"", "")
        .in_assertion(" InResponseTo=\"\"", "");
    form(&unsolicited.in_assertion(ADA, email))
}

fn sign_in(world: &mut World, assertion: &str, email: &str) -> KnownUser {
    world.jar.clear();
    assert_eq!(world.post("acme", &response(assertion, email)).answer.status, 303);
    let users = world.ledger.users();
    users.iter().find(|(_, user)| user.email == email).expect("a user").1.clone()
}

fn delete(world: &mut World, path: &str) -> Seen {
    call(world, "DELETE", path, "")
}

fn delete_user(world: &mut World, sub: &str) -> Seen {
    delete(world, &format!("{ACME}/users/{sub}"))
}

fn entry(world: &World, email: &str) -> Option<Value> {
    let entry = world.store.directory.borrow().get(&hex(&Sha256::digest(email))).cloned();
    entry.map(|entry| serde_json::from_str(&entry).expect("JSON"))
}

/// Everything that the ledger and the store hold.
fn everything(world: &World) -> String {
    let ledger = &world.ledger;
    let (users, sessions) = (ledger.users(), ledger.sessions());
    let sessions: Vec<_> = sessions.iter().map(|it| it.session.clone()).collect();
    let rest = (ledger.audit(), ledger.past_refusals(), ledger.events());
    format!("{users:?}{sessions:?}{rest:?}{:?}", world.store.directory.borrow())
}

fn types(world: &World) -> Vec<String> {
    let events = world.ledger.events();
    let parse = |body: &str| serde_json::from_str::<Value>(body).expect("JSON");
    let kind = |event: &Value| event["type"].as_str().expect("a type").to_owned();
    events.iter().map(|event| kind(&parse(&event.body))).collect()
}

#[test]
fn a_user_is_erased_everywhere() {
    let mut world = world();
    let bob = sign_in(&mut world, "_1", BOB);
    let ada = sign_in(&mut world, "_2", ADA);
    let seen = delete_user(&mut world, &ada.sub);
    assert_eq!(seen.answer.status, 200, "{}", seen.answer.body);
    assert_eq!(json(&seen), json!({ "sessions_ended": 1, "events_dropped": 2 }));
    let reference = seen.logged("reference");
    // Of her, only the event is left that tells the product.
    let left = everything(&world);
    for trace in [ADA, &ada.sub, &hex(&Sha256::digest(ADA))] {
        let mentions = left.matches(trace).count();
        assert_eq!(mentions, usize::from(trace == ada.sub), "{trace}: {left}");
    }
    assert_eq!(types(&world), ["user.created", "login.succeeded", "user.deleted"]);
    let event: Value = serde_json::from_str(&world.ledger.events()[2].body).expect("JSON");
    let data = json!({ "account": "acme", "reference": reference, "user": { "sub": ada.sub } });
    assert_eq!(event["data"], data);
    // Nothing of anybody else is touched.
    assert_eq!(world.ledger.users().len(), 1);
    assert_eq!(world.ledger.sessions()[0].session.sub, bob.sub);
    assert!(entry(&world, BOB).is_some());
    // It is written down, and not who it was.
    let events = json(&world.get(&format!("{ACME}/audit-events")));
    let noted = json!({
        "id": 1, "at": NOW.seconds(), "actor": "operator", "action": "user.deleted",
        "reference": reference,
    });
    assert_eq!(events["audit_events"], json!([noted]));
    assert_eq!(problem(&delete_user(&mut world, &ada.sub)), (404, "user_unknown".to_owned()));
}

/// Row F5 holds after it, and who comes again is new.
#[test]
fn an_erased_user_comes_back_as_a_new_one_and_by_a_new_message() {
    let mut world = world();
    let before = sign_in(&mut world, "_1", ADA);
    delete_user(&mut world, &before.sub);
    world.now = NOW.plus(5);
    for _ in 0..2 {
        // First in the browser that has used it, which would go on otherwise.
        let replayed = world.post("acme", &response("_1", ADA));
        assert_eq!(replayed.refusal(), "assertion_replayed");
        world.jar.clear();
    }
    assert!(world.ledger.users().is_empty());
    let after = sign_in(&mut world, "_2", ADA);
    assert_eq!((after.sub, after.first_login), (before.sub, NOW.seconds() + 5));
    assert_eq!(types(&world)[1..], ["login.refused", "user.created", "login.succeeded"]);
}

#[test]
fn a_user_has_an_id_that_could_be_one() {
    let mut world = world();
    let unknown = "A".repeat(43);
    assert_eq!(problem(&delete_user(&mut world, &unknown)), (404, "user_unknown".to_owned()));
    for sub in ["", "A", &*"A".repeat(44), &*"%41".repeat(43), ADA] {
        let seen = delete_user(&mut world, sub);
        assert_eq!(problem(&seen), (404, "path_unknown".to_owned()), "{sub}");
    }
    let seen = call(&mut world, "GET", &format!("{ACME}/users/{unknown}"), "");
    assert_eq!(problem(&seen), (405, "method_not_allowed".to_owned()));
    assert!(world.ledger.audit().is_empty());
}

/// An address may have signed in to other accounts too.
#[test]
fn other_accounts_of_an_address_stay() {
    let mut world = world();
    let ada = sign_in(&mut world, "_1", ADA);
    let beta = json!({ "account": "beta", "seen": NOW.seconds() - 9 });
    let lines = json!([beta, { "account": "acme", "seen": NOW.seconds() }]);
    let digest = hex(&Sha256::digest(ADA));
    world.store.directory.borrow_mut().insert(digest, lines.to_string());
    assert_eq!(delete_user(&mut world, &ada.sub).answer.status, 200);
    assert_eq!(entry(&world, ADA), Some(json!([beta])));
}

#[test]
fn the_directory_comes_first() {
    let mut world = world();
    let ada = sign_in(&mut world, "_1", ADA);
    world.store.directory_is_broken.set(true);
    let seen = delete_user(&mut world, &ada.sub);
    assert_eq!(problem(&seen), (503, "store_unreachable".to_owned()));
    assert_eq!(world.ledger.users().len(), 1);
    world.store.directory_is_broken.set(false);
    assert_eq!(delete_user(&mut world, &ada.sub).answer.status, 200);
    assert_eq!(entry(&world, ADA), None);
}

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
    let noted = audit.iter().filter(|(_, event, _)| event.entry.action == "account.erased");
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
