//! Every time that is compared with `now`, at its bounds.

use saml_verify::saml::{Expected, IdpMetadata, Skew};
use saml_verify::time::UnixTime;

use crate::common::said::inspect;
use crate::common::{NOW, Scenario, code, expected};

const DAY: i64 = 24 * 60 * 60;

/// The outcome at `seconds` after [`NOW`], with no skew.
fn code_at(scenario: &Scenario, seconds: i64) -> &'static str {
    let skew = Skew::from_seconds(0).expect("in range");
    code(&inspect(&scenario.xml(), &Expected { skew, ..expected() }, NOW.plus(seconds)))
}

// Time. Every window is half-open and tested one second around its bound; all other bounds are
// out of the way.

#[test]
fn conditions_begin_at_not_before() {
    let scenario = Scenario::valid()
        .in_assertion("NotBefore=\"2026-11-24T09:54:30Z\"", "NotBefore=\"2026-11-24T10:00:00Z\"");
    assert_eq!(code_at(&scenario, -1), "conditions_not_yet_valid");
    assert_eq!(code_at(&scenario, 0), "accepted");
    assert_eq!(code_at(&scenario, 1), "accepted");
}

#[test]
fn conditions_end_at_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "NotOnOrAfter=\"2026-11-24T11:04:30Z\"",
        "NotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "conditions_expired");
    assert_eq!(code_at(&scenario, 1), "conditions_expired");
}

#[test]
fn confirmations_end_at_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
        "NotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "confirmation_expired");
    assert_eq!(code_at(&scenario, 1), "confirmation_expired");
}

#[test]
fn sessions_end_at_session_not_on_or_after() {
    let scenario = Scenario::valid().in_assertion(
        "SessionIndex=\"_session\"",
        "SessionIndex=\"_session\" SessionNotOnOrAfter=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "accepted");
    assert_eq!(code_at(&scenario, 0), "session_expired");
    assert_eq!(code_at(&scenario, 1), "session_expired");
}

#[test]
fn assertions_begin_at_issue_instant() {
    let scenario = Scenario::valid().in_assertion(
        "IssueInstant=\"2026-11-24T09:59:30Z\"",
        "IssueInstant=\"2026-11-24T10:00:00Z\"",
    );
    assert_eq!(code_at(&scenario, -1), "issued_in_future");
    assert_eq!(code_at(&scenario, 0), "accepted");
    assert_eq!(code_at(&scenario, 1), "accepted");
}

#[test]
fn assertions_end_a_day_after_issue_instant() {
    let scenario = Scenario::valid()
        .in_assertion(
            "NotOnOrAfter=\"2026-11-24T10:04:30Z\"",
            "NotOnOrAfter=\"2027-11-24T10:00:00Z\"",
        )
        .in_assertion(" NotOnOrAfter=\"2026-11-24T11:04:30Z\"", "");
    assert_eq!(code_at(&scenario, DAY - 31), "accepted");
    assert_eq!(code_at(&scenario, DAY - 30), "assertion_too_old");
    assert_eq!(code_at(&scenario, DAY - 29), "assertion_too_old");
}

#[test]
fn skew_widens_every_window_and_has_a_ceiling() {
    let scenario = Scenario::valid();
    let at = |seconds, skew| {
        let skew = Skew::from_seconds(skew).expect("in range");
        code(&inspect(&scenario.xml(), &Expected { skew, ..expected() }, NOW.plus(seconds)))
    };
    // The confirmation ends 270 seconds after NOW.
    assert_eq!(at(329, 60), "accepted");
    assert_eq!(at(330, 60), "confirmation_expired");
    // The assertion is issued 30 seconds before NOW.
    assert_eq!(at(-90, 60), "accepted");
    assert_eq!(at(-91, 60), "issued_in_future");
    assert!(Skew::from_seconds(300).is_some());
    assert!(Skew::from_seconds(301).is_none());
}

#[test]
fn refuses_times_that_are_not_utc() {
    for (time, code) in [
        ("2026-11-24T10:54:30+01:00", "time_not_utc"),
        ("2026-11-24T08:54:30-01:00", "time_not_utc"),
        ("2026-11-24T09:54:30z", "time_malformed"),
        ("2026-11-24 09:54:30Z", "time_malformed"),
    ] {
        let edit = format!("NotBefore=\"{time}\"");
        let scenario = Scenario::valid().in_assertion("NotBefore=\"2026-11-24T09:54:30Z\"", &edit);
        assert_eq!(scenario.code(), code, "{time}");
    }
}

/// Core §1.3.3 can be read as demanding times without a zone.
#[test]
fn takes_times_without_a_zone_for_utc() {
    let until = |zone: &str, second: &str| {
        let edit = format!("NotOnOrAfter=\"2026-11-24T10:04:{second}{zone}\"");
        Scenario::valid().in_assertion("NotOnOrAfter=\"2026-11-24T10:04:30Z\"", &edit).xml()
    };
    for zone in ["", "Z", "+00:00", "-00:00"] {
        let at = |now| code(&inspect(&until(zone, "30"), &expected(), now));
        assert_eq!(at(NOW.plus(270 + 59)), "accepted", "{zone}");
        assert_eq!(at(NOW.plus(270 + 60)), "confirmation_expired", "{zone}");
    }
}

#[test]
fn refuses_expired_metadata() {
    let until = "entityID=\"https://idp.example/metadata\" validUntil=\"2026-11-24T10:00:00Z\"";
    let metadata =
        crate::common::METADATA.replace("entityID=\"https://idp.example/metadata\"", until);
    let idp = IdpMetadata::parse(&metadata).expect("usable metadata");
    let at = |now: UnixTime| {
        let expected = Expected { idp: &idp, ..expected() };
        code(&inspect(&Scenario::valid().xml(), &expected, now))
    };
    assert_eq!(at(NOW.plus(-1)), "accepted");
    assert_eq!(at(NOW), "metadata_expired");
    assert_eq!(at(NOW.plus(1)), "metadata_expired");
}
