//! `SESSION_SECONDS`, `RENEW_SECONDS`, `IDLE_SECONDS` and `CLOCK_SKEW_SECONDS`: durations.

use std::ops::RangeInclusive;

use saml_verify::saml::Skew;

use crate::config::vars::{Vars, number};

/// Shortest and longest session, in seconds.
const SECONDS: RangeInclusive<i64> = 60..=30 * 24 * 60 * 60;

/// After how many seconds a session is checked against its ledger. A session that was ended
/// elsewhere lasts no longer than that, and a ledger that answers a thousand times a second serves
/// three hundred thousand active users.
const RENEW_SECONDS: i64 = 300;

/// How long sessions last.
pub(crate) struct Sessions {
    /// How long a session lasts at most.
    pub(crate) seconds: i64,
    /// How long a session lasts without use, where that is limited.
    pub(crate) idle_seconds: Option<i64>,
    /// How long a session lasts before the ledger is asked.
    pub(crate) renew_seconds: i64,
    /// By how much an IdP's clock may be off.
    pub(crate) skew: Skew,
}

impl Sessions {
    pub(crate) fn read(vars: &mut Vars<'_>) -> Option<Self> {
        let seconds = vars.take("SESSION_SECONDS", "60 to 2592000", |text| number(text, &SECONDS));
        let renew = vars.take_number("RENEW_SECONDS", "5 to 3600", &(5..=3600));
        let idle_seconds = vars.take_number("IDLE_SECONDS", "60 to 2592000", &SECONDS);
        let skew = vars
            .take("CLOCK_SKEW_SECONDS", "0 to 300", |text| Skew::from_seconds(text.parse().ok()?));
        let renew_seconds = renew.unwrap_or(RENEW_SECONDS);
        Some(Self { seconds: seconds?, idle_seconds, renew_seconds, skew: skew? })
    }
}
