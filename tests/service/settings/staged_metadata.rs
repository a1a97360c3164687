//! New metadata from its address that waits for approval.

use saml_edge::{Actor, LastRefresh};

use crate::account::refresh::{actions, publish, rolled_over};
use crate::common::{METADATA, NOW};
use crate::settings::changes::{edit, metadata, settings};
use crate::settings::metadata_url::{APPROVE, act, agree, following, waiting};
use crate::settings::setup_links::SETTINGS;

#[test]
fn what_waits_is_reviewed_and_trusted_after_a_yes() {
    let (mut world, id) = waiting(&rolled_over());
    let page = world.get(SETTINGS).answer.body;
    for said in ["waits for approval", "After approval:", "is trusted from now on", "stays trusted"]
    {
        assert!(page.contains(said), "{said}");
    }
    let shown = edit(&mut world, &[("edit", "approve"), ("staged", &id)]);
    assert!(shown.answer.body.contains("Change the identity provider?"));
    assert_eq!(metadata(&world).as_deref(), Some(METADATA), "nothing is changed yet");
    assert_eq!(agree(&mut world, &shown).answer.status, 303);
    assert_eq!(metadata(&world).as_deref(), Some(rolled_over().trim()));
    assert_eq!(settings(&world).as_deref(), Some(APPROVE), "it is followed as before");
    let page = world.get(SETTINGS).answer.body;
    assert!(!page.contains("waits for approval</h3>"));
    // It is the holder of the link who said so.
    let audit = world.ledger.audit();
    let actor = audit.last().map(|(_, event, _)| event.entry.actor.clone()).expect("an event");
    assert!(matches!(actor, Actor::SetupLink(_)), "{actor}");
}

#[test]
fn what_waits_is_dismissed_and_shown_no_more() {
    let (mut world, id) = waiting(&rolled_over());
    let dismiss = [("action", "dismiss"), ("staged", &*id)];
    let seen = act(&mut world, &dismiss);
    assert_eq!(seen.header("location"), "/sso/acme/settings?done=dismissed");
    let page = world.get("/sso/acme/settings?done=dismissed").answer.body;
    assert!(page.contains("Dismissed.") && !page.contains("waits for approval</h3>"));
    assert_eq!(metadata(&world).as_deref(), Some(METADATA));
    assert_eq!(actions(&world).last().map(String::as_str), Some("metadata.dismissed"));
    for fields in [dismiss, [("edit", "approve"), ("staged", &*id)]] {
        let seen = act(&mut world, &fields);
        assert_eq!(seen.answer.status, 400);
        assert!(seen.answer.body.contains("That is no longer what is published."));
    }
}

/// Nothing of the address is markup, nor of what is published there.
#[test]
fn says_what_came_of_the_address() {
    let mut world = following();
    assert!(!world.get(SETTINGS).answer.body.contains("Seen 20"), "nobody has looked yet");
    for (now, published, said) in [
        (NOW, METADATA.to_owned(), "It is what is trusted here. Seen 2026-11-24 10:00 UTC."),
        // Whoever asks sees that it was done, though the same came of it.
        (
            NOW.plus(60),
            METADATA.to_owned(),
            "It is what is trusted here. Seen 2026-11-24 10:01 UTC.",
        ),
        (
            NOW.plus(120),
            rolled_over(),
            "Something new is published there. Seen 2026-11-24 10:02 UTC.",
        ),
        (
            NOW.plus(180),
            "<html>".to_owned(),
            "Nothing usable is there (<code>xml_malformed</code>).",
        ),
    ] {
        world.now = now;
        publish(&mut world, &published);
        let seen = act(&mut world, &[("action", "look")]);
        assert_eq!(seen.header("location"), "/sso/acme/settings?done=looked");
        assert_eq!(seen.logged("event"), "metadata_refreshed");
        let page = world.get("/sso/acme/settings?done=looked").answer.body;
        assert!(
            page.contains("We have just fetched from the address.") && page.contains(said),
            "{page}"
        );
    }
    let following = world.ledger.following().get("acme").cloned().expect("a row");
    let last = LastRefresh { at: NOW.seconds() + 180, code: "xml_malformed".into() };
    assert_eq!(following.last, Some(last));
}
