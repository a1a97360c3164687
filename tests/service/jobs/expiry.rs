//! Notices of certificates that expire.

use saml_edge::{Event, Job, Task};
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde_json::{Value, json};

use crate::common::METADATA;
use crate::jobs::rounds::{DAY, with_webhook};
use crate::support::config::{config_with, sp_certificate, sp_key};
use crate::support::seen::REFERENCE;
use crate::support::world::World;

/// The last second of the certificate in `METADATA`.
pub(crate) fn end() -> UnixTime {
    let idp = IdpMetadata::parse(METADATA).expect("metadata");
    idp.last_certificate().expect("a certificate").not_after()
}

/// The same metadata with a certificate that expires ten years earlier.
fn earlier() -> String {
    let (before, rest) = METADATA.split_once("<X509Certificate>").expect("a certificate");
    let (_, behind) = rest.split_once("</X509Certificate>").expect("an end");
    format!("{before}<X509Certificate>{}</X509Certificate>{behind}", sp_certificate())
}

#[test]
fn an_expiry_has_notices_at_60_30_7_and_1_days_and_in_the_end() {
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
fn only_the_nearest_notice_of_an_expiry_is_sent() {
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
fn each_certificate_has_its_own_notices() {
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
fn an_expiry_is_an_event() {
    let mut world = with_webhook();
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
    // A ledger that has forgotten makes the same event anew, under the same id, once it was
    // carried.
    world.ledger.run("DELETE FROM expiries");
    world.ledger.run("DELETE FROM outbox");
    world.now = world.now.plus(DAY);
    world.round();
    let ids: Vec<_> = world.ledger.events().iter().map(|it| it.id.clone()).collect();
    assert_eq!(ids, [id]);
}

#[test]
fn an_expiry_is_no_event_without_a_webhook() {
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
            "{{\"event\":\"upkeep_done\",\"task\":\"accounts\",\"of\":\"metadata\",\"accounts\":1,\
             \"reference\":\"{REFERENCE}\"}}"
        );
        assert_eq!(done, expected);
        assert_eq!(world.work(&task).lines, [expected]);
        world.ledger.broken.set(true);
        assert!(world.work(&task).lines.is_empty(), "and is to be tried again");
        world.ledger.broken.set(false);
    }
}

/// It is no account's.
#[test]
fn our_own_certificate_has_a_notice_in_every_round() {
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
