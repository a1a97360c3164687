//! A signing certificate in words.

use saml_verify::dsig::Certificate;
use saml_verify::time::UnixTime;

use crate::encoding::hex;

const DAY: i64 = 24 * 60 * 60;

/// Days before its expiry from which a certificate has a notice, and from which it is urgent.
const NOTICE_DAYS: i64 = 60;
const URGENT_DAYS: i64 = 30;

/// A signing certificate, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CertificateLine {
    /// SHA-256 of the DER, in pairs of hexadecimal digits as IdPs show it.
    pub(crate) fingerprint: String,
    pub(crate) subject: String,
    pub(crate) validity: String,
    /// Whether action is needed soon.
    pub(crate) is_urgent: bool,
}

impl CertificateLine {
    pub(crate) fn of(certificate: &Certificate, now: UnixTime) -> Self {
        let (validity, is_urgent) = validity(certificate, now);
        Self {
            fingerprint: pairs(certificate.fingerprint()),
            subject: certificate.subject().to_owned(),
            validity,
            is_urgent,
        }
    }
}

fn pairs(octets: &[u8]) -> String {
    octets.iter().map(|octet| hex(&[*octet]).to_uppercase()).collect::<Vec<_>>().join(":")
}

/// What to do about an IdP's last certificate; `None` if it expires after more than
/// [`NOTICE_DAYS`].
pub(crate) fn what_to_do(
    certificate: &Certificate,
    is_only: bool,
    now: UnixTime,
) -> Option<String> {
    let end = date(certificate.not_after());
    let it = if is_only { "The signing certificate" } else { "The last signing certificate" };
    if now > certificate.not_after() {
        return Some(format!(
            "{it} expired on {end}. Sign-ins go on until the identity \
             provider changes its key: save its new metadata here before it does."
        ));
    }
    // On its last day, a certificate expires within 1 day.
    let left = now.days_until(certificate.not_after()).max(1);
    let within = in_days(left);
    (left <= NOTICE_DAYS).then(|| {
        format!(
            "{it} expires within {within}, on {end}. Make a new one at \
             the identity provider, and save its new metadata here before it is used: sign-ins \
             would stop."
        )
    })
}

/// The validity in words, and whether it is urgent. The dates only warn: a key is trusted as long
/// as the metadata lists it.
fn validity(certificate: &Certificate, now: UnixTime) -> (String, bool) {
    let (begin, end) = (date(certificate.not_before()), date(certificate.not_after()));
    if now < certificate.not_before() {
        return (format!("not valid before {begin}; until {end}"), false);
    }
    let left = now.days_until(certificate.not_after()).max(1);
    if now > certificate.not_after() {
        let ago = in_days(days(certificate.not_after(), now));
        let words = format!(
            "expired {ago} ago, on {end}; sign-ins go on until the identity provider changes its \
             key"
        );
        return (words, true);
    }
    let words = match left {
        ..=NOTICE_DAYS => format!("expires within {}, on {end}", in_days(left)),
        _ => format!("valid until {end}"),
    };
    (words, left <= URGENT_DAYS)
}

/// Whole days that have passed.
const fn days(earlier: UnixTime, later: UnixTime) -> i64 {
    later.seconds().saturating_sub(earlier.seconds()) / DAY
}

fn in_days(days: i64) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// The minute in UTC, as `2026-11-24 14:05 UTC`.
pub(crate) fn moment(time: UnixTime) -> String {
    let text = time.to_xml().unwrap_or_default();
    let minute: String = text.chars().take(16).collect();
    format!("{} UTC", minute.replace('T', " "))
}

/// The day in UTC, as `2026-11-24`.
fn date(time: UnixTime) -> String {
    time.to_xml()
        .map_or_else(|| "an unknown day".to_owned(), |text| text.chars().take(10).collect())
}
