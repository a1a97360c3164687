//! Points in time: seconds since 1970, read from SAML's `xs:dateTime`.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::error::Refusal;

const DAY: i64 = 24 * 60 * 60;

/// A second in UTC. The clock is never read here: whoever acts at `now` is handed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The second that is `seconds` after 1970-01-01T00:00:00Z.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// This time moved by `seconds`, which may be negative; it stops at the ends of time.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Reads an `xs:dateTime` in UTC (Core §1.3.3): RFC 3339 with `Z` or a zero offset. Fractions
    /// of a second are dropped, since Core forbids relying on them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Refusal::TimeMalformed)?;
        if moment.offset() != UtcOffset::UTC {
            return Err(Refusal::TimeMalformed);
        }
        Ok(Self(moment.unix_timestamp()))
    }

    /// The same time as `xs:dateTime`, or `None` outside of the years 0 to 9999.
    pub fn to_xml(self) -> Option<String> {
        OffsetDateTime::from_unix_timestamp(self.0).ok()?.format(&Rfc3339).ok()
    }
}

/// Reads an `xs:duration` (XML Schema part 2 §3.2.6) that is not negative, in whole seconds. A
/// year counts as 365 days and a month as 30, which is near enough for a cache.
pub fn parse_duration(text: &str) -> Option<i64> {
    let fields = text.strip_prefix('P').filter(|fields| !fields.is_empty())?;
    let (date, time) = match fields.split_once('T') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (fields, ""),
    };
    let date = sum_fields(date, [('Y', 365 * DAY), ('M', 30 * DAY), ('D', DAY)])?;
    date.checked_add(sum_fields(time, [('H', 3600), ('M', 60), ('S', 1)])?)
}

/// The sum of fields such as `5D`, each optional but in this order.
fn sum_fields(fields: &str, units: [(char, i64); 3]) -> Option<i64> {
    let mut sum: i64 = 0;
    let mut rest = fields;
    for (unit, seconds) in units {
        let Some((number, behind)) = rest.split_once(unit) else { continue };
        let (whole, fraction) =
            number.split_once('.').filter(|_| unit == 'S').unwrap_or((number, "0"));
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        sum = sum.checked_add(whole.parse::<i64>().ok()?.checked_mul(seconds)?)?;
        rest = behind;
    }
    rest.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_idps_write() {
        for text in [
            "2026-11-24T03:30:00Z",
            "2026-11-24T03:30:00.123Z",
            "2026-11-24T03:30:00.1234567Z",
            "2026-11-24T03:30:00+00:00",
        ] {
            assert_eq!(UnixTime::parse(text), Ok(UnixTime(1_795_491_000)), "{text}");
        }
        assert_eq!(UnixTime(1_795_491_000).to_xml().as_deref(), Some("2026-11-24T03:30:00Z"));
    }

    #[test]
    fn refuses_other_zones_and_shapes() {
        for text in [
            "",
            "2026-11-24",
            "2026-11-24T03:30:00",
            "2026-11-24T03:30:00+01:00",
            "2026-11-24T24:00:00Z",
            "2026-13-24T03:30:00Z",
            "2026-11-24T03:30:00Z ",
            "-0001-11-24T03:30:00Z",
            "99999-11-24T03:30:00Z",
        ] {
            assert_eq!(UnixTime::parse(text), Err(Refusal::TimeMalformed), "{text}");
        }
    }

    #[test]
    fn reads_durations() {
        for (text, seconds) in [
            ("P1D", 86_400),
            ("PT604800S", 604_800),
            ("P1Y2M3DT4H5M6.7S", 365 * DAY + 60 * DAY + 3 * DAY + 4 * 3600 + 5 * 60 + 6),
            ("P1M", 30 * DAY),
            ("PT1M", 60),
            ("P0D", 0),
        ] {
            assert_eq!(parse_duration(text), Some(seconds), "{text}");
        }
        let wrong = ["", "P", "PT", "P1DT", "1D", "-P1D", "P-1D", "P1", "PD", "P1.5D", "PT.5S"];
        let more = ["P1D1Y", "P1D ", "PT1D", "P1DT1D", "PT1.S", "PT99999999999999999999S", "PéY"];
        for text in wrong.into_iter().chain(more) {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn moves_without_overflow() {
        assert_eq!(UnixTime(i64::MAX).plus(1), UnixTime(i64::MAX));
        assert_eq!(UnixTime(i64::MIN).plus(-1), UnixTime(i64::MIN));
    }
}
