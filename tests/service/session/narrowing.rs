//! What ends sessions: what narrows trust does, for good, and nothing else.

use saml_edge::limits::STALE;
use saml_edge::{Stored, Trust, settings_go_first};

use crate::common::{METADATA, NOW, OTHER_CERTIFICATE};
use crate::support::form::{answering, form};
use crate::support::seen::SESSION;
use crate::support::world::World;

/// The test IdP with a second key.
pub(crate) fn two_keys() -> String {
    let second = format!(
        "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
         <X509Data><X509Certificate>{OTHER_CERTIFICATE}</X509Certificate></X509Data></KeyInfo>\
         </KeyDescriptor><KeyDescriptor"
    );
    METADATA.replacen("<KeyDescriptor", &second, 1)
}

pub(crate) fn stored(metadata: &str, settings: &str) -> Stored {
    Stored { metadata: Some(metadata.to_owned()), settings: Some(settings.to_owned()) }
}

fn narrows(before: &Stored, after: &Stored) -> bool {
    Trust::of(before).is_narrowed_by(&Trust::of(after))
}

#[test]
fn what_narrows_trust_and_what_does_not() {
    let idp = |settings: &str| stored(METADATA, settings);
    let less = [
        (r#"{}"#, r#"{"roles":["finance"]}"#),
        (r#"{"roles":["developer","finance"]}"#, r#"{"roles":["finance"]}"#),
        (r#"{}"#, r#"{"domains":["acme.example"]}"#),
        (r#"{"domains":["a.example","b.example"]}"#, r#"{"domains":["a.example"]}"#),
        (r#"{"domains":["a.example"]}"#, r#"{"domains":["b.example"]}"#),
        (r#"{}"#, r#"{"choices":{"domains":["acme.example"]}}"#),
        (r#"{"idp_initiated":"on"}"#, r#"{"idp_initiated":"upgrade"}"#),
        (
            r#"{"idp_initiated":"on"}"#,
            r#"{"idp_initiated":"on","choices":{"idp_initiated":"off"}}"#,
        ),
        (r#"{}"#, r#"{"idp_initiated":"off"}"#),
        (r#"{}"#, r#"{"force_authn":true}"#),
        (r#"{}"#, r#"{"authn_context":["urn:a"]}"#),
        (r#"{"authn_context":["urn:a"]}"#, r#"{"authn_context":["urn:b"]}"#),
        (r#"{"allow_sha1_until":"2027-03-31T00:00:00Z"}"#, r#"{}"#),
        (
            r#"{"allow_sha1_until":"2027-03-31T00:00:00Z"}"#,
            r#"{"allow_sha1_until":"2027-03-30T00:00:00Z"}"#,
        ),
        (r#"{"allow_unsigned_logout":true}"#, r#"{}"#),
    ];
    for (wide, narrow) in less {
        assert!(narrows(&idp(wide), &idp(narrow)), "{wide} to {narrow}");
    }
    // Where one is not more than the other, either way narrows.
    let replaced = |from: &str, to: &str| stored(&METADATA.replace(from, to), "{}");
    let plain = idp("{}");
    let others = [
        (plain.clone(), idp(r#"{"acs":"shared"}"#)),
        (plain.clone(), idp(r#"{"entity_id":"urn:x"}"#)),
        (plain.clone(), idp(r#"{"claims":{"email":"mail"}}"#)),
        (
            plain.clone(),
            idp(r#"{"name_id_format":"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"}"#),
        ),
        (idp(r#"{"domains":["a.example"]}"#), idp(r#"{"domains":["b.example"]}"#)),
        (plain.clone(), replaced("https://idp.example/metadata", "https://b.example/metadata")),
        (plain.clone(), replaced("/sso\"", "/other\"")),
    ];
    for (one, other) in &others {
        assert!(narrows(one, other), "{one:?} to {other:?}");
        assert!(narrows(other, one), "{other:?} to {one:?}");
    }
    // Nobody is let in any more.
    for gone in [Stored::default(), stored("<html/>", "{}"), idp("{")] {
        assert!(narrows(&plain, &gone), "{gone:?}");
        assert!(!narrows(&gone, &plain), "{gone:?}");
    }
    assert!(narrows(&stored(&two_keys(), "{}"), &plain), "a key goes");
    let as_before = [
        (plain.clone(), stored(&two_keys(), "{}")),
        (plain.clone(), stored(&format!("{METADATA}\n<!-- again -->"), "{}")),
        (plain.clone(), Stored { settings: None, ..plain.clone() }),
        (idp(r#"{"roles":["finance","developer"]}"#), idp(r#"{"roles":["developer","finance"]}"#)),
    ];
    for (one, other) in &as_before {
        assert!(!narrows(one, other), "{one:?} to {other:?}");
    }
    for settings in [
        r#"{"is_passive":true}"#,
        r#"{"login_hint":true}"#,
        r#"{"signed_requests":true}"#,
        r#"{"metadata_url":"https://idp.example/m"}"#,
        r#"{"new_certificates":"accept"}"#,
    ] {
        assert!(!narrows(&plain, &idp(settings)) && !narrows(&idp(settings), &plain), "{settings}");
    }
    for (wide, narrow) in &less[..4] {
        assert!(!narrows(&idp(narrow), &idp(wide)), "{narrow} to {wide}");
    }
}

/// Of every pair of states, where there is an order in which it can be said.
#[test]
fn no_reader_between_two_writes_sees_more_than_before_and_after() {
    let metadata = [None, Some(METADATA.to_owned()), Some(two_keys())];
    let settings =
        [None, Some("{}"), Some(FINANCE), Some(r#"{"roles":["finance","developer"]}"#), Some("{")];
    let states: Vec<_> = metadata
        .iter()
        .flat_map(|metadata| {
            let with = |settings: Option<&str>| settings.map(str::to_owned);
            settings.map(|it| Stored { metadata: metadata.clone(), settings: with(it) })
        })
        .collect();
    let mut orders = [0, 0];
    for before in &states {
        for after in &states {
            let is_settings = settings_go_first(before, after);
            let (metadata, settings) = if is_settings { (before, after) } else { (after, before) };
            let between =
                Stored { metadata: metadata.metadata.clone(), settings: settings.settings.clone() };
            let is_wider = narrows(&between, before) && narrows(&between, after);
            assert!(!is_wider, "{before:?}, {between:?}, {after:?}");
            if before.metadata != after.metadata && before.settings != after.settings {
                orders[usize::from(is_settings)] += 1;
            }
        }
    }
    assert!(orders.iter().all(|count| *count > 20), "{orders:?}");
    for rules in [FINANCE, "{}"] {
        let made = stored(METADATA, rules);
        assert!(settings_go_first(&Stored::default(), &made), "a new account");
        assert!(!settings_go_first(&made, &Stored::default()), "one that goes");
    }
}

pub(crate) const FINANCE: &str = r#"{"roles":["finance"]}"#;

const OTHER_DOMAIN: &str = r#"{"domains":["other.example"]}"#;

fn signed_in() -> World {
    let mut world = World::new();
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world
}

/// What `/sso/session` says so many seconds after the login.
fn after(world: &mut World, seconds: i64) -> u16 {
    world.now = NOW.plus(seconds);
    world.get("/sso/session").answer.status
}

/// The request is closed by the first change, and the second does not open it again.
#[test]
fn a_change_that_is_taken_back_ends_what_it_ended() {
    let mut world = signed_in();
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(METADATA), None);
    assert_eq!(after(&mut world, 299), 200, "as long as its token stands");
    assert_eq!(after(&mut world, 300), 401);
}

#[test]
fn what_widens_or_rewords_signs_nobody_out() {
    let mut world = signed_in();
    world.change("acme", Some(&two_keys()), None);
    world.change("acme", Some(&two_keys()), Some(r#"{"login_hint":true}"#));
    world.change("acme", Some(&format!("{}\n", two_keys())), Some("{}"));
    assert_eq!(after(&mut world, 300), 200);
    // Past the ledger, too.
    world.add("acme", &two_keys(), Some(r#"{"idp_initiated":"on"}"#));
    assert_eq!(after(&mut world, 600), 200);
}

/// Where the request is, the store may be a minute older than the session.
#[test]
fn a_stale_read_ends_nobodys_session() {
    let mut world = World::new();
    let acme = stored(METADATA, FINANCE);
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(METADATA), None);
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world.config = crate::support::config::config_with(&[("RENEW_SECONDS", "5")]);
    world.store.stale.borrow_mut().insert("acme".to_owned(), acme);
    assert_eq!(after(&mut world, 60), 200, "it reads the narrower rules of before");
    world.store.stale.borrow_mut().clear();
    assert_eq!(after(&mut world, 70), 200);
    // After two minutes nothing is stale any more: somebody has written it.
    world.add("acme", METADATA, Some(FINANCE));
    assert_eq!(after(&mut world, STALE), 401);
}

#[test]
fn what_is_written_past_the_ledger_ends_sessions_at_their_renewal() {
    let gone: [fn(&World); 3] = [
        |world| world.add("acme", METADATA, Some(FINANCE)),
        |world| world.add("acme", "<html/>", None),
        |world| drop(world.store.accounts.borrow_mut().remove("acme")),
    ];
    for gone in gone {
        let mut world = signed_in();
        let copy = world.jar.clone();
        gone(&world);
        assert_eq!(after(&mut world, 300), 401);
        // For good.
        world.add("acme", METADATA, None);
        world.jar = copy;
        assert_eq!(after(&mut world, 599), 401);
    }
}

/// The IdP answers while the rules are narrowed, and the login is judged where the store is stale.
#[test]
fn a_login_under_way_leaves_no_session_under_wider_rules() {
    let mut world = World::new();
    let id = world.start("/media");
    world.store.stale.borrow_mut().insert("acme".to_owned(), stored(METADATA, "{}"));
    world.add("acme", METADATA, Some("{}"));
    world.change("acme", Some(METADATA), Some(FINANCE));
    let seen = world.post("acme", &form(&answering(&id)));
    assert_eq!((&*seen.refusal(), seen.answer.status), ("account_narrowed", 403));
    assert!(world.ledger.sessions().is_empty() && !world.jar.contains_key(SESSION));
    // Nothing was used up: it is judged anew, by the rules that are in force.
    world.store.stale.borrow_mut().clear();
    world.change("acme", Some(METADATA), Some("{}"));
    assert_eq!(world.post("acme", &form(&answering(&id))).answer.status, 303);
}

/// The store has metadata and settings under two keys, and may be stale in one of them: what is
/// read then was never in force.
#[test]
fn a_login_by_half_a_stale_read_leaves_no_session_under_wider_rules() {
    type Changes = [(Option<String>, Option<&'static str>)];
    let narrowed: &Changes =
        &[(Some(METADATA.to_owned()), Some(FINANCE)), (Some(two_keys()), Some(FINANCE))];
    let deleted: &Changes = &[(None, None)];
    for (settings, changes, read) in [
        ("{}", narrowed, stored(&two_keys(), "{}")),
        (OTHER_DOMAIN, deleted, Stored { settings: None, ..stored(METADATA, "") }),
    ] {
        let mut world = World::new();
        world.change("acme", Some(METADATA), Some(settings));
        let id = world.start("/media");
        world.now = world.now.plus(STALE);
        for (metadata, settings) in changes {
            world.change("acme", metadata.as_deref(), *settings);
        }
        world.store.stale.borrow_mut().insert("acme".to_owned(), read);
        let seen = world.post("acme", &form(&answering(&id)));
        assert_eq!((&*seen.refusal(), seen.answer.status), ("account_narrowed", 403));
        assert!(world.ledger.sessions().is_empty() && !world.jar.contains_key(SESSION));
    }
}

#[test]
fn half_a_stale_read_ends_nobodys_session() {
    let mut world = World::new();
    world.change("acme", Some(METADATA), Some(FINANCE));
    world.change("acme", Some(&two_keys()), Some(FINANCE));
    world.change("acme", Some(&two_keys()), Some("{}"));
    assert_eq!(world.sign_in(|scenario| scenario).answer.status, 303);
    world.config = crate::support::config::config_with(&[("RENEW_SECONDS", "5")]);
    let read = stored(METADATA, "{}");
    world.store.stale.borrow_mut().insert("acme".to_owned(), read);
    assert_eq!(after(&mut world, 60), 200, "it reads the fewer keys of before");
    world.store.stale.borrow_mut().clear();
    assert_eq!(after(&mut world, 70), 200);
    // After two minutes nothing is stale any more: somebody has written it.
    world.add("acme", METADATA, Some("{}"));
    assert_eq!(after(&mut world, STALE), 401);
}

/// Of what an earlier release has let in nothing is known but its epoch.
#[test]
fn an_older_session_stands_only_in_its_own_revision() {
    for (settings, status) in [(None, 200), (Some("{}"), 401)] {
        let mut world = signed_in();
        world.ledger.run("DELETE FROM sightings");
        world.add("acme", METADATA, settings);
        assert_eq!(after(&mut world, 300), status);
    }
}
