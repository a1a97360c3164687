//! What is known of users is erased everywhere, and what keeps messages from being used twice
//! stays.

use saml_edge::KnownUser;
use saml_edge::encoding::hex;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::admin::metadata::{call, json, operated, problem};
use crate::common::NOW;
use crate::support::form::{answering_with, form};
use crate::support::seen::Seen;
use crate::support::world::World;

pub(crate) const ACME: &str = "/sso/api/v1/accounts/acme";

pub(crate) const ERASE: &str = "/sso/api/v1/accounts/acme?erase=true";

pub(crate) const ADA: &str = "ada@acme.example";

const BOB: &str = "bob@acme.example";

/// A deployment whose operator calls; the account's IdP starts logins.
pub(crate) fn world() -> World {
    operated(World::with_settings(r#"{"idp_initiated":"on"}"#))
}

/// A response of `email` that answers no request.
pub(crate) fn response(assertion: &str, email: &str) -> String {
    let unsolicited = answering_with("", assertion)
        .in_response(" InResponseTo=\"\"", "")
        .in_assertion(" InResponseTo=\"\"", "");
    form(&unsolicited.in_assertion(ADA, email))
}

pub(crate) fn sign_in(world: &mut World, assertion: &str, email: &str) -> KnownUser {
    world.jar.clear();
    assert_eq!(world.post("acme", &response(assertion, email)).answer.status, 303);
    let users = world.ledger.users();
    users.iter().find(|(_, user)| user.email == email).expect("a user").1.clone()
}

pub(crate) fn delete(world: &mut World, path: &str) -> Seen {
    call(world, "DELETE", path, "")
}

fn delete_user(world: &mut World, sub: &str) -> Seen {
    delete(world, &format!("{ACME}/users/{sub}"))
}

pub(crate) fn entry(world: &World, email: &str) -> Option<Value> {
    let entry = world.store.directory.borrow().get(&hex(&Sha256::digest(email))).cloned();
    entry.map(|entry| serde_json::from_str(&entry).expect("JSON"))
}

/// Everything that the ledger and the store hold.
pub(crate) fn everything(world: &World) -> String {
    let ledger = &world.ledger;
    let (users, sessions) = (ledger.users(), ledger.sessions());
    let sessions: Vec<_> = sessions.iter().map(|it| it.session.clone()).collect();
    let rest = (ledger.audit(), ledger.past_refusals(), ledger.events());
    format!("{users:?}{sessions:?}{rest:?}{:?}", world.store.directory.borrow())
}

pub(crate) fn types(world: &World) -> Vec<String> {
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
