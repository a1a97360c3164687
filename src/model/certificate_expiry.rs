//! When it is told that a certificate expires.

use saml_verify::dsig::Certificate;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::encoding::hex;

pub(crate) const DAY: i64 = 24 * 60 * 60;

/// How many days ahead notice is given, once each.
pub(crate) const NOTICE_DAYS: [i64; 4] = [1, 7, 30, 60];

/// For how many days after its end notice is given of a certificate, in case no round came in time.
/// An administrator who stores an older certificate has been shown that, and sign-ins go on.
pub(crate) const PAST_DAYS: i64 = 30;

/// That a certificate expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// SHA-256 of it, in hexadecimal digits.
    pub certificate: String,
    /// Its last second, in Unix seconds.
    pub not_after: i64,
    /// Within how many days: 60, 30, 7 or 1; 0 where it has expired.
    pub days: i64,
}

impl Expiry {
    /// The notice to give at `now` of an IdP's certificates. Of several, the last to expire counts:
    /// when one before it does, sign-ins go on.
    pub(crate) fn of(idp: &IdpMetadata, now: UnixTime) -> Option<Self> {
        let certificate = idp.last_certificate()?;
        Some(Self {
            certificate: hex(certificate.fingerprint()),
            not_after: certificate.not_after().seconds(),
            days: notice(certificate, now)?,
        })
    }

    /// Whether the certificate has expired.
    pub(crate) const fn is_past(&self) -> bool {
        self.days == 0
    }
}

/// Within how many days `certificate` expires, in steps of [`NOTICE_DAYS`]; 0 where it has expired.
pub(crate) fn notice(certificate: &Certificate, now: UnixTime) -> Option<i64> {
    let left = certificate.not_after().seconds().saturating_sub(now.seconds());
    match left {
        0.. => NOTICE_DAYS.into_iter().find(|days| left <= days * DAY),
        _ => (left >= -PAST_DAYS * DAY).then_some(0),
    }
}
