//! Points in time: seconds since 1970, read from SAML's `xs:dateTime`.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::Refusal;

const DAY: i64 = 24 * 60 * 60;

/// A second in UTC. This crate never reads a clock: the caller hands in `now`.
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

    /// This time moved by `seconds`, which may be negative. It saturates at the limits of `i64`.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The days from this time to a `later` one. A day that has begun counts: what is said to
    /// happen within so many days does.
    pub const fn days_until(self, later: Self) -> i64 {
        later.0.saturating_sub(self.0).saturating_add(DAY - 1).div_euclid(DAY)
    }

    /// Reads an `xs:dateTime` (XML Schema part 2 §3.2.7) in UTC. One without a zone is in UTC as
    /// well: so Core §1.3.3 can be read, and some write it. Another zone is refused, whatever time
    /// it gives. Fractions of a second are dropped, since Core forbids relying on them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let (moment, zone) = split_zone(text);
        let moment = read_moment(moment).ok_or(Refusal::TimeMalformed)?;
        match zone {
            "" | "Z" | "+00:00" | "-00:00" => Ok(moment),
            _ => Err(Refusal::TimeNotUtc),
        }
    }

    /// This time as `xs:dateTime` in UTC, or `None` outside of the years 0 to 9999.
    pub fn to_xml(self) -> Option<String> {
        OffsetDateTime::from_unix_timestamp(self.0).ok()?.format(&Rfc3339).ok()
    }
}

/// A time, and its zone if it has one.
fn split_zone(text: &str) -> (&str, &str) {
    let length = if text.ends_with('Z') { 1 } else { 6 };
    let split = text.len().checked_sub(length).and_then(|at| text.split_at_checked(at));
    split.filter(|(_, zone)| is_zone(zone)).unwrap_or((text, ""))
}

fn is_zone(zone: &str) -> bool {
    let is_digit = |octet: &u8| octet.is_ascii_digit();
    match zone.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', minute, second] if hours.len() == 2 => {
            hours.iter().chain([minute, second]).all(is_digit)
        }
        _ => false,
    }
}

/// A time without its zone. RFC 3339 also has other letters and a blank for the `T`, and seconds
/// that are 60; what it has not is the end of a day by the name of 24:00:00.
fn read_moment(moment: &str) -> Option<UnixTime> {
    let (date, time) = moment.split_once('T')?;
    let fraction = time.strip_prefix("24:00:00");
    let ends_the_day =
        fraction.is_some_and(|it| it.is_empty() || it.strip_prefix(".0").is_some_and(is_all_zeros));
    let (time, more) = if ends_the_day { ("00:00:00", DAY) } else { (time, 0) };
    let is_leap = time.split(':').next_back().is_some_and(|second| second.starts_with("60"));
    let moment = OffsetDateTime::parse(&format!("{date}T{time}Z"), &Rfc3339).ok()?;
    (!is_leap).then(|| UnixTime(moment.unix_timestamp()).plus(more))
}

fn is_all_zeros(digits: &str) -> bool {
    digits.bytes().all(|digit| digit == b'0')
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
            "2026-11-24T03:30:00-00:00",
            "2026-11-24T03:30:00",
            "2026-11-24T03:30:00.123",
        ] {
            assert_eq!(UnixTime::parse(text), Ok(UnixTime(1_795_491_000)), "{text}");
        }
        for text in ["2026-11-24T24:00:00Z", "2026-11-24T24:00:00.000", "2026-11-25T00:00:00Z"] {
            assert_eq!(UnixTime::parse(text), Ok(UnixTime(1_795_564_800)), "{text}");
        }
        assert_eq!(UnixTime(1_795_491_000).to_xml().as_deref(), Some("2026-11-24T03:30:00Z"));
    }

    #[test]
    fn refuses_other_zones_and_shapes() {
        for zone in ["+01:00", "-01:00", "+00:01", "-00:30", "+14:00"] {
            let text = format!("2026-11-24T03:30:00{zone}");
            assert_eq!(UnixTime::parse(&text), Err(Refusal::TimeNotUtc), "{text}");
        }
        for text in [
            "",
            "Z",
            "T",
            "+00:00",
            "2026-11-24",
            "2026-11-24Z",
            "2026-11-24T03:30Z",
            "2026-11-24t03:30:00Z",
            "2026-11-24T03:30:00z",
            "2026-11-24 03:30:00Z",
            "2026-11-24T03:30:00.Z",
            "2026-11-24T03:30:00+0000",
            "2026-11-24T03:30:00+00",
            "2026-11-24T03:30:00ZZ",
            "2026-11-24T03:30:00+01:00Z",
            "2026-11-24T03:30:00é0:00",
            "2026-11-24T24:00:01Z",
            "2026-11-24T24:00:00.1Z",
            "2026-11-24T24:00:00.Z",
            "2026-12-31T23:59:60Z",
            "2026-06-30T23:59:60.5Z",
            "2026-11-24T25:00:00Z",
            "2026-13-24T03:30:00Z",
            "2026-02-29T03:30:00Z",
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
