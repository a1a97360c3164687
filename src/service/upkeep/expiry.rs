//! Tells of a signing certificate that is about to expire, while there is time to replace it.

use saml_verify::dsig::Certificate;
use saml_verify::encoding::hex;
use saml_verify::saml::IdpMetadata;
use saml_verify::time::UnixTime;
use serde::{Deserialize, Serialize};

use crate::service::account::AccountId;
use crate::service::audit;
use crate::service::config::Config;
use crate::service::context::{Platform, Service};
use crate::service::error::Fault;
use crate::service::ledger::Ledger;
use crate::service::log::Event as Line;
use crate::service::store::{Accounts, Kind};

const DAY: i64 = 24 * 60 * 60;

/// How many days ahead it is told, each time once.
const NOTICE_DAYS: [i64; 4] = [1, 7, 30, 60];

/// For how many days afterwards it is told that a certificate has expired, where no round came in time:
/// who stores one that is older still has been shown that, and sign-ins go on.
const PAST_DAYS: i64 = 30;

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

    const fn is_past(&self) -> bool {
        self.days == 0
    }
}

fn notice(certificate: &Certificate, now: UnixTime) -> Option<i64> {
    let left = certificate.not_after().seconds().saturating_sub(now.seconds());
    match left {
        0.. => NOTICE_DAYS.into_iter().find(|days| left <= days * DAY),
        _ => (left >= -PAST_DAYS * DAY).then_some(0),
    }
}

/// Writes down that the certificate of the account's IdP expires, where that is to be told and was
/// not. Returns the log's line of it.
pub(super) async fn tell_of_expiry(
    cx: &Service<'_, impl Platform>,
    account: &AccountId,
    reference: &str,
    now: UnixTime,
) -> Result<Option<String>, Fault> {
    let Some(xml) = cx.accounts.text(account, Kind::Metadata).await? else {
        return Ok(None);
    };
    // Not from the cache: a round would leave nothing in it of those who sign in. What cannot be
    // read is told at every login.
    let idp = IdpMetadata::parse(&xml).ok();
    let Some(expiry) = idp.and_then(|idp| Expiry::of(&idp, now)) else { return Ok(None) };
    let noted = audit::noted_expiry(cx, account, &expiry, reference, now);
    if !cx.ledger.note_expiry(account, &expiry, &noted).await? {
        return Ok(None);
    }
    let (event, detail) = if expiry.is_past() {
        ("certificate_expired", "the last signing certificate has expired".to_owned())
    } else {
        let days = expiry.days;
        ("certificate_expiring", format!("the last signing certificate expires within {days} d"))
    };
    Ok(Line::expiry(event, detail, account, reference).line())
}

/// The log's line for our own certificate, where it expires within 60 days or has expired. It is no
/// account's, so nobody keeps whether that was told: each round says it.
pub fn own_certificate(config: &Config, now: UnixTime) -> Option<String> {
    #[derive(Serialize)]
    struct Line {
        event: &'static str,
        not_after: Option<String>,
    }
    let certificate = Certificate::from_der(config.sp_keys().first()?.certificate()?).ok()?;
    let end = certificate.not_after();
    let line = Line { event: "sp_certificate_expiring", not_after: end.to_xml() };
    (end <= now.plus(60 * DAY)).then(|| serde_json::to_string(&line).ok()).flatten()
}
