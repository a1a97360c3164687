//! Points in time: seconds since 1970, read from SAML's `xs:dateTime`.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::error::Refusal;

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
    fn moves_without_overflow() {
        assert_eq!(UnixTime(i64::MAX).plus(1), UnixTime(i64::MAX));
        assert_eq!(UnixTime(i64::MIN).plus(-1), UnixTime(i64::MIN));
    }
}
