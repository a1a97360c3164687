//! Certificates that expire.

use saml_verify::dsig::Certificate;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::encoding::hex;

pub(crate) const DAY: i64 = 24 * 60 * 60;

/// How many days ahead it is told, each time once.
pub(crate) const NOTICE_DAYS: [i64; 4] = [1, 7, 30, 60];

/// For how many days afterwards it is told that a certificate has expired, where no round came in time:
/// who stores one that is older still has been shown that, and sign-ins go on.
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
    /// Of how many certificates of an account it is remembered what was told: as many as there are
    /// versions of its metadata to bring back.
    pub const KEPT: i64 = 20;

    /// What there is to tell at `now` of an IdP's certificates. Of several it is the last to expire that
    /// counts: when one before it does, sign-ins go on without anybody's doing.
    pub(crate) fn of(idp: &IdpMetadata, now: UnixTime) -> Option<Self> {
        let certificate = idp.last_certificate()?;
        Some(Self {
            certificate: hex(certificate.fingerprint()),
            not_after: certificate.not_after().seconds(),
            days: notice(certificate, now)?,
        })
    }

    pub(crate) const fn action(&self) -> &'static str {
        if self.is_past() { "certificate.expired" } else { "certificate.expiring" }
    }

    pub(crate) const fn is_past(&self) -> bool {
        self.days == 0
    }
}

pub(crate) fn notice(certificate: &Certificate, now: UnixTime) -> Option<i64> {
    let left = certificate.not_after().seconds().saturating_sub(now.seconds());
    match left {
        0.. => NOTICE_DAYS.into_iter().find(|days| left <= days * DAY),
        _ => (left >= -PAST_DAYS * DAY).then_some(0),
    }
}
