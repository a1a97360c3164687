//! Setup links: who makes them, how they are opened, and when they are over.

use saml_edge::Stored;
use saml_edge::limits::OWN_FORM_OCTETS;
use serde_json::{Value, json};

use crate::common::METADATA;
use crate::fakes::Octets;
use crate::settings::changes;
use crate::world::{BASE_URL, Seen, World, config_with, secret};

const LINKS: &str = "/sso/api/v1/accounts/acme/setup-links";
const START: &str = "/sso/acme/settings/start";
pub(crate) const SETTINGS: &str = "/sso/acme/settings";
const SETUP: &str = "__Host-setup";

/// A deployment with an operator, and a browser.
pub(crate) fn world() -> World {
    World { config: config_with(&[("ADMIN_TOKEN", &secret(9))]), ..World::new() }
}

/// The same, where the product hears of what is done.
fn hearing() -> World {
    let config = config_with(&[
        ("ADMIN_TOKEN", &secret(9)),
        ("WEBHOOK_URL", "https://app.example/hook"),
        ("WEBHOOK_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("EVENTS", "bound"),
    ]);
    World { config, ..World::new() }
}

fn operate(world: &mut World, method: &str, path: &str, body: &str) -> Seen {
    world.authorization = Some(format!("Bearer {}", secret(9)));
    let seen = world.send(method, path, Some("application/json"), "", Octets::of(body));
    world.authorization = None;
    seen
}

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.answer.body).expect("JSON")
}

/// Makes a link and gives its id and its token.
fn make(world: &mut World, body: &str) -> (String, String) {
    let made = operate(world, "POST", LINKS, body);
    assert_eq!(made.answer.status, 201, "{}", made.answer.body);
    let made = json(&made);
    let text = |name| made.get(name).and_then(Value::as_str).expect("text");
    let url = text("url");
    let token = url.strip_prefix(&format!("{BASE_URL}{START}?link=")).expect("ours");
    (text("id").to_owned(), token.to_owned())
}

/// Makes a link and opens it.
pub(crate) fn enter(world: &mut World) -> String {
    let (id, token) = make(world, "{}");
    let seen = world.submit(START, &[("link", &token)]);
    assert_eq!((seen.answer.status, seen.header("location")), (303, SETTINGS));
    id
}

#[test]
fn a_link_leads_to_the_settings() {
    let mut world = world();
    let (id, token) = make(&mut world, r#"{"note":"for Gus","expires_in":3600}"#);
    let page = world.get(&format!("{START}?link={token}"));
    assert_eq!(page.answer.status, 200);
    assert!(page.answer.body.contains(&token));
    assert_eq!(page.header("cache-control"), "no-store");
    // It goes to this site alone, and the browser says that the form is ours.
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    let seen = world.submit(START, &[("link", &token)]);
    assert_eq!((seen.answer.status, seen.header("location")), (303, SETTINGS));
    let cookie = seen.header("set-cookie");
    assert!(cookie.starts_with(SETUP) && cookie.ends_with("SameSite=Lax; Max-Age=3600"));
    assert_eq!(seen.logged("event"), "setup_link_opened");
    let log = seen.log.as_deref().expect("a line");
    assert!(!log.contains(&token) && !seen.answer.body.contains(&token));
    let settings = world.get(SETTINGS);
    assert_eq!(settings.answer.status, 200);
    assert!(settings.answer.body.contains("You are here by a setup link."));
    let links = json(&operate(&mut world, "GET", LINKS, ""));
    let now = world.now.seconds();
    let link = json!({
        "id": id, "note": "for Gus", "created": now, "expires": now + 3600, "opened": now,
    });
    assert_eq!(links, json!({ "setup_links": [link] }));
}

/// Mail filters and previews look at every address there is.
#[test]
fn looking_at_a_link_uses_nothing() {
    let mut world = world();
    let (_, token) = make(&mut world, "");
    for method in ["GET", "HEAD"] {
        let address = format!("{START}?link={token}");
        let seen = world.send(method, &address, None, "", Octets::of(""));
        assert_eq!(seen.answer.status, 200);
        assert_eq!(seen.header("set-cookie"), "");
    }
    let links = json(&operate(&mut world, "GET", LINKS, ""));
    assert_eq!(links["setup_links"][0]["opened"], Value::Null);
}

/// IT may be known here before anybody can sign in, and before there is anything to store.
#[test]
fn a_link_works_without_an_account() {
    let mut world = world();
    world.store.accounts.borrow_mut().clear();
    enter(&mut world);
    let seen = world.get(SETTINGS);
    assert_eq!(seen.answer.status, 200);
    assert!(seen.answer.body.contains("Single sign-on is off"));
}

#[test]
fn a_link_that_is_changed_is_none() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    let [id, expires, tag] = *token.split('.').collect::<Vec<_>>() else { panic!("{token}") };
    let later = expires.parse::<i64>().expect("a time") + 1;
    let tokens = [
        String::new(),
        "x".to_owned(),
        format!("{id}.{later}.{tag}"),
        format!("{}.{expires}.{tag}", "0".repeat(32)),
        format!("{id}.{expires}."),
        format!("{id}.{expires}.{}", tag.split_at(42).0),
        format!("{id}.{tag}"),
        format!(" {token}"),
    ];
    world.ledger.broken.set(true);
    for token in tokens {
        let address = format!("{START}?link={token}");
        assert_eq!(world.get(&address).refusal(), "setup_link_invalid", "{token}");
        let seen = world.submit(START, &[("link", &token)]);
        // The ledger, which is out of reach, was not asked.
        assert_eq!((seen.refusal().as_str(), seen.answer.status), ("setup_link_invalid", 403));
    }
    let page = format!("/sso/other/settings/start?link={token}");
    assert_eq!(world.get(&page).refusal(), "setup_link_invalid");
}

#[test]
fn a_link_of_other_keys_is_none() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    let keys = [("ADMIN_TOKEN", &*secret(9)), ("SESSION_KEYS", &*secret(7))];
    world.config = config_with(&keys);
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    let both = format!("{},{}", secret(7), secret(1));
    world.config = config_with(&[("SESSION_KEYS", &both)]);
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
}

#[test]
fn a_link_ends_with_its_time() {
    let mut world = world();
    let (_, token) = make(&mut world, r#"{"expires_in":60}"#);
    world.now = world.now.plus(59);
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    world.now = world.now.plus(1);
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    // As nobody at all.
    assert!(world.get(SETTINGS).header("location").starts_with("/sso/acme/login?"));
}

#[test]
fn a_revoked_link_lets_nobody_in_any_more() {
    let mut world = world();
    let (id, token) = make(&mut world, "{}");
    assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    let gone = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    assert_eq!((gone.answer.status, &*gone.answer.body), (204, ""));
    assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "setup_link_invalid");
    let again = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    assert_eq!((again.answer.status, &*again.logged("code")), (404, "setup_link_unknown"));
    assert_eq!(json(&operate(&mut world, "GET", LINKS, "")), json!({ "setup_links": [] }));
}

fn audit_events(world: &mut World) -> Vec<Value> {
    let path = "/sso/api/v1/accounts/acme/audit-events";
    let page = json(&operate(world, "GET", path, ""));
    let events = page.get("audit_events").and_then(Value::as_array).expect("a list");
    events.iter().rev().cloned().collect()
}

/// Whoever opens it again and again pushes nothing out of the list.
#[test]
fn a_link_is_written_down_when_it_is_made_first_opened_and_revoked() {
    let mut world = hearing();
    let (id, token) = make(&mut world, "{}");
    let made = world.now.seconds();
    for _ in 0..3 {
        world.now = world.now.plus(60);
        assert_eq!(world.submit(START, &[("link", &token)]).answer.status, 303);
    }
    let gone = operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    operate(&mut world, "DELETE", &format!("{LINKS}/{id}"), "");
    let written = audit_events(&mut world);
    let actions = [
        ("setup_link.created", "operator".to_owned(), made),
        ("setup_link.opened", format!("setup_link:{id}"), made + 60),
        ("setup_link.revoked", "operator".to_owned(), made + 180),
    ];
    assert_eq!(written.len(), actions.len());
    for (event, (action, actor, at)) in written.iter().zip(&actions) {
        let (place, reference) = (&event["id"], &event["reference"]);
        let expected = json!({
            "id": place, "at": at, "actor": actor, "action": action,
            "reference": reference, "setup_link": id,
        });
        assert_eq!(*event, expected);
    }
    assert_eq!(written[2]["reference"], gone.logged("reference"));
    // The product hears the same of each, once.
    let heard = world.ledger.events();
    let heard: Vec<Value> =
        heard.iter().map(|it| serde_json::from_str(&it.body).expect("JSON")).collect();
    assert_eq!(heard.len(), actions.len());
    for (event, mut change) in heard.iter().zip(written) {
        change.as_object_mut().expect("an object").remove("id");
        assert_eq!(event["type"], change["action"]);
        let reference = &change["reference"];
        let data = json!({ "account": "acme", "reference": reference, "change": change });
        assert_eq!(event["data"], data);
        assert!(!event.to_string().contains(&token));
    }
}

#[test]
fn what_is_written_of_links_is_heard_where_there_is_a_webhook_alone() {
    let mut world = world();
    enter(&mut world);
    assert_eq!(audit_events(&mut world).len(), 2);
    assert!(world.ledger.events().is_empty());
}

/// What is written of a link is no state that could come back.
#[test]
fn a_link_makes_no_version() {
    let mut world = world();
    enter(&mut world);
    let path = "/sso/api/v1/accounts/acme/metadata/versions";
    assert_eq!(json(&operate(&mut world, "GET", path, "")), json!({ "versions": [] }));
}

#[test]
fn a_link_is_for_one_account() {
    let mut world = world();
    enter(&mut world);
    world.add("other", METADATA, None);
    let seen = world.get("/sso/other/settings");
    assert!(seen.header("location").starts_with("/sso/other/login?"));
}

#[test]
fn a_link_is_opened_by_a_page_of_ours_alone() {
    let mut world = world();
    let (_, token) = make(&mut world, "{}");
    world.fetch_site = Some("cross-site");
    assert_eq!(world.submit(START, &[("link", &token)]).refusal(), "cross_site_form");
}

#[test]
fn leaving_takes_the_cookie_away() {
    let mut world = world();
    enter(&mut world);
    let body = world.get(SETTINGS).answer.body;
    let token = crate::settings::page::form_token(&body);
    let seen = world.submit(SETTINGS, &[("form_token", &token), ("action", "leave")]);
    assert_eq!(seen.answer.status, 303);
    assert!(!world.jar.contains_key(SETUP));
}

#[test]
fn says_what_is_wrong_with_a_wish() {
    let mut world = world();
    let long = format!(r#"{{"note":"{}"}}"#, "x".repeat(201));
    for (body, code, field) in [
        (r#"{"expires_in":59}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":60.5}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":1e300}"#, "expires_in_invalid", Some("expires_in")),
        (r#"{"expires_in":1209601}"#, "expires_in_invalid", Some("expires_in")),
        (&*long, "note_invalid", Some("note")),
        (r#"{"note":"a\nb"}"#, "note_invalid", Some("note")),
        (r#"{"expires":60}"#, "json_invalid", Some("expires")),
        (r#"{"note":"a","expires_in":"60"}"#, "json_invalid", Some("expires_in")),
        ("[]x", "json_invalid", None),
    ] {
        let seen = operate(&mut world, "POST", LINKS, body);
        assert_eq!((seen.answer.status, &*seen.logged("code")), (400, code));
        assert_eq!(json(&seen)["field"].as_str(), field);
    }
    let seen = operate(&mut world, "POST", LINKS, &" ".repeat(OWN_FORM_OCTETS + 1));
    assert_eq!((seen.answer.status, &*seen.logged("code")), (413, "body_too_large"));
    for body in [r#"{"expires_in":1209600}"#, r#"{"expires_in":60}"#, r#"{"expires_in":60.0}"#] {
        make(&mut world, body);
    }
}

#[test]
fn twenty_links_stand_at_once() {
    let mut world = world();
    for _ in 0..20 {
        make(&mut world, r#"{"expires_in":60}"#);
    }
    let seen = operate(&mut world, "POST", LINKS, "{}");
    assert_eq!((seen.answer.status, &*seen.logged("code")), (409, "setup_link_count"));
    world.now = world.now.plus(60);
    make(&mut world, "{}");
}

/// Whoever was let in before must not switch an account on that an operator has switched off.
#[test]
fn links_end_with_the_metadata() {
    let gone: [fn(&World); 3] = [
        |world| world.change("acme", None, None),
        |world| world.change("acme", None, Some("{}")),
        // Past the ledger.
        |world| drop(world.store.accounts.borrow_mut().remove("acme")),
    ];
    for gone in gone {
        let mut world = world();
        let (_, unopened) = make(&mut world, "{}");
        enter(&mut world);
        assert_eq!(world.get(SETTINGS).answer.status, 200);
        gone(&world);
        assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
        let seen = world.submit(START, &[("link", &unopened)]);
        assert_eq!(seen.refusal(), "setup_link_invalid");
        let listed = operate(&mut world, "GET", LINKS, "");
        assert_eq!(json(&listed), json!({ "setup_links": [] }));
        let audit = world.ledger.audit();
        let revoked = audit.iter().filter(|(_, it, _)| it.entry.action == "setup_link.revoked");
        assert_eq!(revoked.count(), 2, "each is written down");
        drop(audit);
        // Nor where the same metadata comes back.
        world.change("acme", Some(METADATA), None);
        assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
    }
}

/// That is how an account begins again.
#[test]
fn a_link_that_is_made_after_a_deletion_opens_the_settings() {
    let mut world = world();
    world.change("acme", None, None);
    enter(&mut world);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
    // Also where the store goes on saying what was before.
    let before = Stored { metadata: Some(METADATA.to_owned()), settings: None };
    world.store.stale.borrow_mut().insert("acme".to_owned(), before);
    assert_eq!(world.get(SETTINGS).answer.status, 200);
}

/// The page was shown, and then the operator switched the account off at the store itself.
#[test]
fn a_link_that_has_ended_changes_nothing_where_the_store_is_stale() {
    let mut world = world();
    enter(&mut world);
    let shown =
        changes::edit(&mut world, &[("edit", "entity_id"), ("entity_id", "urn:x")]);
    let stored = world.store.accounts.borrow_mut().remove("acme").expect("an account");
    world.store.stale.borrow_mut().insert("acme".to_owned(), stored);
    let fields = [("edit", "metadata"), ("metadata", METADATA)];
    let again = changes::confirm(&mut world, &shown, &fields);
    assert!(!again.answer.body.contains("done=saved"));
    assert!(world.store.accounts.borrow().get("acme").is_none(), "nothing is stored");
    assert_eq!(world.get(SETTINGS).refusal(), "setup_link_invalid");
}
