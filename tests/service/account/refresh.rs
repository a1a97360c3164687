//! Metadata that follows its address: what is accepted, what waits for approval, and what changes
//! nothing (rows G6, H10).

use saml_edge::{
    Action, Actor, AuditEvent, FetchError, Fetched, LastRefresh, RefreshState, Refreshed, Staged,
};
use saml_verify::time::UnixTime;

use crate::common::{METADATA, NOW};
use crate::support::config::config_with;
use crate::support::world::World;

pub(crate) const URL: &str = "https://idp.example/metadata.xml";
pub(crate) const APPROVE: &str = r#"{"metadata_url":"https://idp.example/metadata.xml"}"#;
const ACCEPT: &str =
    r#"{"metadata_url":"https://idp.example/metadata.xml","new_certificates":"accept"}"#;

/// An account whose metadata follows an address, where the same is published as is in force.
pub(crate) fn world(settings: &str) -> World {
    let mut world = World {
        config: config_with(&[
            ("WEBHOOK_URL", "https://product.example/"),
            ("WEBHOOK_KEY", "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="),
            ("EVENTS", "bound"),
        ]),
        ..World::with_settings(settings)
    };
    publish(&mut world, METADATA);
    world
}

pub(crate) fn publish(world: &mut World, text: &str) {
    let fetched = Fetched { status: 200, location: None, octets: text.into() };
    world.web.answers.insert(URL.to_owned(), Ok(fetched));
}

/// The test IdP's metadata with one more certificate.
pub(crate) fn rolled_over() -> String {
    let end = "</KeyDescriptor>";
    let (before, key) = METADATA.split_once("<KeyDescriptor").expect("a key");
    let (key, after) = key.split_once(end).expect("an end");
    let key = format!("<KeyDescriptor{key}{end}");
    format!("{before}{key}{}{after}", with_other_certificate(&key))
}

/// The same with another certificate instead.
pub(crate) fn replaced() -> String {
    with_other_certificate(METADATA)
}

fn with_other_certificate(xml: &str) -> String {
    let (before, rest) = xml.split_once("X509Certificate>").expect("a certificate");
    let (_, after) = rest.split_once("</").expect("an end");
    let certificate = include_str!("../../common/other.certificate.b64");
    format!("{before}X509Certificate>{certificate}</{after}")
}

fn valid_until(xml: &str, time: &str) -> String {
    xml.replacen("entityID=", &format!("validUntil=\"{time}\" entityID="), 1)
}

fn refresh(world: &World) -> Refreshed {
    refresh_at(world, NOW)
}

fn refresh_at(world: &World, now: UnixTime) -> Refreshed {
    world.refresh("acme", now).expect("a refresh")
}

fn in_force(world: &World) -> String {
    let accounts = world.store.accounts.borrow();
    accounts.get("acme").and_then(|it| it.metadata.clone()).expect("metadata")
}

fn kept(world: &World) -> RefreshState {
    world.ledger.following().get("acme").cloned().unwrap_or_default()
}

fn staged(world: &World) -> Staged {
    kept(world).staged.expect("something staged")
}

pub(crate) fn actions(world: &World) -> Vec<String> {
    world.ledger.audit().iter().map(|(_, it, _)| it.entry.action.as_str().to_owned()).collect()
}

#[test]
fn what_says_the_same_changes_nothing() {
    let mut world = world(APPROVE);
    assert_eq!(refresh(&world), Refreshed::Unchanged);
    assert_eq!(
        kept(&world).last,
        Some(LastRefresh { at: NOW.seconds(), code: "unchanged".into() })
    );
    // Other white space, another time until when it is valid.
    publish(&mut world, &valid_until(&METADATA.replace("><", ">\n<"), "2999-01-01T00:00:00Z"));
    assert_eq!(refresh(&world), Refreshed::Unchanged);
    assert_eq!(in_force(&world), METADATA);
    assert!(actions(&world).is_empty());
    // The queue may deliver it again, which writes nothing; the next day's is noted.
    assert_eq!(refresh_at(&world, NOW.plus(20 * 60 * 60 - 1)), Refreshed::Unchanged);
    assert_eq!(world.ledger.followed.get(), 1);
    assert_eq!(refresh_at(&world, NOW.plus(20 * 60 * 60)), Refreshed::Unchanged);
    assert_eq!(world.ledger.followed.get(), 2);
}

#[test]
fn who_follows_no_address_asks_nobody() {
    for settings in ["{}", r#"{"new_certificates":"accept"}"#] {
        let world = world(settings);
        assert_eq!(refresh(&world), Refreshed::Unfollowed);
        assert!(world.web.asked.borrow().is_empty());
    }
    // Single sign-on that was switched off does not come back by itself.
    let world = world(ACCEPT);
    world.store.accounts.borrow_mut().get_mut("acme").expect("an account").metadata = None;
    assert_eq!(refresh(&world), Refreshed::Unfollowed);
    assert!(world.web.asked.borrow().is_empty());
    assert_eq!(world.ledger.followed.get(), 0);
}

#[test]
fn whatever_is_new_waits_for_approval() {
    for published in [
        rolled_over(),
        replaced(),
        METADATA.replace("https://idp.example/sso", "https://idp.example/other"),
        METADATA.replace("https://idp.example/metadata", "https://other.example/metadata"),
        METADATA.replace("<IDPSSODescriptor", "<IDPSSODescriptor WantAuthnRequestsSigned=\"true\""),
    ] {
        assert_ne!(published, METADATA);
        let mut world = world(APPROVE);
        publish(&mut world, &published);
        assert_eq!(refresh(&world), Refreshed::Staged);
        assert_eq!(in_force(&world), METADATA, "the last good copy stays");
        assert_eq!((staged(&world).metadata, staged(&world).url), (published, URL.to_owned()));
        assert_eq!(actions(&world), ["metadata.staged"]);
    }
}

#[test]
fn what_waits_is_written_down_once() {
    let mut world = world(APPROVE);
    publish(&mut world, &rolled_over());
    assert_eq!(refresh(&world), Refreshed::Staged);
    // The same in other words, too.
    publish(&mut world, &rolled_over().replace("><", ">\n<"));
    assert_eq!(refresh(&world), Refreshed::Staged);
    assert_eq!((world.ledger.followed.get(), actions(&world).len()), (1, 1));
    let (_, event, _) = world.ledger.audit()[0].clone();
    assert_eq!(event.entry.actor, Actor::Refresh);
    let counts = [event.entry.certificates_before, event.entry.certificates_after];
    assert_eq!(counts.map(|it| it.expect("certificates").len()), [1, 2]);
    let events = world.ledger.events();
    assert_eq!(events.len(), 1);
    assert!(events[0].body.contains("\"type\":\"metadata.staged\""), "{}", events[0].body);
}

#[test]
fn what_waits_goes_when_it_is_published_no_more() {
    let mut world = world(APPROVE);
    publish(&mut world, &rolled_over());
    assert_eq!(refresh(&world), Refreshed::Staged);
    publish(&mut world, METADATA);
    assert_eq!(refresh(&world), Refreshed::Unchanged);
    assert_eq!(kept(&world).staged, None);
    assert_eq!(in_force(&world), METADATA);
}

#[test]
fn new_certificates_are_accepted_where_the_account_says_so() {
    for published in [
        rolled_over(),
        replaced(),
        METADATA.replace("https://idp.example/sso", "https://idp.example/other"),
    ] {
        let mut world = world(ACCEPT);
        publish(&mut world, &published);
        assert_eq!(refresh(&world), Refreshed::Accepted);
        assert_eq!(in_force(&world), published);
        let of = |it: &AuditEvent| (it.entry.actor.clone(), it.entry.action.clone());
        let last = world.ledger.audit().last().map(|(_, event, _)| of(event));
        assert_eq!(last, Some((Actor::Refresh, Action::MetadataChanged)));
        let written = actions(&world).len();
        // Delivered again, it is what is in force.
        assert_eq!(refresh(&world), Refreshed::Unchanged);
        assert_eq!(actions(&world).len(), written);
    }
}

#[test]
fn another_identity_provider_is_never_accepted_by_itself() {
    let mut world = world(ACCEPT);
    publish(
        &mut world,
        &METADATA.replace("https://idp.example/metadata", "https://other.example/metadata"),
    );
    assert_eq!(refresh(&world), Refreshed::Staged);
    assert_eq!(in_force(&world), METADATA);
}

#[test]
fn a_certificate_that_leaves_waits_as_one_that_comes_does() {
    for (settings, outcome) in [(APPROVE, Refreshed::Staged), (ACCEPT, Refreshed::Accepted)] {
        let world = world(settings);
        world.add("acme", &rolled_over(), Some(settings));
        assert_eq!(refresh(&world), outcome);
    }
}

#[test]
fn metadata_that_ends_soon_is_replaced_by_what_lasts_longer() {
    let ending = valid_until(METADATA, &NOW.plus(3 * 24 * 60 * 60).to_xml().expect("a time"));
    for (now, published, outcome) in [
        (NOW, "2999-01-01T00:00:00Z", Refreshed::Accepted),
        (NOW.plus(-1), "2999-01-01T00:00:00Z", Refreshed::Unchanged),
    ] {
        let mut world = world(APPROVE);
        world.add("acme", &ending, Some(APPROVE));
        publish(&mut world, &valid_until(METADATA, published));
        assert_eq!(refresh_at(&world, now), outcome);
    }
    // Not by what ends as soon.
    let mut world = world(APPROVE);
    world.add("acme", &ending, Some(APPROVE));
    publish(&mut world, &ending);
    assert_eq!(refresh(&world), Refreshed::Unchanged);
}

#[test]
fn the_last_good_copy_outlasts_every_failure() {
    let answer = |status, text: &str| Ok(Fetched { status, location: None, octets: text.into() });
    let moved =
        Fetched { status: 302, location: Some("https://x.example/".into()), octets: vec![] };
    for (answer, code) in [
        (Err(FetchError::Unreachable), "metadata_url_unanswered"),
        (Err(FetchError::TooLarge), "message_too_large"),
        (answer(500, METADATA), "metadata_url_unanswered"),
        (Ok(moved), "metadata_url_redirected"),
        (answer(200, "<html></html>"), "not_metadata"),
        (answer(200, ""), "xml_malformed"),
        (answer(200, &METADATA.replace("X509Certificate", "X509Crl")), "signing_key_missing"),
        (answer(200, &valid_until(&rolled_over(), "2001-01-01T00:00:00Z")), "metadata_expired"),
    ] {
        let mut world = world(ACCEPT);
        world.web.answers.insert(URL.to_owned(), answer);
        assert_eq!(refresh(&world), Refreshed::Failed(code));
        assert_eq!(in_force(&world), METADATA);
        assert_eq!(kept(&world).last.expect("an outcome").code, code);
        assert!(actions(&world).is_empty());
    }
}

#[test]
fn what_waits_outlasts_a_failure() {
    let mut world = world(APPROVE);
    publish(&mut world, &rolled_over());
    assert_eq!(refresh(&world), Refreshed::Staged);
    world.web.answers.clear();
    assert_eq!(refresh(&world), Refreshed::Failed("metadata_url_unanswered"));
    assert_eq!(staged(&world).metadata, rolled_over());
}

/// Somebody says no while a refresh is on its way, which saw what waited before.
#[test]
fn a_no_is_not_unsaid_by_whoever_looked_before() {
    let mut world = world(APPROVE);
    publish(&mut world, &rolled_over());
    assert_eq!(refresh(&world), Refreshed::Staged);
    let seen = kept(&world);
    let no = Staged { is_dismissed: true, ..staged(&world) };
    let (kept, is_news) = RefreshState { staged: Some(no), ..seen.clone() }.merged_over(&seen);
    assert!(is_news);
    assert_eq!(seen.clone().merged_over(&kept), (kept.clone(), false));
    // Of something else nobody has said no.
    let other = Staged { id: "other".to_owned(), ..staged(&world) };
    let other = RefreshState { staged: Some(other), ..seen };
    assert_eq!(other.clone().merged_over(&kept), (other, true));
}

#[test]
fn metadata_in_force_that_cannot_be_read_is_replaced_by_nobody() {
    let world = world(ACCEPT);
    world.add("acme", "<html></html>", Some(ACCEPT));
    assert_eq!(refresh(&world), Refreshed::Staged);
    assert_eq!(in_force(&world), "<html></html>");
}

#[test]
fn without_the_ledger_it_is_to_be_tried_again() {
    let world = world(ACCEPT);
    world.ledger.broken.set(true);
    let fault = world.refresh("acme", NOW).expect_err("no ledger");
    assert_eq!(fault.code(), "ledger_unreachable");
}
